import { describe, expect, it } from '@jest/globals';
import { broken, fail, failWith, ok, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { transitionsOf } from '../../support/listening.js';

describe('a closed circuit', () => {
  it('is what a new circuit is', () => {
    expect(circuit().breaker.state).toBe('closed');
  });

  it('calls the function with its arguments and returns what it returns', () => {
    const { breaker } = circuit();
    expect(breaker.call((a: number, b: number) => a + b, 2, 3)).toBe(5);
  });

  it('throws what the function throws, the very same', () => {
    const { breaker } = circuit();
    const error = new RangeError('mine');
    const thrown = (): unknown => {
      try {
        return breaker.call(() => {
          throw error;
        });
      } catch (caught) {
        return caught;
      }
    };
    expect(thrown()).toBe(error);
  });

  it('rejects with what the function rejects with, the very same', async () => {
    const { breaker } = circuit();
    const error = new RangeError('mine');
    await expect(breaker.call(() => Promise.reject(error))).rejects.toBe(error);
  });

  it('stays closed one failure below the threshold', () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    fail(breaker, 2);
    expect(breaker.state).toBe('closed');
  });

  it('opens at the threshold of consecutive failures', () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    fail(breaker, 3);
    expect(breaker.state).toBe('open');
  });

  it('opens at five failures unless told otherwise', () => {
    const { breaker } = circuit();
    fail(breaker, 4);
    const before = breaker.state;
    fail(breaker);
    expect([before, breaker.state]).toEqual(['closed', 'open']);
  });

  it('opens at the first failure where the threshold is one', () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('forgets its failures with a success', () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    fail(breaker, 2);
    succeed(breaker);
    fail(breaker, 2);
    expect(breaker.state).toBe('closed');
  });

  it('counts failures however far apart they are', () => {
    const { breaker, clock } = circuit({ failureThreshold: 2 });
    fail(breaker);
    clock.advance(86_400_000);
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('counts rejections like throws', async () => {
    const { breaker } = circuit({ failureThreshold: 2 });
    fail(breaker);
    await startCall(breaker).fail();
    expect(breaker.state).toBe('open');
  });

  it('counts whatever is thrown, an error or not', () => {
    const { breaker } = circuit({ failureThreshold: 4 });
    for (const thrown of ['text', undefined, null, 0]) failWith(breaker, thrown);
    expect(breaker.state).toBe('open');
  });

  it('counts outcomes in the order in which they come, not in which the calls were made', async () => {
    const { breaker } = circuit({ failureThreshold: 2 });
    const [first, second] = [startCall(breaker), startCall(breaker)];
    await second.succeed();
    await first.fail();
    expect(breaker.snapshot().failures).toBe(1);
  });

  it('counts a result that the policy calls a failure', () => {
    const { breaker } = circuit({ failureThreshold: 1, isFailure: (status) => status === 503 });
    breaker.call(() => 503);
    expect(breaker.state).toBe('open');
  });

  it('returns a result that the policy calls a failure all the same', () => {
    const { breaker } = circuit({ isFailure: (status) => status === 503 });
    expect(breaker.call(() => 503)).toBe(503);
  });

  it('asks about the value of a promise, not about the promise', async () => {
    const { breaker } = circuit({ failureThreshold: 1, isFailure: (status) => status === 503 });
    await breaker.call(async () => 503);
    expect(breaker.state).toBe('open');
  });

  it('takes a result for a success when isFailure throws', () => {
    const { breaker } = circuit({ failureThreshold: 1, isFailure: broken });
    breaker.subscribe(() => {});
    breaker.call(ok);
    expect(breaker.state).toBe('closed');
  });

  it('lets any number of calls be in flight at once', () => {
    const { breaker } = circuit();
    const calls = Array.from({ length: 1_000 }, () => startCall(breaker));
    expect(calls.every(({ admitted }) => admitted)).toBe(true);
  });

  it('opens once however many of the calls in flight fail', async () => {
    const { breaker } = circuit({ failureThreshold: 2 });
    const transitions = transitionsOf(breaker);
    const calls = Array.from({ length: 10 }, () => startCall(breaker));
    await Promise.all(calls.map((call) => call.fail()));
    expect(transitions).toEqual(['closed → open']);
  });

  it('is closed again, with nothing counted, after a reset', () => {
    const { breaker } = circuit({ failureThreshold: 2 });
    fail(breaker);
    breaker.reset();
    fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('counts for all breakers of one key together', () => {
    const { breaker, another } = circuit({ key: 'shared', failureThreshold: 2 });
    fail(breaker);
    fail(another({ key: 'shared', failureThreshold: 2 }));
    expect(breaker.state).toBe('open');
  });

  it('counts for each circuit without a key alone', () => {
    const { breaker, another } = circuit({ failureThreshold: 1 });
    fail(another({ failureThreshold: 1 }));
    expect(breaker.state).toBe('closed');
  });
});
