import { describe, expect, it } from '@jest/globals';
import { firstValueFrom, NEVER, Observable, of, Subject } from 'rxjs';
import { execution, isTimeoutError, withTimeout } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { rejectionOf, turns } from '../support/attempts-to-make.js';

const never = () => new Promise<never>(() => {});

function on(clock = new ManualClock()) {
  return { clock, timed: withTimeout('1s', { clock }) };
}

describe('an async generator with a timeout', () => {
  it('has the time for its first item, and as much as it takes for others', async () => {
    const { clock, timed } = on();
    const read = timed(async function* () {
      yield 'first';
      await clock.sleep(5_000);
      yield 'second';
    });
    const stream = read();
    expect(await stream.next()).toEqual({ done: false, value: 'first' });
    const second = stream.next();
    await turns();
    clock.advance(5_000);
    expect(await second).toEqual({ done: false, value: 'second' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(clock.sleeping).toBe(0);
  });

  it('counts from the first next()', async () => {
    const { clock, timed } = on();
    const stream = timed(async function* () {
      yield 'first';
    })();
    clock.advance(5_000);
    await turns();
    expect(await stream.next()).toEqual({ done: false, value: 'first' });
  });

  it('rejects all that wait for the first item, and is over then', async () => {
    const { clock, timed } = on();
    const stream = timed(async function* () {
      yield await never();
    })();
    const errors = [rejectionOf(stream.next()), rejectionOf(stream.next())];
    clock.advance(1_000);
    expect((await Promise.all(errors)).map(isTimeoutError)).toEqual([true, true]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(await stream.return(undefined)).toEqual({ done: true, value: undefined });
  });

  it('aborts execution().signal, which is the same in each step', async () => {
    const { clock, timed } = on();
    let signal: AbortSignal | undefined;
    const stream = timed(async function* () {
      ({ signal } = execution());
      yield await never();
    })();
    const error = rejectionOf(stream.next());
    clock.advance(1_000);
    const reason = await error;
    expect(signal?.reason).toBe(reason);
  });

  it('passes on what fails in time, and what its reader throws in', async () => {
    const { timed } = on();
    const error = new Error('down');
    const failing = timed(async function* () {
      yield await Promise.reject<string>(error);
    })();
    expect(await rejectionOf(failing.next())).toBe(error);
    const read = timed(async function* () {
      yield 'first';
    })();
    await read.next();
    expect(await rejectionOf(read.throw(error))).toBe(error);
  });
});

describe('an Observable with a timeout', () => {
  it('has the time for its first item, in each subscription', async () => {
    const { clock, timed } = on();
    const source = new Subject<number>();
    const watch = timed(() => source.asObservable());
    const items: unknown[] = [];
    const watched = watch();
    for (const name of ['a', 'b'])
      watched.subscribe({ next: (item) => items.push(name, item), error: String });
    source.next(1);
    clock.advance(5_000);
    await turns();
    source.next(2);
    expect(items).toEqual(['a', 1, 'b', 1, 'a', 2, 'b', 2]);
    expect(clock.sleeping).toBe(0);
  });

  it('is an error to its subscriber when the time is over, and leaves its source', async () => {
    const { clock, timed } = on();
    let isLeft = false;
    const watch = timed(() => new Observable<number>(() => () => (isLeft = true)));
    const errors: unknown[] = [];
    watch().subscribe({ error: (error) => errors.push(error) });
    clock.advance(1_000);
    await turns();
    expect([errors.map(isTimeoutError), isLeft]).toEqual([[true], true]);
  });

  it('counts nothing after its subscriber has left, and nothing before there is one', async () => {
    const { clock, timed } = on();
    const watch = timed(() => NEVER);
    watch();
    expect(clock.sleeping).toBe(0);
    watch().subscribe().unsubscribe();
    expect(clock.sleeping).toBe(0);
  });

  it('gives items that are there at once', async () => {
    const { timed } = on();
    expect(await firstValueFrom(timed(() => of(7))())).toBe(7);
  });
});
