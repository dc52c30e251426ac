import { describe, expect, it } from '@jest/globals';
import {
  DeadlineError,
  execution,
  failureOf,
  fromErrorRecord,
  isDeadlineError,
  toErrorRecord,
  withDeadline,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { rejectionOf, turns } from '../support/attempts-to-make.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';

const never = () => new Promise<never>(() => {});

function on(clock = new ManualClock()) {
  return { clock, bounded: withDeadline('1s', { clock, wallClock: () => 1_000_000 }) };
}

describe('a call with a deadline', () => {
  it('returns what the function returns in time, and leaves no timer behind', async () => {
    const { clock, bounded } = on();
    expect(await bounded(async (a: number, b: number) => a - b)(5, 3)).toBe(2);
    expect(await bounded(() => 7)()).toBe(7);
    expect(clock.sleeping).toBe(0);
  });

  it('rejects with a DeadlineError when its time is over, and not before', async () => {
    const { clock, bounded } = on();
    let error: unknown;
    bounded(async function load() {
      return never();
    })().catch((thrown: unknown) => (error = thrown));
    clock.advance(999);
    await turns();
    expect(error).toBeUndefined();
    clock.advance(1);
    await turns();
    expect(error).toMatchObject({
      name: 'DeadlineError',
      code: 'ERR_DEADLINE',
      message: 'load was not done within its deadline of 1s',
      deadline: 1_000,
      isInherited: false,
    });
  });

  it('aborts execution().signal with that error', async () => {
    const { clock, bounded } = on();
    let signal: AbortSignal | undefined;
    const error = rejectionOf(
      bounded(() => {
        ({ signal } = execution());
        return never();
      })(),
    );
    clock.advance(1_000);
    const reason = await error;
    expect(signal?.reason).toBe(reason);
  });

  it('tells its end by the wall clock', async () => {
    const { bounded } = on();
    expect(await bounded(async () => execution().deadline)()).toBe(1_001_000);
  });

  it('drops what the function rejects with afterwards', async () => {
    const { clock, bounded } = on();
    let fail = (): void => {};
    const error = rejectionOf(
      bounded(() => new Promise((_, reject) => (fail = () => reject(new Error('late')))))(),
    );
    clock.advance(1_000);
    await turns();
    fail();
    await turns();
    expect(isDeadlineError(await error)).toBe(true);
  });
});

describe('a DeadlineError', () => {
  const error = new DeadlineError({ what: 'load', deadline: 5_000, isInherited: false });

  it('is a timeout that no other attempt mends', () => {
    expect(failureOf(error)).toMatchObject({ kind: 'timeout', transient: false });
  });

  it('crosses threads as itself', () => {
    const copy = fromErrorRecord(structuredClone(toErrorRecord(error)));
    expect(copy).toBeInstanceOf(DeadlineError);
    expect(copy).toMatchObject({ message: error.message, deadline: 5_000 });
  });

  it('is a failure to a circuit around the deadline', async () => {
    const { breaker, clock } = circuit({ failureThreshold: 1 });
    const error = rejectionOf(breaker.wrap(withDeadline('1s', { clock })(never))());
    clock.advance(1_000);
    await error;
    expect(breaker.state).toBe('open');
  });

  it('is a failure to a circuit inside of the deadline whose call ends by it', async () => {
    const { breaker, clock } = circuit({ failureThreshold: 1 });
    const load = breaker.wrap(
      () =>
        new Promise((_, reject) => {
          const { signal } = execution();
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    );
    const error = rejectionOf(withDeadline('1s', { clock })(load)());
    clock.advance(1_000);
    await error;
    await turns();
    expect(breaker.state).toBe('open');
  });
});

describe('an async generator with a deadline', () => {
  it('has the time for all of it, and tells whoever asks next', async () => {
    const { clock, bounded } = on();
    const stream = bounded(async function* () {
      yield 'first';
      yield 'second';
    })();
    await stream.next();
    clock.advance(1_000);
    await turns();
    expect(isDeadlineError(await rejectionOf(stream.next()))).toBe(true);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('rejects the read that waits when the time is over', async () => {
    const { clock, bounded } = on();
    const stream = bounded(async function* () {
      yield 'first';
      yield await never();
    })();
    await stream.next();
    const error = rejectionOf(stream.next());
    clock.advance(1_000);
    expect(isDeadlineError(await error)).toBe(true);
  });

  it('leaves no timer behind when it ends, or its reader leaves', async () => {
    const { clock, bounded } = on();
    const read = bounded(async function* () {
      yield 'first';
    });
    for await (const item of read()) expect(item).toBe('first');
    for await (const item of read()) {
      expect(item).toBe('first');
      break;
    }
    expect(clock.sleeping).toBe(0);
  });
});

it.each([
  [undefined, 'deadline'],
  [{}, 'deadline'],
  ['soon', 'deadline'],
  [{ deadline: '5s', timeout: '1s' }, 'timeout'],
])('%j is no policy, and the message names the option', (policy, name) => {
  expect(() => withDeadline(policy as never)).toThrow(name);
});
