import { describe, expect, it } from '@jest/globals';
import {
  attemptsOf,
  execution,
  type Execution,
  isDeadlineError,
  retry,
  withDeadline,
  withRetry,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { rejectionOf, turns } from '../support/attempts-to-make.js';

const never = () => new Promise<never>(() => {});
const wallClock = () => 0;

function on(deadline: '1s' | '5s' = '1s', clock = new ManualClock()) {
  return { clock, bounded: withDeadline(deadline, { clock, wallClock }) };
}

describe('a retry inside of a deadline', () => {
  it('begins no wait that ends when the time is over', async () => {
    const { clock, bounded } = on();
    let made = 0;
    const down = new Error('down');
    const load = bounded(
      withRetry(
        { delays: ['400ms'], maxRetries: 9 },
        { clock },
      )(async () => {
        made++;
        throw down;
      }),
    );
    const error = rejectionOf(load());
    for (let i = 0; i < 3; i++) {
      await turns();
      clock.advance(400);
    }
    expect([await error, made, attemptsOf(down)?.gaveUp]).toEqual([down, 3, 'no-time-left']);
  });

  it('begins none that ends just then', async () => {
    const { clock, bounded } = on();
    const load = bounded(
      withRetry(
        { delays: ['1s'] },
        { clock },
      )(async () => {
        throw new Error('down');
      }),
    );
    expect(attemptsOf(await rejectionOf(load()))).toMatchObject({ count: 1, gaveUp: 'no-time-left' });
  });

  it('begins no attempt where the time is over already', async () => {
    const { clock, bounded } = on();
    let made = 0;
    const inner = withRetry()(async () => made++);
    const error = await rejectionOf(
      bounded(() => {
        clock.advance(1_000);
        return inner();
      })(),
    );
    expect([isDeadlineError(error), made]).toEqual([true, 0]);
  });

  it('makes later attempts that know of the deadline as well', async () => {
    const { clock, bounded } = on();
    const ends: unknown[] = [];
    const load = bounded(
      withRetry(
        { delays: ['100ms'] },
        { clock },
      )(async () => {
        ends.push(execution().deadline);
        if (ends.length < 2) throw new Error('down');
      }),
    );
    const result = load();
    await turns();
    clock.advance(100);
    await result;
    expect(ends).toEqual([1_000, 1_000]);
  });
});

describe('a guarded call inside of a call with a deadline', () => {
  const inner = (
    bounded: ReturnType<typeof on>['bounded'],
  ): ((...args: unknown[]) => Promise<number | undefined>) => bounded(async () => execution().deadline);

  it('has the earlier one of the two, if it begins before the first await', async () => {
    const clock = new ManualClock();
    const short = on('1s', clock).bounded;
    const long = on('5s', clock).bounded;
    expect(await short(async () => inner(long)())()).toBe(1_000);
    expect(await long(async () => inner(short)())()).toBe(1_000);
  });

  it('has its own alone if it begins later', async () => {
    const clock = new ManualClock();
    const load = on('1s', clock).bounded(async () => {
      await Promise.resolve();
      return inner(on('5s', clock).bounded)();
    });
    expect(await load()).toBe(5_000);
  });

  it.each([
    ['an argument', (own: Execution) => own],
    ['the property of one', (own: Execution) => ({ execution: own })],
  ])('inherits it from an execution that is handed on as %s', async (_, handedOn) => {
    const clock = new ManualClock();
    const load = on('1s', clock).bounded(async () => {
      const own = execution();
      await Promise.resolve();
      clock.advance(300);
      return inner(on('5s', clock).bounded)('url', handedOn(own));
    });
    expect(await load()).toBe(700);
  });

  it('ends by it, and says whose it was', async () => {
    const clock = new ManualClock();
    const errors: unknown[] = [];
    const load = on('1s', clock).bounded(async () => {
      const hang = on('5s', clock).bounded(async function hang() {
        return never();
      });
      await hang().catch((error: unknown) => errors.push(String(error)));
    });
    const outer = rejectionOf(load());
    clock.advance(1_000);
    await outer;
    await turns();
    expect(errors).toEqual([
      'DeadlineError: hang was not done within its deadline of 1s, which a deadline around it had left',
    ]);
  });

  it('has a signal that aborts by it without a deadline of its own', async () => {
    const { clock, bounded } = on();
    let signal: AbortSignal | undefined;
    const error = rejectionOf(
      bounded(() =>
        withRetry()(() => {
          ({ signal } = execution());
          return never();
        })(),
      )(),
    );
    clock.advance(1_000);
    const reason = await error;
    expect(signal?.reason).toBe(reason);
  });

  it('inherits it by the execution that retry hands to its function', async () => {
    const { bounded } = on();
    expect(await bounded(() => retry(async ({ deadline }) => deadline))()).toBe(1_000);
  });
});
