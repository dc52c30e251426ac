import { describe, expect, it } from '@jest/globals';
import { CircuitBreakerError, RefusalError } from '@switchgear/core';
import { markError } from '@switchgear/core/kit';
import { RecordedJob } from '../support/recorded-job.js';

/** A refusal by a policy that is no circuit. */
class FullError extends RefusalError {
  static {
    markError(this, { name: 'FullError', code: 'ERR_FULL', refusal: true });
  }
  readonly code = 'ERR_FULL';
  readonly policy = 'bulkhead';
  readonly key = 'geo';
  readonly retryAfter = undefined;
}

describe('the outcome of an item', () => {
  const statusOf = (error: unknown): unknown => {
    const record = new RecordedJob(['item']);
    const [item] = record.job.take(1);
    record.job.fail(item, error);
    return record.outcomes.get(0)?.status;
  };

  it.each([
    ['a circuit', new CircuitBreakerError({ circuit: 'geo', state: 'open', openedAt: 7, retryAfter: 5 })],
    ['any other policy', new FullError('the bulkhead is full')],
  ])('is refused where %s has refused it', (_what, error) => {
    expect(statusOf(error)).toBe('refused');
  });

  it.each([
    ['an error', new Error('down')],
    ['an error that only looks like a refusal', Object.assign(new Error('down'), { policy: 'circuit' })],
    ['undefined', undefined],
  ])('is failed where it threw %s', (_what, error) => {
    expect(statusOf(error)).toBe('failed');
  });
});
