import { describe, expect, it } from '@jest/globals';
import {
  execution,
  failureOf,
  fromErrorRecord,
  isTimeoutError,
  TimeoutError,
  toErrorRecord,
  withCircuitBreaker,
  withRetry,
  withTimeout,
} from '@switchgear/core';
import { stackOf } from '@switchgear/core/kit';
import { ManualClock } from '@switchgear/core/testing';
import { rejectionOf, turns } from '../support/attempts-to-make.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';

const never = () => new Promise<never>(() => {});

function on(clock = new ManualClock()) {
  return { clock, timed: withTimeout('1s', { clock }) };
}

describe('a call with a timeout', () => {
  it('returns what the function returns in time', async () => {
    const { timed } = on();
    expect(await timed(async (a: number, b: number) => a - b)(5, 3)).toBe(2);
  });

  it('rejects with what the function rejects with or throws in time', async () => {
    const { timed } = on();
    const error = new Error('down');
    expect(await rejectionOf(timed(async () => Promise.reject(error))())).toBe(error);
    const throwing = timed((): Promise<never> => {
      throw error;
    });
    expect(await rejectionOf(throwing())).toBe(error);
  });

  it('rejects with a TimeoutError when its time is over, and not before', async () => {
    const { clock, timed } = on();
    let error: unknown;
    timed(never)().catch((thrown: unknown) => (error = thrown));
    clock.advance(999);
    await turns();
    expect(error).toBeUndefined();
    clock.advance(1);
    await turns();
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      name: 'TimeoutError',
      code: 'ERR_TIMEOUT',
      timeout: 1_000,
      hadSignal: false,
    });
  });

  it('names the function, and says that its work goes on if it did not take the signal', async () => {
    const { clock, timed } = on();
    const calls = [
      timed(async function lookup() {
        return never();
      })(),
      timed(async function lookup() {
        execution().signal.throwIfAborted();
        return never();
      })(),
    ].map(rejectionOf);
    clock.advance(1_000);
    expect((await Promise.all(calls)).map(String)).toEqual([
      'TimeoutError: lookup took longer than 1s; its work goes on, for it did not take execution().signal',
      'TimeoutError: lookup took longer than 1s',
    ]);
  });

  it('drops what the function returns or rejects with afterwards', async () => {
    const { clock, timed } = on();
    const settle: ((how: 'resolve' | 'reject') => void)[] = [];
    const late = timed(
      () =>
        new Promise<string>((resolve, reject) =>
          settle.push((how) => (how === 'resolve' ? resolve('late') : reject(new Error('late')))),
        ),
    );
    const errors = [rejectionOf(late()), rejectionOf(late())];
    clock.advance(1_000);
    await turns();
    settle[0]('resolve');
    settle[1]('reject');
    await turns();
    expect((await Promise.all(errors)).map(isTimeoutError)).toEqual([true, true]);
  });

  it('lets an answer win that is there at the turn of the timeout', async () => {
    const { clock, timed } = on();
    const answer = timed(() => clock.sleep(1_000).then(() => 'in time'))();
    clock.advance(1_000);
    expect(await answer).toBe('in time');
  });

  it('keeps its this, name and length', async () => {
    const { timed } = on();
    const guarded = timed(async function load(this: { readonly id: number }, suffix: string) {
      return `${this.id}${suffix}`;
    });
    expect([await guarded.call({ id: 7 }, '!'), guarded.name, guarded.length]).toEqual(['7!', 'load', 1]);
  });

  it('makes a promise of what a sync function returns or throws', async () => {
    const { timed } = on();
    expect(await timed(() => 7)()).toBe(7);
    const error = new Error('sync');
    expect(
      await rejectionOf(
        timed((): number => {
          throw error;
        })(),
      ),
    ).toBe(error);
  });

  it('hears a thenable that calls back twice once', async () => {
    const { clock, timed } = on();
    const twice = {
      then(resolve: (value: string) => void) {
        resolve('first');
        resolve('second');
      },
    };
    expect(await timed(() => twice as PromiseLike<string>)()).toBe('first');
    expect(clock.sleeping).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const { clock, timed } = on();
    await timed(async () => {})();
    await rejectionOf(timed(async () => Promise.reject(new Error('down')))());
    expect(clock.sleeping).toBe(0);
  });

  it('ends a hundred thousand calls that time out at once', async () => {
    const { clock, timed } = on();
    const hang = timed(never);
    const calls = Array.from({ length: 100_000 }, () => hang().catch(isTimeoutError));
    clock.advance(1_000);
    expect((await Promise.all(calls)).every(Boolean)).toBe(true);
  });
});

describe('execution().signal under a timeout', () => {
  it('aborts with the TimeoutError that the call rejects with', async () => {
    const { clock, timed } = on();
    let signal: AbortSignal | undefined;
    const error = rejectionOf(
      timed(() => {
        ({ signal } = execution());
        return never();
      })(),
    );
    clock.advance(1_000);
    const reason = await error;
    expect(signal?.reason).toBe(reason);
  });

  it('has aborted where it is first read when the time is over', async () => {
    const { clock, timed } = on();
    let own: { readonly signal: AbortSignal } | undefined;
    const error = rejectionOf(
      timed(() => {
        own = execution();
        return never();
      })(),
    );
    clock.advance(1_000);
    const reason = await error;
    expect(own?.signal.reason).toBe(reason);
  });

  it('does not abort after a call that ended in time', async () => {
    const { clock, timed } = on();
    const signal = await timed(async () => execution().signal)();
    clock.advance(5_000);
    await turns();
    expect(signal.aborted).toBe(false);
  });

  it("aborts by the caller's signal as well", async () => {
    const { timed } = on();
    const stop = new AbortController();
    const load: (signal: AbortSignal) => Promise<unknown> = timed(async () => {
      const { signal } = execution();
      stop.abort('enough');
      return signal.reason as unknown;
    });
    expect(await load(stop.signal)).toBe('enough');
  });
});

describe('a TimeoutError', () => {
  const error = new TimeoutError({ what: 'lookup', timeout: 5_000, hadSignal: true });

  it('is a timeout that another attempt may mend', () => {
    expect(failureOf(error)).toMatchObject({ kind: 'timeout', transient: true });
  });

  it('crosses threads as itself', () => {
    const copy = fromErrorRecord(structuredClone(toErrorRecord(error)));
    expect(copy).toBeInstanceOf(TimeoutError);
    expect(copy).toMatchObject({ message: error.message, timeout: 5_000, hadSignal: true });
  });

  it('is retried by a retry around the timeout', async () => {
    const { clock, timed } = on();
    let made = 0;
    const load = withRetry(
      { delays: [0] },
      { clock },
    )(timed(() => (++made === 1 ? never() : Promise.resolve('ok'))));
    const result = load();
    clock.advance(1_000);
    expect(await result).toBe('ok');
  });

  it('is a failure to a circuit around the timeout', async () => {
    const { breaker, clock } = circuit({ failureThreshold: 1 });
    const error = rejectionOf(breaker.wrap(withTimeout('1s', { clock })(never))());
    clock.advance(1_000);
    await error;
    expect(breaker.state).toBe('open');
  });

  it('ends a retry inside of the timeout', async () => {
    const { clock, timed } = on();
    let made = 0;
    const load = timed(
      withRetry(
        { delays: [600], maxRetries: 9 },
        { clock },
      )(async () => {
        made++;
        throw new Error('down');
      }),
    );
    const error = rejectionOf(load());
    for (let i = 0; i < 20; i++) {
      await turns();
      clock.advance(200);
    }
    await turns();
    expect([isTimeoutError(await error), made]).toEqual([true, 2]);
  });
});

it('the stack of a function tells its timeout', () => {
  const guarded = withCircuitBreaker()(withTimeout('5s')(async () => {}));
  expect(stackOf(guarded).map(({ kind, written }) => [kind, written.policy])).toMatchObject([
    ['circuit-breaker', {}],
    ['timeout', { timeout: '5s' }],
  ]);
});
