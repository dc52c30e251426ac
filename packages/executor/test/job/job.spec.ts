import { describe, expect, it } from '@jest/globals';
import { CircuitBreakerError, RefusalError } from '@switchgear/core';
import { markError } from '@switchgear/core/kit';
import { RecordedJob } from '../support/recorded-job.js';
import { range } from '../support/staff.js';

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

describe('the time that an item of a job takes', () => {
  const timeAfter = (...runs: readonly (readonly [items: number, elapsed: number])[]) => {
    const { job } = new RecordedJob([]);
    for (const [items, elapsed] of runs) job.measure(items, elapsed);
    return job.itemTime;
  };

  it('is unknown before any has run', () => {
    expect(timeAfter()).toBeUndefined();
  });

  it('is that of the first items, and then moves to that of the later ones', () => {
    expect([timeAfter([2, 20]), timeAfter([2, 20], [1, 20])]).toEqual([10, 13]);
  });

  it('does not change by a run of none', () => {
    expect(timeAfter([2, 20], [0, 5])).toBe(10);
  });
});

describe('what is left of a job', () => {
  it('is counted with what was given back, and is nothing once it has ended', () => {
    const { job } = new RecordedJob(range(5));
    const items = job.take(3);
    const before = job.left;
    job.giveBack(items.slice(1));
    const between = job.left;
    job.end(undefined);
    expect([before, between, job.left]).toEqual([2, 4, 0]);
  });

  it('is given out first where a worker has given it back', () => {
    const { job } = new RecordedJob(range(5));
    job.giveBack(job.take(2));
    expect(job.take(5).map(({ index }) => index)).toEqual([0, 1]);
  });

  it('is unknown of an iterable until that has no more', () => {
    const { job } = new RecordedJob(new Set(range(3)));
    job.take(2);
    const before = [job.left, job.total];
    job.take(2);
    expect([before, job.left, job.total]).toEqual([[undefined, undefined], 0, 3]);
  });

  it('goes no further ahead of its reader than it was allowed', () => {
    const { job } = new RecordedJob(range(5), {}, 2);
    const sizes = [job.take(4).length, job.isReady, job.take(4).length];
    job.allow(1);
    expect([sizes, job.take(4).length]).toEqual([[2, false, 0], 1]);
  });
});
