import { isAsyncFunction } from '../../call/function-kind.js';
import { OptionReader } from '../../options/option-reader.js';
import { FOREIGN_NAMES } from './foreign-names.js';
import { type CircuitBreakerPolicy } from './policy.js';
import { readSettings } from './read-policy.js';
import type { ReadPolicy } from './settings.js';

/** A policy for one circuit for each key, where a function names the circuit of each call. */
export interface KeyedCircuitBreakerPolicy<
  Self = never,
  Arguments extends readonly unknown[] = never[],
> extends Omit<CircuitBreakerPolicy, 'key'> {
  /** Returns the name of a call's circuit. Its `this` and arguments are those of the call. */
  readonly key: (this: Self, ...args: Arguments) => string;
  /**
   * The number of circuits at once, in each thread. Default 1000. A new circuit evicts one that is idle, if that one is
   * closed or would admit a probe.
   */
  readonly maxCircuits?: number;
}

/** A key function of which no types are known. */
type KeyFunction = (this: unknown, ...args: readonly unknown[]) => unknown;

export interface ReadKeyedPolicy extends ReadPolicy {
  readonly keyOf: KeyFunction;
  readonly maxCircuits: number;
}

const CIRCUITS = 1_000;
const MAX_CIRCUITS = 1_000_000;

const noKey: KeyFunction = () => undefined;

/**
 * Reads a policy whose key is a function.
 *
 * @throws PolicyError with all its faults
 */
export function readKeyedPolicy(policy: object): ReadKeyedPolicy {
  const read = new OptionReader<KeyedCircuitBreakerPolicy>('CircuitBreakerPolicy', policy, {
    foreignNames: FOREIGN_NAMES,
  });
  const keyOf = (read.callback('key') ?? noKey) as KeyFunction;
  if (keyOf === noKey || isAsyncFunction(keyOf)) read.fault('key', 'a function that returns a text, at once');
  const maxCircuits = read.integer('maxCircuits', { default: CIRCUITS, min: 1, max: MAX_CIRCUITS });
  // The other fields are those of any policy. The cast is safe, because the key is not read again.
  const rest = readSettings(read as unknown as OptionReader<CircuitBreakerPolicy>);
  return { keyOf, maxCircuits, ...rest };
}
