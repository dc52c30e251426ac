import { isAsyncFunction } from '../../call/function-kind.js';
import { OptionReader } from '../../options/option-reader.js';
import { type CircuitBreakerPolicy } from './policy.js';
import { readSettings } from './read-policy.js';
import type { ReadPolicy } from './settings.js';

/** A policy for one circuit per key, where the arguments of a call say which. */
export interface KeyedCircuitBreakerPolicy<
  Self = never,
  Arguments extends readonly unknown[] = never[],
> extends Omit<CircuitBreakerPolicy, 'key'> {
  /** The name of the circuit that a call is guarded by; its `this` and arguments are those of the call. */
  readonly key: (this: Self, ...args: Arguments) => string;
  /**
   * How many circuits there may be at once. Default 1000. For a new one, one that nobody has used for a while makes
   * room, if it is closed or would let a probe through.
   */
  readonly maxCircuits?: number;
}

/** How a circuit is named where nothing is known of the function that names it. */
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
 * @throws PolicyError with everything that is wrong with it
 */
export function readKeyedPolicy(policy: object): ReadKeyedPolicy {
  const read = new OptionReader<KeyedCircuitBreakerPolicy>('CircuitBreakerPolicy', policy);
  const keyOf = (read.callback('key') ?? noKey) as KeyFunction;
  if (keyOf === noKey || isAsyncFunction(keyOf)) read.fault('key', 'a function that returns a text, at once');
  const maxCircuits = read.integer('maxCircuits', { default: CIRCUITS, min: 1, max: MAX_CIRCUITS });
  // All the rest is a policy like any other; the reader is asked for no other key.
  const rest = readSettings(read as unknown as OptionReader<CircuitBreakerPolicy>);
  return { keyOf, maxCircuits, ...rest };
}
