import { describe, expect, it } from '@jest/globals';
import { Bulkhead, isBulkheadFullError, withBulkhead } from '@switchgear/core';
import { PendingCalls, turns } from '../support/pending-calls.js';

describe('a bulkhead', () => {
  it('lets 10 calls run at once where it is not told how many', async () => {
    const calls = new PendingCalls();
    const guarded = withBulkhead()(calls.begin);
    for (let i = 0; i < 10; i++) void guarded(i);
    await expect(guarded(10)).rejects.toMatchObject({ code: 'ERR_BULKHEAD_FULL', maxConcurrent: 10 });
    expect(calls.begun).toHaveLength(10);
    await calls.endAll();
  });

  it('takes a number as the calls that may run at once', async () => {
    const calls = new PendingCalls();
    const guarded = withBulkhead(1)(calls.begin);
    void guarded('first');
    await expect(guarded('second')).rejects.toThrow('1 call runs');
    await calls.end();
    void guarded('third');
    expect(calls.begun).toEqual(['first', 'third']);
    await calls.endAll();
  });

  it('has a permit again when a call fails, throws, or returns a thenable', async () => {
    const guarded = withBulkhead(1);
    const fail = guarded(async () => Promise.reject(new Error('down')));
    await expect(fail()).rejects.toThrow('down');
    const throws = guarded(() => {
      throw new Error('at once');
    });
    expect(() => throws()).toThrow('at once');
    expect(() => throws()).toThrow('at once');
    const thenable = guarded(() => ({ then: (resolve: (value: string) => void) => resolve('fine') }));
    expect(await thenable()).toBe('fine');
    expect(await thenable()).toBe('fine');
  });

  it('takes one outcome of a thenable that calls back twice', async () => {
    const bulkhead = new Bulkhead(1);
    const twice = (): PromiseLike<string> => ({
      then(resolve) {
        resolve?.('one');
        resolve?.('two');
        return this as never;
      },
    });
    expect(await bulkhead.call(twice)).toBe('one');
    expect(bulkhead.snapshot().running).toBe(0);
  });

  it('leaves a sync function sync, with its this, name and length', () => {
    class Geo {
      base = 40;
      add(n: number): number {
        return this.base + n;
      }
    }
    const { prototype } = Geo;
    const guarded = withBulkhead(1)(prototype.add);
    prototype.add = guarded;
    expect(new Geo().add(2)).toBe(42);
    expect([guarded.name, guarded.length]).toEqual(['add', 1]);
  });

  it('throws the refusal of a sync function, and rejects that of an async one', async () => {
    const bulkhead = withBulkhead(1);
    const inner = bulkhead(() => 1);
    const outer = bulkhead(() => inner());
    expect(outer).toThrow('full');
    const innerAsync = bulkhead(async () => 1);
    await expect(bulkhead(async () => innerAsync())()).rejects.toThrow('full');
  });

  it('says in its error what it is, in the same form for all refusals', async () => {
    const bulkhead = new Bulkhead({ key: 'permits-spec-full', maxConcurrent: 1 });
    const calls = new PendingCalls();
    void bulkhead.call(calls.begin);
    const error: unknown = await bulkhead.call(calls.begin).catch((reason: unknown) => reason);
    expect(isBulkheadFullError(error)).toBe(true);
    expect(error).toMatchObject({
      policy: 'bulkhead',
      key: 'permits-spec-full',
      reason: 'full',
      retryAfter: undefined,
      waited: 0,
      message: 'Bulkhead "permits-spec-full" is full: 1 call runs',
    });
    await calls.endAll();
  });

  it('is told apart from the failures of the function by tryCall', async () => {
    const bulkhead = new Bulkhead(1);
    const calls = new PendingCalls();
    const running = bulkhead.tryCall(calls.begin);
    expect(await bulkhead.tryCall(calls.begin)).toMatchObject({ status: 'refused' });
    await calls.end('fine');
    expect(await running).toEqual({ status: 'succeeded', value: 'fine' });
    const down = new Error('down');
    expect(await bulkhead.tryCall(async () => Promise.reject(down))).toEqual({
      status: 'failed',
      error: down,
    });
  });

  it('is one for all that share its key', async () => {
    const calls = new PendingCalls();
    const one = withBulkhead({ key: 'permits-spec-shared', maxConcurrent: 1 })(calls.begin);
    const other = new Bulkhead({ key: 'permits-spec-shared', maxConcurrent: 1 });
    void one();
    await turns();
    expect(other.snapshot()).toMatchObject({ running: 1, free: 0 });
    await expect(other.call(calls.begin)).rejects.toThrow('full');
    await calls.endAll();
  });

  it('shows how many calls run, and says what the next one may expect', async () => {
    const bulkhead = new Bulkhead({ key: 'permits-spec-shown', maxConcurrent: 2 });
    const calls = new PendingCalls();
    expect(bulkhead.explain()).toMatchObject({ admits: true, reason: 'free' });
    void bulkhead.call(calls.begin);
    void bulkhead.call(calls.begin);
    expect(bulkhead.snapshot()).toEqual({
      key: 'permits-spec-shown',
      maxConcurrent: 2,
      maxQueue: 0,
      running: 2,
      free: 0,
      waiting: 0,
    });
    expect(bulkhead.explain()).toEqual({
      admits: false,
      reason: 'full',
      text: 'Bulkhead "permits-spec-shown": 2 of 2 calls run, none may wait. The next call is refused.',
    });
    await calls.endAll();
    expect(bulkhead.snapshot()).toMatchObject({ running: 0, free: 2 });
  });
});
