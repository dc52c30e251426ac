import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, execution, Panel, withRetry } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { circuit } from '../support/circuit-on-a-manual-clock.js';

// `controller.abort('bye')`: a reason is any value, and the rejection is then that value and no Error.

const REASONS: readonly [string, unknown][] = [
  ['no reason', undefined],
  ['null', null],
  ['a text', 'bye'],
  ['an empty text', ''],
  ['0', 0],
  ['NaN', NaN],
  ['a bigint', 1n],
  ['false', false],
  ['a symbol', Symbol('bye')],
  ['a function', () => 'bye'],
  ['a frozen object', Object.freeze({ code: 'BYE' })],
  ['an Error', new Error('bye')],
];

/** A circuit that one failure opens, and in it a retried function under a signal of the policy. */
function retriedUnderSignal(fn: () => unknown) {
  const clock = new ManualClock(1_000);
  const breaker = new CircuitBreaker({ failureThreshold: 1 }, { panel: new Panel({ circuits: 1, clock }) });
  const controller = new AbortController();
  const load = withRetry({ signal: controller.signal, retryOn: () => true }, { clock })(fn);
  return { breaker, controller, load };
}

const settled = async (call: unknown): Promise<unknown> =>
  Promise.resolve(call).then(undefined, (e: unknown) => e);
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

const down = (): never => {
  throw new Error('down');
};
/** Ends when the signal of the attempt aborts, with the reason. */
const hanging = async (): Promise<never> => {
  const { signal } = execution();
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
};

describe.each(REASONS)('the signal of a retry that aborts with %s', (_, reason) => {
  it('during a wait is neutral to the circuit around the retry', async () => {
    const { breaker, controller, load } = retriedUnderSignal(down);
    const call = settled(breaker.wrap(load)());
    await aTurn();
    controller.abort(reason);
    expect([await call, breaker.state]).toEqual([controller.signal.reason, 'closed']);
  });

  it('during an attempt is neutral', async () => {
    const { breaker, controller, load } = retriedUnderSignal(hanging);
    const call = settled(breaker.call(load));
    controller.abort(reason);
    expect([await call, breaker.state]).toEqual([controller.signal.reason, 'closed']);
  });

  it('before the call is neutral', async () => {
    const { breaker, controller, load } = retriedUnderSignal(down);
    controller.abort(reason);
    await settled(breaker.tryCall(load));
    expect(breaker.state).toBe('closed');
  });

  it('is neutral where a function stands between circuit and retry', async () => {
    const { breaker, controller, load } = retriedUnderSignal(down);
    const call = settled(breaker.call(async () => ({ loaded: await load() })));
    await aTurn();
    controller.abort(reason);
    expect([await call, breaker.state]).toEqual([controller.signal.reason, 'closed']);
  });

  it('is neutral to every circuit around the retry', async () => {
    const { breaker, controller, load } = retriedUnderSignal(down);
    const { breaker: outer } = circuit({ failureThreshold: 1 });
    const call = settled(outer.call(async () => breaker.call(load)));
    await aTurn();
    controller.abort(reason);
    await call;
    expect([breaker.state, outer.state]).toEqual(['closed', 'closed']);
  });
});

describe.each(REASONS)('a signal among the arguments that aborts with %s', (_, reason) => {
  it.each<[string, (signal: AbortSignal) => unknown]>([
    ['as it is', (signal) => signal],
    ['in an options object', (signal) => ({ signal })],
  ])('is neutral, given %s', async (__, argument) => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const controller = new AbortController();
    const load = withRetry()(hanging as (options: unknown) => Promise<never>);
    const call = settled(breaker.wrap(load)(argument(controller.signal)));
    controller.abort(reason);
    expect([await call, breaker.state]).toEqual([controller.signal.reason, 'closed']);
  });
});

describe('what a retry was aborted with', () => {
  it.each(REASONS.filter(([, reason]) => Object(reason) !== reason && reason !== undefined))(
    'is a failure where a function throws it later: %s',
    async (_, reason) => {
      const { breaker, controller, load } = retriedUnderSignal(down);
      controller.abort(reason);
      await settled(breaker.call(load));
      await aTurn();
      breaker.tryCall(() => {
        throw reason;
      });
      expect(breaker.state).toBe('open');
    },
  );

  it('is a failure later, if it is an error of the function', async () => {
    const constant = new Error('down');
    const failing = async (): Promise<never> => {
      await hanging().catch(() => undefined);
      throw constant;
    };
    const { breaker, controller, load } = retriedUnderSignal(failing);
    const call = settled(breaker.call(load));
    controller.abort('bye');
    expect([await call, breaker.state]).toEqual([constant, 'closed']);
    await aTurn();
    await settled(breaker.call(async () => Promise.reject(constant)));
    expect(breaker.state).toBe('open');
  });

  it('is a failure if it is a timeout', async () => {
    const { breaker, controller, load } = retriedUnderSignal(down);
    controller.abort(new DOMException('too slow', 'TimeoutError'));
    await settled(breaker.call(load));
    expect(breaker.state).toBe('open');
  });
});
