import { describe, expect, it } from '@jest/globals';
import { withCircuitBreaker, withRetry } from '@switchgear/core';
import { flaky, rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

const guard = withRetry({}, { clock: new JumpingClock() });

describe('the function that withRetry returns', () => {
  it('has the name and the length of the one it retries', () => {
    const guarded = guard(async function lookup(address: string, zoom: number) {
      return address + String(zoom);
    });
    expect([guarded.name, guarded.length]).toEqual(['lookup', 2]);
  });

  it('has the this of its call at every attempt', async () => {
    class Account {
      tries = 0;
    }
    const load = guard(async function (this: Account) {
      if (++this.tries < 3) throw new Error('down');
      return this.tries;
    });
    const [one, other] = [new Account(), new Account()];
    expect(await load.call(one)).toBe(3);
    expect([one.tries, other.tries]).toEqual([3, 0]);
  });

  it('retries what is thrown before there is a promise, and rejects with it', async () => {
    let calls = 0;
    const load = guard((id: number): Promise<number> => {
      calls++;
      if (id < 0) throw new Error('no such id');
      return Promise.resolve(id);
    });
    expect(await rejectionOf(load(-1))).toMatchObject({ message: 'no such id' });
    expect(calls).toBe(4);
  });

  it('adopts a thenable as a promise', async () => {
    const query = (text: string): PromiseLike<string> => ({
      then: (onValue, onError) => Promise.resolve(text).then(onValue, onError),
    });
    expect(guard(query)('rows')).toBeInstanceOf(Promise);
    expect(await guard(query)('rows')).toBe('rows');
  });

  it('makes a promise of what a sync function returns, for between attempts it has to wait', async () => {
    const parse = guard((text: string) => Number(text));
    expect(await parse('7')).toBe(7);
  });

  it.each([
    [
      'an async generator',
      async function* lines() {
        yield 1;
      },
    ],
    [
      'a generator',
      function* lines() {
        yield 1;
      },
    ],
    [
      'a guarded generator',
      withCircuitBreaker()(async function* lines() {
        yield 1;
      }),
    ],
  ])('is none for %s: the stream has not begun when it returns', (_, lines) => {
    expect(() => guard(lines as never)).toThrow(
      new TypeError('lines cannot be retried, for it returns a stream; retry what makes it'),
    );
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    ['lookup', '"lookup"'],
    [{}, '{}'],
  ])('is none for what is no function: %p', (given, shown) => {
    for (const retrying of [withRetry({}), withRetry()]) {
      expect(() => retrying(given as never)).toThrow(
        new TypeError(`withRetry: expected a function, received ${shown}`),
      );
    }
  });

  it('may be retried itself', async () => {
    const once = withRetry({ maxRetries: 1 }, { clock: new JumpingClock() });
    const { attempt, made } = flaky(Infinity);
    await rejectionOf(once(once(attempt))());
    expect(made()).toBe(4);
  });
});
