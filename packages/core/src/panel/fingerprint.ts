import { encodeText } from './text.js';
import { canonical } from './canonical.js';

/** A policy after it was read. */
export interface Identified {
  /** The data of the policy, and which functions it has. Policies with equal identities are the same. */
  readonly identity: Readonly<Record<string, unknown>>;
}

/** The names of the settings in which two policies differ. */
export function differences(one: Identified, other: Identified): readonly string[] {
  return Object.keys(one.identity).filter(
    (name) => canonical(one.identity[name]) !== canonical(other.identity[name]),
  );
}

/** A hash of the identity of a policy. */
export function fingerprintOf(identity: Identified['identity']): number {
  return encodeText(canonical(identity)).hash;
}

/** A hash of the source of a policy's functions. */
export function sourcesOf(functions: readonly unknown[]): number {
  return encodeText(functions.map(sourceOf).join('\n')).hash;
}

function sourceOf(functions: unknown): string {
  if (Array.isArray(functions)) return functions.map(sourceOf).join();
  return typeof functions === 'function' ? Function.prototype.toString.call(functions) : '';
}
