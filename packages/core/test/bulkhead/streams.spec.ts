import { describe, expect, it } from '@jest/globals';
import { Bulkhead, withBulkhead } from '@switchgear/core';
import type { Observable } from 'rxjs';
import { lastValueFrom, of, Subject } from 'rxjs';
import { turns } from '../support/pending-calls.js';

async function* numbers(): AsyncGenerator<number> {
  yield 1;
  yield 2;
}

describe('a stream', () => {
  it('holds its permit from the first item that is asked for to its end', async () => {
    const bulkhead = new Bulkhead(1);
    const stream = bulkhead.wrap(numbers)();
    expect(bulkhead.snapshot().running).toBe(0);
    await stream.next();
    expect(bulkhead.snapshot().running).toBe(1);
    await expect(bulkhead.wrap(numbers)().next()).rejects.toThrow('full');
    await stream.next();
    await stream.next();
    expect(bulkhead.snapshot().running).toBe(0);
  });

  it('gives its permit back when its reader leaves', async () => {
    const bulkhead = new Bulkhead(1);
    for await (const item of bulkhead.wrap(numbers)()) if (item === 1) break;
    expect(bulkhead.snapshot().running).toBe(0);
  });

  it('waits for its permit where there is a queue, and needs none if its reader leaves before', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 2 });
    const first = bulkhead.wrap(numbers)();
    await first.next();
    const second = bulkhead.wrap(numbers)();
    const item = second.next();
    const third = bulkhead.wrap(numbers)();
    void third.next();
    await third.return(undefined);
    await first.return(undefined);
    expect(await item).toEqual({ done: false, value: 1 });
    await second.return(undefined);
    await turns();
    expect(bulkhead.snapshot()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('of a sync generator holds its permit too, and cannot wait', () => {
    const sync = function* (): Generator<number> {
      yield 1;
    };
    const guarded = withBulkhead(1)(sync);
    const stream = guarded();
    stream.next();
    expect(() => guarded().next()).toThrow('full');
    stream.next();
    expect(guarded().next().value).toBe(1);
    expect(() => withBulkhead({ maxQueue: 1 })(sync)).toThrow('sync generator');
  });
});

describe('an Observable', () => {
  it('holds a permit for each subscription, until it completes or its subscriber leaves', () => {
    const source = new Subject<number>();
    const bulkhead = withBulkhead(1);
    const watch = bulkhead((): Observable<number> => source);
    const errors: unknown[] = [];
    const one = watch().subscribe();
    watch().subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toMatchObject([{ code: 'ERR_BULKHEAD_FULL' }]);
    one.unsubscribe();
    watch().subscribe({ error: (error: unknown) => errors.push(error) });
    source.complete();
    expect(errors).toHaveLength(1);
  });

  it('waits for its permit where there is a queue', async () => {
    const bulkhead = withBulkhead({ maxConcurrent: 1, maxQueue: 1 });
    const source = new Subject<number>();
    const seven = bulkhead(() => of(7));
    // From its first call on the function is known to return Observables.
    seven();
    const busy = bulkhead((): Observable<number> => source)().subscribe();
    const value = lastValueFrom(seven());
    busy.unsubscribe();
    expect(await value).toBe(7);
  });
});
