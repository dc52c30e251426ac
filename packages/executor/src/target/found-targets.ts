import type { Owner } from '../protocol/address.js';
import { registrations } from './registrations.js';
import type { FoundTarget } from './found-target.js';
import { targetFor } from './target.js';
import { assertOne } from './unambiguous.js';

/** Finds the targets of calls, those of equal calls once: there may be many calls, and each would compare addresses anew. */
export class FoundTargets {
  #byOwner = new WeakMap<Owner, Map<string | undefined, FoundTarget>>();
  /** The targets of which there is one. */
  #single = new WeakSet<FoundTarget>();
  #changes = registrations.changes;

  /**
   * @param method the name of a method; undefined for a function
   * @throws TargetError where workers cannot find it; the message says what to write
   */
  find(owner: Owner, method: string | undefined): FoundTarget {
    if (this.#changes !== registrations.changes) {
      this.#byOwner = new WeakMap();
      this.#single = new WeakSet();
      this.#changes = registrations.changes;
    }
    const known = this.#byOwner.get(owner)?.get(method);
    if (known !== undefined) return known;
    const found = targetFor(owner, method);
    const methods = this.#byOwner.get(owner) ?? new Map<string | undefined, FoundTarget>();
    this.#byOwner.set(owner, methods.set(method, found));
    return found;
  }

  /** @throws TargetError if a mark has registered more than one class or function at the target's address */
  assertOne(found: FoundTarget): void {
    if (this.#single.has(found)) return;
    assertOne(found.target);
    this.#single.add(found);
  }
}
