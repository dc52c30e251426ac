import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import {
  attemptsOf,
  CircuitBreaker,
  CircuitBreakerError,
  Panel,
  type RetryPolicy,
  withRetry,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { flaky, rejectionOf, turns } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';
import { printed } from '../support/printed.js';

const reason = new Error('the user left');
const refusal = new CircuitBreakerError({ circuit: 'geo', state: 'open', retryAfter: 100 });

/** A call that has failed once, and waits. */
async function waiting(policy: RetryPolicy, ...args: readonly unknown[]) {
  const clock = new ManualClock();
  const { attempt, made, errors } = flaky(Infinity);
  const withArguments: (...all: readonly unknown[]) => Promise<string> = attempt;
  const guarded = withRetry({ jitter: 'none', ...policy }, { clock })(withArguments);
  const rejection = rejectionOf(guarded(...args));
  await turns();
  return { clock, made, errors, rejection };
}

describe('an abort during the wait', () => {
  it.each<[string, (signal: AbortSignal) => [RetryPolicy, ...unknown[]]]>([
    ["of the policy's signal", (signal) => [{ signal }]],
    ['of a signal among the arguments', (signal) => [{}, 'address', signal]],
    ['of a signal in an argument', (signal) => [{}, 'url', { signal }]],
    ['of one signal of two', (signal) => [{ signal: new AbortController().signal }, { signal }]],
  ])('%s ends it at once with the reason, and nothing is called again', async (_, given) => {
    const stop = new AbortController();
    const { clock, made, rejection } = await waiting(...given(stop.signal));
    stop.abort(reason);
    expect(await rejection).toBe(reason);
    expect(clock.sleeping).toBe(0);
    clock.advance(1e9);
    await turns();
    expect(made()).toBe(1);
  });

  it('leaves what was tried reachable from the reason', async () => {
    const stop = new AbortController();
    const { errors, rejection } = await waiting({ signal: stop.signal });
    stop.abort(reason);
    expect(attemptsOf(await rejection)).toEqual({
      count: 1,
      outcomes: [{ status: 'failed', error: errors[0] }],
      gaveUp: 'aborted',
    });
  });

  it('that comes when the clock has struck still stops the next attempt', async () => {
    const stop = new AbortController();
    const { clock, made, rejection } = await waiting({ signal: stop.signal });
    clock.advance(100);
    stop.abort(reason);
    expect(await rejection).toBe(reason);
    expect(made()).toBe(1);
  });

  it('from the listener of the wait counts as well', async () => {
    const stop = new AbortController();
    const { made, rejection } = await waiting({ signal: stop.signal, onRetry: () => stop.abort(reason) });
    expect(await rejection).toBe(reason);
    expect(made()).toBe(1);
  });
});

describe('an abort', () => {
  it('before the call means no call', async () => {
    const { made, rejection } = await waiting({ signal: AbortSignal.abort(reason) });
    expect(await rejection).toBe(reason);
    expect(made()).toBe(0);
  });

  it('during an attempt means that its error is the last, and is passed on as it is', async () => {
    const stop = new AbortController();
    const error = new Error('socket hang up');
    let made = 0;
    const attempt = async (signal: AbortSignal) => {
      made++;
      stop.abort(reason);
      throw signal.aborted ? error : new Error('not aborted');
    };
    expect(await rejectionOf(withRetry({}, { clock: new JumpingClock() })(attempt)(stop.signal))).toBe(error);
    expect(made).toBe(1);
  });

  it('during an attempt ends the retry also where its error is none to try again', async () => {
    const stop = new AbortController();
    const error = new TypeError('cannot read properties of an aborted response');
    const attempt = async () => {
      stop.abort(reason);
      throw error;
    };
    await rejectionOf(withRetry({ signal: stop.signal })(attempt)());
    expect(attemptsOf(error)).toMatchObject({ count: 1, gaveUp: 'aborted' });
  });

  it('during an attempt lets a refusal pass that would be waited for', async () => {
    const clock = new JumpingClock();
    const breaker = new CircuitBreaker({ failureThreshold: 1 }, { panel: new Panel({ circuits: 1, clock }) });
    breaker.tryCall(() => {
      throw new Error('down');
    });
    const stop = new AbortController();
    const refused = breaker.wrap(flaky(0).attempt);
    const attempt = async () => {
      stop.abort(reason);
      return refused();
    };
    const guard = withRetry({ waitForCircuit: true, maxElapsed: '1h', signal: stop.signal }, { clock });
    const error = await rejectionOf(guard(attempt)());
    expect([error, attemptsOf(error)]).toMatchObject([{ code: 'ERR_CIRCUIT_OPEN' }, { gaveUp: 'aborted' }]);
    expect(clock.sleeps).toEqual([]);
  });

  it('during an attempt whose result is not wanted rejects with the reason', async () => {
    const stop = new AbortController();
    const attempt = async () => {
      stop.abort(reason);
      return 'pending';
    };
    const guard = withRetry({ signal: stop.signal, retryIf: () => true });
    expect(await rejectionOf(guard(attempt)())).toBe(reason);
    expect(attemptsOf(reason)).toMatchObject({
      outcomes: [{ status: 'succeeded', value: 'pending' }],
      gaveUp: 'aborted',
    });
  });

  it.each<[string, unknown, RetryPolicy]>([
    ['an error to be tried again', new Error('down'), {}],
    ['an error that is not', new TypeError('x is not a function'), {}],
    ['an error of the last attempt', new Error('down'), { maxRetries: 0 }],
    ['the refusal of a circuit', refusal, {}],
    ['the refusal of a circuit that would be waited for', refusal, { waitForCircuit: true }],
  ])('during an attempt is why no other was made, for %s', async (_, error, policy) => {
    const stop = new AbortController();
    const clock = new JumpingClock();
    const attempt = async (): Promise<never> => {
      stop.abort(reason);
      throw error;
    };
    const call = withRetry({ ...policy, signal: stop.signal }, { clock })(attempt)();
    expect(await rejectionOf(call)).toBe(error);
    expect([attemptsOf(error)?.gaveUp, clock.sleeps]).toEqual(['aborted', []]);
  });

  it('during an attempt that works changes nothing', async () => {
    const stop = new AbortController();
    const attempt = async () => {
      stop.abort(reason);
      return 'ok';
    };
    expect(await withRetry({ signal: stop.signal })(attempt)()).toBe('ok');
  });
});

it('signals keep no listeners of calls that have ended', async () => {
  const [one, other] = [new AbortController().signal, new AbortController().signal];
  const guarded = withRetry(
    { signal: one },
    { clock: new JumpingClock() },
  )(flaky(2).attempt as (signal: AbortSignal) => Promise<string>);
  await guarded(other);
  expect([one, other].map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0, 0]);
});

it('no timer keeps the process alive after an abort', async () => {
  const program = `
    import { withRetry } from '@switchgear/core';
    const stop = new AbortController();
    const policy = { initialDelay: '20s', signal: stop.signal, jitter: 'none' };
    withRetry(policy)(async () => { throw new Error('down'); })().catch((error) => console.log(error.name));
    setTimeout(() => stop.abort(), 10);
  `;
  expect(await printed(program)).toBe('AbortError');
});
