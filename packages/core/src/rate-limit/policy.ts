import { isAsyncFunction } from '../call/function-kind.js';
import { OptionReader } from '../options/option-reader.js';
import { fingerprintOf } from '../panel/fingerprint.js';
import { readKey } from '../panel/record-key.js';
import { type Duration, YEAR_MS } from '../time/duration.js';
import type { Rate } from './gcra.js';

/** How many calls may begin in a time. */
export interface RateLimitPolicy<Arguments extends readonly unknown[] = never[], Result = never> {
  /** The name that all methods, classes and threads share the limit by. Without one it belongs to what the policy guards. */
  readonly key?: string;
  /** How many units of cost may be taken in `per`, from 1 to 1,000,000,000. Required. */
  readonly limit: number;
  /** From 1 ms to a year. Default `'1s'`. */
  readonly per?: Duration;
  /** How many units may be taken at once after a pause. Default `limit`: then the first `per` takes up to 2 × `limit`. */
  readonly burst?: number;
  /** How long a call may wait for its slot. Default 0: a call that would have to wait is refused. */
  readonly maxWait?: Duration;
  /** The units that a call takes: a number of at least 0 and at most `burst`, or a function of the arguments. Default 1. */
  readonly cost?: number | ((...args: Arguments) => number);
  /** The units that a call has really taken, by its result. More than `cost` is a debt, less comes back. */
  readonly actualCost?: (result: Result) => number;
  /** Whether an error or a result that says when to come again holds calls until then. Default true. */
  readonly respectRetryAfter?: boolean;
  /** The longest such hold. Default `'1h'`. */
  readonly maxRetryAfter?: Duration;
  /** Whether a fleet shares the limit, once one is joined. Needs a key. Default false. */
  readonly fleet?: boolean;
}

/** What all that share a rate limit agree on. */
export interface RateLimitSettings {
  readonly limit: number;
  /** In ms, as the two below. */
  readonly per: number;
  readonly burst: number;
  readonly maxWait: number;
  readonly respectRetryAfter: boolean;
  readonly maxRetryAfter: number;
  readonly rate: Rate;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly fingerprint: number;
}

/** What calls take: it may differ between those that share a limit. */
export interface Costs {
  readonly cost: number | ((...args: readonly unknown[]) => unknown);
  readonly actualCost: ((result: unknown) => unknown) | undefined;
}

const MAX_LIMIT = 1_000_000_000;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/**
 * Reads a policy.
 *
 * @param policy a number is `limit`
 * @throws PolicyError with all its faults
 */
export function readRateLimitPolicy(policy: unknown): {
  readonly key: string | undefined;
  readonly settings: RateLimitSettings;
  readonly costs: Costs;
} {
  const given = typeof policy === 'number' ? { limit: policy } : policy;
  const read = new OptionReader<RateLimitPolicy>('RateLimitPolicy', given ?? {});
  const key = readKey(read);
  const limit = read.integer('limit', { required: true, min: 1, max: MAX_LIMIT });
  const per = read.duration('per', { default: SECOND_MS, min: 1, max: YEAR_MS });
  const burst = read.integer('burst', { default: limit, min: 1, max: MAX_LIMIT });
  const maxWait = read.duration('maxWait', { default: 0, max: YEAR_MS });
  const costs = readCosts(read, burst);
  const respectRetryAfter = read.boolean('respectRetryAfter', { default: true });
  const maxRetryAfter = read.duration('maxRetryAfter', { default: HOUR_MS, min: 1, max: YEAR_MS });
  if (!respectRetryAfter && read.raw('maxRetryAfter') !== undefined)
    read.fault('maxRetryAfter', 'nothing beside respectRetryAfter: false, which holds for no Retry-After');
  const fleet = read.boolean('fleet', { default: false });
  if (fleet && key === undefined) read.fault('fleet', 'nothing without a key, by which a fleet shares it');
  read.finish();
  const identity = Object.freeze({ limit, per, burst, maxWait, respectRetryAfter, maxRetryAfter, fleet });
  const rate = Object.freeze({ interval: per / limit, burst });
  const settings = { ...identity, rate, identity, fingerprint: fingerprintOf(identity) };
  return { key, settings: Object.freeze(settings), costs };
}

function readCosts(read: OptionReader<RateLimitPolicy>, burst: number): Costs {
  const cost = read.raw('cost');
  if (typeof cost === 'function') {
    if (isAsyncFunction(cost)) read.fault('cost', 'a function that returns a number, at once');
  } else if (cost !== undefined && !isCost(cost, burst)) {
    read.fault('cost', `a number from 0 to ${burst}, the burst, or a function that returns one`);
  }
  const actualCost = read.callback('actualCost');
  if (actualCost !== undefined && isAsyncFunction(actualCost))
    read.fault('actualCost', 'a function that returns a number, at once');
  return { cost: (cost ?? 1) as Costs['cost'], actualCost: actualCost as Costs['actualCost'] };
}

/** Whether a value can be the cost of a call. */
export function isCost(cost: unknown, burst: number): cost is number {
  return typeof cost === 'number' && cost >= 0 && cost <= burst;
}
