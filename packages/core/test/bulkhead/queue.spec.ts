import { describe, expect, it } from '@jest/globals';
import {
  Bulkhead,
  type BulkheadEvent,
  execution,
  isBulkheadFullError,
  pipeline,
  withBulkhead,
  withDeadline,
  withRetry,
  withTimeout,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { lastValueFrom, of } from 'rxjs';
import { PendingCalls, turns } from '../support/pending-calls.js';

describe('calls that wait', () => {
  it('begin in the order in which they came', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 10 });
    const calls = new PendingCalls();
    for (const name of ['a', 'b', 'c']) void bulkhead.call(calls.begin, name);
    expect(calls.begun).toEqual(['a']);
    await calls.end();
    void bulkhead.call(calls.begin, 'd');
    await calls.end();
    await calls.end();
    expect(calls.begun).toEqual(['a', 'b', 'c', 'd']);
    await calls.endAll();
  });

  it('are refused where the queue is full, and only there', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 2 });
    const calls = new PendingCalls();
    for (const name of ['a', 'b', 'c']) void bulkhead.call(calls.begin, name);
    expect(bulkhead.snapshot()).toMatchObject({ running: 1, waiting: 2 });
    await expect(bulkhead.call(calls.begin, 'd')).rejects.toThrow('1 call runs, and 2 wait');
    await calls.end();
    void bulkhead.call(calls.begin, 'e');
    await calls.endAll();
    expect(calls.begun).toEqual(['a', 'b', 'c', 'e']);
  });

  it('give the result of a sync function as a promise', async () => {
    const guarded = withBulkhead({ maxConcurrent: 1, maxQueue: 1 })((n: number) => n + 1);
    expect(await Promise.all([guarded(1), guarded(2)])).toEqual([2, 3]);
  });

  it('are refused when they have waited for too long, at that moment', async () => {
    const clock = new ManualClock();
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 9, queueTimeout: '1s' }, { clock });
    const calls = new PendingCalls();
    void bulkhead.call(calls.begin, 'a');
    const late: unknown[] = [];
    const hear = (error: unknown): void => void late.push(error);
    bulkhead.call(calls.begin, 'b').catch(hear);
    clock.advance(400);
    bulkhead.call(calls.begin, 'c').catch(hear);
    clock.advance(599);
    await turns();
    expect(late).toEqual([]);
    clock.advance(1);
    await turns();
    expect(late.map(isBulkheadFullError)).toEqual([true]);
    expect(late).toMatchObject([{ reason: 'queue-timeout', waited: 1_000 }]);
    await calls.end();
    clock.advance(10_000);
    await turns();
    expect(late).toHaveLength(1);
    expect(calls.begun).toEqual(['a', 'c']);
    await calls.endAll();
    expect(clock.sleeping).toBe(0);
  });

  it('leave when a signal among their arguments aborts, and reject with its reason', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 9 });
    const calls = new PendingCalls();
    const controller = new AbortController();
    void bulkhead.call(calls.begin, 'a');
    const left = bulkhead.call(calls.begin, { signal: controller.signal });
    void bulkhead.call(calls.begin, 'c');
    controller.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(bulkhead.snapshot().waiting).toBe(1);
    await calls.end();
    expect(calls.begun).toEqual(['a', 'c']);
    await calls.endAll();
  });

  it('do not begin to wait under a signal that has aborted', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 9 });
    const calls = new PendingCalls();
    void bulkhead.call(calls.begin, 'a');
    await expect(bulkhead.call(calls.begin, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(bulkhead.snapshot().waiting).toBe(0);
    await calls.endAll();
  });

  it('leave when the deadline around them is over, and their function is not called any more', async () => {
    const clock = new ManualClock();
    const calls = new PendingCalls();
    const limited = withBulkhead({ maxConcurrent: 1, maxQueue: 9 })(calls.begin);
    const load = withDeadline('1s', { clock })(limited);
    const outcomes = Promise.allSettled([load('a'), load('b'), limited('c')]);
    clock.advance(1_000);
    await new Promise(setImmediate);
    await calls.end();
    expect(calls.begun).toEqual(['a', 'c']);
    await calls.endAll();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('leave at once, all 100,000 of them', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 100_000 });
    const calls = new PendingCalls();
    const controller = new AbortController();
    void bulkhead.call(calls.begin, 'a');
    const left = Array.from({ length: 100_000 }, () => bulkhead.call(calls.begin, controller.signal));
    const outcomes = Promise.allSettled(left);
    expect(bulkhead.snapshot().waiting).toBe(100_000);
    const start = performance.now();
    controller.abort(new Error('gone'));
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(bulkhead.snapshot().waiting).toBe(0);
    expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
    await calls.endAll();
    expect(calls.begun).toEqual(['a']);
  });

  it('know the attempt that they are part of when they begin', async () => {
    const bulkhead = withBulkhead({ maxConcurrent: 1, maxQueue: 1 });
    const calls = new PendingCalls();
    void bulkhead(calls.begin)();
    const attempts: number[] = [];
    const guarded = withRetry()(
      bulkhead(async () => {
        attempts.push(execution().attempt);
      }),
    );
    const waiting = guarded();
    await calls.end();
    await waiting;
    expect(attempts).toEqual([1]);
  });

  it('are told of by events, and so are those that are refused', async () => {
    const bulkhead = new Bulkhead({ key: 'queue-spec-events', maxConcurrent: 1, maxQueue: 1 });
    const heard: BulkheadEvent[] = [];
    const unsubscribe = bulkhead.subscribe((event) => heard.push(event));
    const calls = new PendingCalls();
    void bulkhead.call(calls.begin);
    void bulkhead.call(calls.begin);
    await bulkhead.tryCall(calls.begin);
    expect(heard).toMatchObject([
      { type: 'queued', policy: 'bulkhead', key: 'queue-spec-events', waiting: 1 },
      { type: 'refusal', policy: 'bulkhead', key: 'queue-spec-events', reason: 'full' },
    ]);
    unsubscribe();
    await bulkhead.tryCall(calls.begin);
    expect(heard).toHaveLength(2);
    await calls.endAll();
  });
});

describe('a call that waits leaves the queue, and never runs', () => {
  const full = (): { bulkhead: Bulkhead; calls: PendingCalls } => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 9 });
    const calls = new PendingCalls();
    void bulkhead.call(calls.begin, 'first');
    return { bulkhead, calls };
  };

  it.each([
    ['deadline', withDeadline],
    ['timeout', withTimeout],
  ])('when the %s around it is over', async (_, bound) => {
    const clock = new ManualClock();
    const { bulkhead, calls } = full();
    const late = expect(bound('1s', { clock })(bulkhead.wrap(calls.begin))('late')).rejects.toThrow('1s');
    clock.advance(1_000);
    await late;
    expect(bulkhead.snapshot().waiting).toBe(0);
    await calls.endAll();
    expect(calls.begun).toEqual(['first']);
  });

  it('when the deadline of its pipeline is over', async () => {
    const clock = new ManualClock();
    const { bulkhead, calls } = full();
    const guarded = pipeline(withDeadline('1s', { clock }), withRetry(), withBulkhead(bulkhead))(calls.begin);
    const late = expect(guarded('late')).rejects.toThrow('1s');
    clock.advance(1_000);
    await late;
    expect(bulkhead.snapshot().waiting).toBe(0);
    await calls.endAll();
    expect(calls.begun).toEqual(['first']);
  });

  it('when the reader of its stream leaves', async () => {
    const { bulkhead, calls } = full();
    const stream = bulkhead.wrap(async function* () {
      yield 1;
    })();
    const item = stream.next();
    await stream.return(undefined);
    expect(await item).toEqual({ done: true, value: undefined });
    expect(bulkhead.snapshot().waiting).toBe(0);
    await calls.endAll();
    expect(bulkhead.snapshot().running).toBe(0);
  });

  it('when its subscriber leaves', async () => {
    const { bulkhead, calls } = full();
    const guarded = bulkhead.wrap(() => of(1));
    await calls.end();
    await lastValueFrom(guarded());
    void bulkhead.call(calls.begin, 'second');
    guarded().subscribe().unsubscribe();
    await turns();
    expect(bulkhead.snapshot().waiting).toBe(0);
    await calls.endAll();
    expect(bulkhead.snapshot().running).toBe(0);
  });
});
