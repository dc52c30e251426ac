import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type Execution,
  execution,
  isNoExecutionError,
  isRetryable,
  NoExecutionError,
  retry,
  type RetryPolicy,
  withRetry,
} from '@switchgear/core';
import { rejectionOf, turns } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';
import { PolyfilledSignal } from '../support/polyfilled-signal.js';

afterEach(() => {
  jest.restoreAllMocks();
});

const retrying = (policy: RetryPolicy = {}) => withRetry(policy, { clock: new JumpingClock() });

/** Fails so often, and keeps the executions of its attempts. */
function keeping(failures: number) {
  const kept: Execution[] = [];
  const attempt: (...args: readonly unknown[]) => Promise<string> = async () => {
    kept.push(execution());
    if (kept.length <= failures) throw new Error('down');
    return 'ok';
  };
  return { kept, attempt };
}

describe('execution()', () => {
  it('knows the number of the attempt', async () => {
    const { kept, attempt } = keeping(2);
    await retrying()(attempt)();
    expect(kept.map(({ attempt: number }) => number)).toEqual([1, 2, 3]);
  });

  it('is the same object when it is asked twice in one attempt', async () => {
    const same = await retrying()(async () => execution() === execution())();
    expect(same).toBe(true);
  });

  it('is of another object in each call', async () => {
    const { kept, attempt } = keeping(0);
    const guarded = retrying()(attempt);
    await Promise.all([guarded(), guarded()]);
    expect(kept[0]).not.toBe(kept[1]);
  });

  it('has no key and no deadline yet, and cannot be changed', async () => {
    const { kept, attempt } = keeping(0);
    await retrying()(attempt)();
    expect(kept[0]).toMatchObject({ key: undefined, deadline: undefined });
    expect(Object.isFrozen(kept[0])).toBe(true);
  });

  it('is handed to the function of retry, and stays valid', async () => {
    const numbers: number[] = [];
    await retry(
      async (own) => {
        await Promise.resolve();
        numbers.push(own.attempt);
        if (own.attempt < 3) throw new Error('down');
      },
      {},
      { clock: new JumpingClock() },
    );
    expect(numbers).toEqual([1, 2, 3]);
  });

  it('is of the inner of two calls while that runs, and of the outer one after it', async () => {
    const inner = keeping(0);
    const guarded = retrying()(inner.attempt);
    const outer: Execution[] = [];
    await retrying()(async () => {
      outer.push(execution());
      void guarded();
      outer.push(execution());
      if (outer.length < 4) throw new Error('down');
    })();
    expect(outer[0]).toBe(outer[1]);
    expect([outer.map(({ attempt }) => attempt), inner.kept.map(({ attempt }) => attempt)]).toEqual([
      [1, 1, 2, 2],
      [1, 1],
    ]);
  });

  it('is put back after a function that throws', async () => {
    await rejectionOf(
      retrying({ maxRetries: 0 })((): string => {
        throw new Error('down');
      })(),
    );
    expect(execution.orUndefined()).toBeUndefined();
  });

  it('is unknown to the functions of the policy', async () => {
    const heard: unknown[] = [];
    const look = () => {
      heard.push(execution.orUndefined());
      return false;
    };
    await rejectionOf(
      retrying({ maxRetries: 1, onRetry: look, onGiveUp: look, retryIf: look })(() => {
        throw new TypeError('sync');
      })(),
    );
    expect(heard).not.toHaveLength(0);
    expect(heard.every((one) => one === undefined)).toBe(true);
  });
});

describe('where no guarded call runs', () => {
  it('throws an error that says what to do', () => {
    expect(() => execution()).toThrow(NoExecutionError);
    expect(() => execution()).toThrow(/first await.*keep it in a constant/s);
  });

  it('has a code, and a guard', async () => {
    const error = await rejectionOf(Promise.resolve().then(() => execution()));
    expect([isNoExecutionError(error), error]).toMatchObject([true, { code: 'ERR_NO_EXECUTION' }]);
  });

  it('is undefined for orUndefined', () => {
    expect(execution.orUndefined()).toBeUndefined();
  });

  it('is so after the first await, which is a mistake that no retry mends', async () => {
    let made = 0;
    const error = await rejectionOf(
      retrying()(async () => {
        made++;
        await Promise.resolve();
        return execution();
      })(),
    );
    expect([isNoExecutionError(error), isRetryable(error), made]).toEqual([true, false, 1]);
  });
});

describe('its signal', () => {
  const signalOf = async (policy: RetryPolicy, ...args: unknown[]) => {
    const { kept, attempt } = keeping(0);
    await retrying(policy)(attempt)(...args);
    return kept[0].signal;
  };

  it('is one that never aborts, where there is none', async () => {
    expect((await signalOf({})).aborted).toBe(false);
  });

  it("is the caller's own, where there is one of Node", async () => {
    const { signal } = new AbortController();
    expect(await signalOf({}, 'url', { signal })).toBe(signal);
    expect(await signalOf({ signal })).toBe(signal);
  });

  it.each(['policy', 'argument'] as const)('aborts with the reason of the %s', async (which) => {
    const stops = { policy: new AbortController(), argument: new AbortController() };
    const reason = new Error('enough');
    const aborted = await retrying({ signal: stops.policy.signal })(async (argument: AbortSignal) => {
      const { signal } = execution();
      stops[which].abort(reason);
      return [signal !== argument, signal.aborted, signal.reason] as unknown[];
    })(stops.argument.signal);
    expect(aborted).toEqual([true, true, reason]);
  });

  it('is a real one where the own one is a polyfill', async () => {
    const polyfilled = new PolyfilledSignal();
    const signal = await retrying()(async (argument: PolyfilledSignal) => {
      const own = execution().signal;
      argument.abort();
      return own;
    })(polyfilled);
    expect([signal instanceof AbortSignal, signal.reason]).toMatchObject([true, { name: 'AbortError' }]);
  });

  it('leaves no listeners behind', async () => {
    const [one, other] = [new AbortController().signal, new AbortController().signal];
    const count = () => [one, other].map((signal) => getEventListeners(signal, 'abort').length);
    const during = await retrying({ signal: one })(async (argument: AbortSignal) => {
      expect(execution().signal).not.toBe(argument);
      return count();
    })(other);
    await turns();
    expect([during, count()]).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it('leaves none behind that is first read after the end either', async () => {
    const [one, other] = [new AbortController().signal, new AbortController().signal];
    const { kept, attempt } = keeping(0);
    await retrying({ signal: one })(attempt)(other);
    expect(kept[0].signal.aborted).toBe(false);
    expect([one, other].map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0, 0]);
  });

  it('aborts by the signals of both of two retries around one function', async () => {
    const stop = new AbortController();
    const other = new AbortController().signal;
    const inner = retrying({ signal: other })(async () => {
      const { signal } = execution();
      stop.abort();
      return signal.aborted;
    });
    expect(await retrying({ signal: stop.signal })(inner)()).toBe(true);
  });
});
