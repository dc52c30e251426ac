import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker } from '@switchgear/core';
import { type Execution, execution, withCircuitBreaker, withRetry, withTimeout } from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';
import { JumpingClock } from '../support/jumping-clock.js';

const keyOf = async () => execution().key;

describe('a function that a circuit alone guards', () => {
  it.each([
    ['wrap', (breaker: CircuitBreaker) => breaker.wrap(keyOf)()],
    ['call', (breaker: CircuitBreaker) => breaker.call(keyOf)],
  ])('knows the key of its circuit in its first call and in later ones, by %s', async (_, call) => {
    const { breaker } = circuit({ key: 'geo' });
    expect([await call(breaker), await call(breaker)]).toEqual(['geo', 'geo']);
  });

  it('knows it by tryCall', async () => {
    const { breaker } = circuit({ key: 'geo' });
    expect(await breaker.tryCall(keyOf)).toMatchObject({ value: 'geo' });
  });

  it('has no key if the circuit has none', async () => {
    expect(await circuit().breaker.wrap(async () => execution())()).toMatchObject({
      attempt: 1,
      key: undefined,
      deadline: undefined,
    });
  });

  it('is one execution a call, however often it is asked', () => {
    const { breaker } = circuit({ key: 'geo' });
    const asked = breaker.wrap(() => [execution(), execution()] as const);
    const [[one, again], [another]] = [asked(), asked()];
    expect([one === again, one === another]).toEqual([true, false]);
  });

  it('has none after it has returned or thrown', async () => {
    const { breaker } = circuit({ key: 'geo' });
    const failing = breaker.wrap(async () => {
      execution();
      throw new Error('down');
    });
    for (let i = 0; i < 3; i++) {
      await rejectionOf(failing());
      expect(execution.orUndefined()).toBeUndefined();
    }
    expect(() =>
      breaker.call(() => {
        throw new Error(execution().key);
      }),
    ).toThrow('geo');
    expect(execution.orUndefined()).toBeUndefined();
  });

  it('knows it in each step of a generator, and between steps nothing is known', () => {
    const { breaker } = circuit({ key: 'geo' });
    const heard: unknown[] = [];
    const read = breaker.wrap(function* () {
      const first = execution();
      yield first;
      heard.push(execution() === first);
    });
    for (const own of read()) heard.push(own.key, execution.orUndefined());
    expect(heard).toEqual(['geo', undefined, true]);
  });
});

describe('policies around one function', () => {
  const clock = new JumpingClock();

  it('make one execution: the attempt of the retry and the key of the circuit', async () => {
    const kept: Execution[] = [];
    const load = withRetry(
      {},
      { clock },
    )(
      withCircuitBreaker({ key: 'of-stack', failureThreshold: 9 })(
        withTimeout('1s')(async () => {
          kept.push(execution());
          if (kept.length < 3) throw new Error('down');
        }),
      ),
    );
    await load();
    expect(kept.map(({ attempt, key }) => [attempt, key])).toEqual([1, 2, 3].map((i) => [i, 'of-stack']));
  });

  it('make one of breaker.call inside of a retried function', async () => {
    const { breaker } = circuit({ key: 'geo' });
    const kept: Execution[] = [];
    await withRetry(
      {},
      { clock },
    )(() =>
      breaker.call(async () => {
        kept.push(execution());
        if (kept.length < 2) throw new Error('down');
      }),
    )();
    expect(kept.map(({ attempt, key }) => [attempt, key])).toEqual([
      [1, 'geo'],
      [2, 'geo'],
    ]);
  });

  it('do not reach a guarded function that the function calls', async () => {
    const inner = circuit({ key: 'inner' }).breaker.wrap(async () => execution().attempt);
    let made = 0;
    const attempts: number[] = [];
    await withRetry(
      {},
      { clock },
    )(async () => {
      attempts.push(execution().attempt, await inner());
      if (++made < 2) throw new Error('down');
    })();
    expect(attempts).toEqual([1, 1, 2, 1]);
  });
});

describe('execution().signal is one of the signals of a call', () => {
  const failing = async () => {
    throw new Error('aborted by the client, in words of its own');
  };

  it('an abort of the retry around a circuit counts as nothing', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const stop = new AbortController();
    const load = withRetry({ signal: stop.signal })(
      breaker.wrap(async () => {
        stop.abort();
        return failing();
      }),
    );
    await rejectionOf(load());
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('an abort of an execution that is handed on counts as nothing', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const stop = new AbortController();
    const inner: (given: { execution: Execution }) => Promise<never> = breaker.wrap(async () => {
      stop.abort();
      return failing();
    });
    await rejectionOf(withRetry({ signal: stop.signal })(async () => inner({ execution: execution() }))());
    expect(breaker.state).toBe('closed');
  });

  it('an abort because of a timeout is a failure', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const stop = new AbortController();
    const load = withRetry({ signal: stop.signal, maxRetries: 0 })(
      breaker.wrap(async () => {
        stop.abort(Object.assign(new Error('late'), { name: 'TimeoutError' }));
        return failing();
      }),
    );
    await rejectionOf(load());
    expect(breaker.state).toBe('open');
  });
});
