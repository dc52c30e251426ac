import { fingerprintOf } from '../panel/fingerprint.js';
import { MAX_PERMITS } from '../panel/permit-line.js';
import { readKey } from '../panel/record-key.js';
import { OptionReader } from '../options/option-reader.js';
import { type Duration, YEAR_MS } from '../time/duration.js';

/** How many calls may run at once, and how many more may wait for one of these to end. */
export interface BulkheadPolicy {
  /** The name that all methods, classes and threads share the bulkhead by. Without one it belongs to what the policy guards. */
  readonly key?: string;
  /** How many calls run at once, in all threads together. From 1 to 1,000,000. Default 10. */
  readonly maxConcurrent?: number;
  /** How many calls wait at once, in all threads together. From 0 to 1,000,000. Default 0: a call is refused at once. */
  readonly maxQueue?: number;
  /** How long a call waits at most. Default: as long as it takes. Needs a queue. */
  readonly queueTimeout?: Duration;
}

/** A policy read and checked. */
export interface BulkheadSettings {
  readonly maxConcurrent: number;
  readonly maxQueue: number;
  /** In ms. */
  readonly queueTimeout: number | undefined;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly fingerprint: number;
}

const MAX_CONCURRENT = 10;

/**
 * Reads a policy.
 *
 * @param policy a number is `maxConcurrent`
 * @throws PolicyError with all its faults
 */
export function readBulkheadPolicy(policy: number | BulkheadPolicy = {}): {
  readonly key: string | undefined;
  readonly settings: BulkheadSettings;
} {
  const given = typeof policy === 'number' ? { maxConcurrent: policy } : policy;
  const read = new OptionReader<BulkheadPolicy>('BulkheadPolicy', given);
  const key = readKey(read);
  const maxConcurrent = read.integer('maxConcurrent', { default: MAX_CONCURRENT, min: 1, max: MAX_PERMITS });
  const maxQueue = read.integer('maxQueue', { default: 0, min: 0, max: MAX_PERMITS });
  const queueTimeout = read.duration('queueTimeout', { min: 1, max: YEAR_MS });
  if (queueTimeout !== undefined && maxQueue === 0 && !read.isFaulty('maxQueue'))
    read.fault('queueTimeout', 'nothing, unless maxQueue says how many calls may wait');
  read.finish();
  const identity = Object.freeze({ maxConcurrent, maxQueue, queueTimeout });
  return { key, settings: Object.freeze({ ...identity, identity, fingerprint: fingerprintOf(identity) }) };
}
