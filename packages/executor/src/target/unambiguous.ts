import { TargetError } from '../errors.js';
import type { Target } from '../protocol/address.js';
import { baseName } from './mark-site.js';
import { type Registration, registeredAt } from './registrations.js';

/** @throws TargetError if a mark has registered more than one class or function at the target's address in this thread */
export function assertOne({ address, name }: Pick<Target, 'address' | 'name'>): void {
  const there = registeredAt(address);
  if (there.length > 1) throw new TargetError(`${name}: ${ambiguity(there, address.module)}`);
}

function ambiguity(there: readonly Registration[], module: string): string {
  const [{ site, kind, options }] = there;
  const what = `${there.length} ${kind === 'class' ? 'classes' : 'functions'}`;
  if (site.wrappedBy.length > 0) {
    return (
      `${site.text} has marked a function that ${site.wrappedBy.at(-1)} wraps ${there.length} times, and a worker ` +
      'cannot tell the wrappers apart. Mark the outermost functions instead: parallel(withRetry()(…))'
    );
  }
  if (options.name !== undefined) {
    return `${what} of ${baseName(module)} have the name '${options.name}'. Give each a name of its own`;
  }
  const cure = kind === 'class' ? "@Parallel({ name: 'eu' })" : "parallel(…, { name: 'eu' })";
  return `${site.text} has marked ${what}, and a worker cannot tell them apart. Give each a name: ${cure}`;
}
