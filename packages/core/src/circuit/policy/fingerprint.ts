import { encodeText } from '../memory/text.js';
import { canonical } from './canonical.js';
import type { CircuitBreakerSettings } from './settings.js';

type Identity = Pick<CircuitBreakerSettings, 'identity'>;

/** The options of settings that have another name. */
const OPTIONS: Readonly<Record<string, string>> = {
  resetTimeouts: 'resetTimeout',
  permits: 'halfOpen.permits',
  permitTimeout: 'halfOpen.permitTimeout',
};

/** The names of the options in which two policies differ. */
export function differences({ identity: one }: Identity, { identity: other }: Identity): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names]
    .filter((name) => canonical(one[name]) !== canonical(other[name]))
    .map((name) => OPTIONS[name] ?? name);
}

/** A hash of the identity of a policy. */
export function fingerprintOf(identity: CircuitBreakerSettings['identity']): number {
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
