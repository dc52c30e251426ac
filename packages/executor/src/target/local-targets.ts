import { TargetError } from '../errors.js';
import type { Owner, Target } from '../protocol/address.js';
import { Instances } from './instances.js';
import { bindTarget, type FoundOwner, type LoadedTarget } from './loaded-target.js';
import { registrationOf } from './registrations.js';
import type { FoundTarget } from './found-target.js';
import { ThreadInstances } from './thread-instances.js';

/** The classes and functions that jobs use in this thread, and their instances: one for each class and its arguments. */
export class LocalTargets {
  readonly #numbers = new Instances();
  readonly #instances = new ThreadInstances();
  readonly #owners = new Map<number, Owner>();

  /** Remembers the class or function of a target. In this thread it is at hand and has not to be loaded. */
  remember({ owner, target }: FoundTarget): void {
    this.#owners.set(target.ownerNumber, owner);
  }

  /** @throws TargetError for a class or function that was not remembered */
  ownerOf({ ownerNumber, name }: Target): FoundOwner {
    const owner = this.#owners.get(ownerNumber);
    if (owner === undefined) throw new TargetError(`${name}: this thread does not know the class`);
    return registrationOf(owner) ?? { owner, options: {} };
  }

  /** @throws TargetError */
  get(target: Target, constructorArgs: readonly unknown[]): Promise<LoadedTarget> {
    const found = this.ownerOf(target);
    const number = this.#numbers.numberOf(found.owner, constructorArgs);
    return bindTarget(found, target, number, constructorArgs, this.#instances);
  }

  /** Disposes of the instances of the loops of this thread. */
  dispose(): Promise<void> {
    return this.#instances.dispose();
  }
}
