import { describe, expect, it } from '@jest/globals';
import {
  attemptsOf,
  CircuitBreaker,
  CircuitBreakerError,
  type CircuitBreakerPolicy,
  Panel,
  type RetryPolicy,
  withRetry,
} from '@switchgear/core';
import { ManualClock, seededRandom } from '@switchgear/core/testing';
import { flaky, rejectionOf, throwing, turns } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

/** A retry and a circuit that share a clock which jumps over waits. */
function composed(circuit: CircuitBreakerPolicy, policy: RetryPolicy) {
  const clock = new JumpingClock();
  const breaker = new CircuitBreaker(circuit, { panel: new Panel({ circuits: 1, clock }) });
  const guard = withRetry({ jitter: 'none', ...policy }, { clock, random: seededRandom(3) });
  return { clock, breaker, guard };
}

describe('a retry around a circuit', () => {
  it('has each attempt counted', async () => {
    const { breaker, guard } = composed({ failureThreshold: 5 }, { maxRetries: 2 });
    await rejectionOf(guard(breaker.wrap(flaky(Infinity).attempt))());
    expect(breaker.snapshot().failures).toBe(3);
  });

  it('ends when the circuit opens, with the refusal', async () => {
    const { breaker, guard } = composed({ failureThreshold: 2 }, { maxRetries: 10 });
    const { attempt, made, errors } = flaky(Infinity);
    const error = await rejectionOf(guard(breaker.wrap(attempt))());
    expect(error).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', cause: errors[1] });
    expect(made()).toBe(2);
    expect(attemptsOf(error)).toMatchObject({ count: 3, gaveUp: 'refused' });
  });

  it('does not wait for a circuit that is open', async () => {
    const { breaker, clock, guard } = composed({}, {});
    breaker.force('open');
    await rejectionOf(guard(breaker.wrap(flaky(0).attempt))());
    expect(clock.sleeps).toEqual([]);
  });

  it('does not wait for an open circuit whatever retryOn and retryIf say', async () => {
    const { breaker, clock, guard } = composed(
      { failureThreshold: 1 },
      { retryOn: Error, retryIf: () => true },
    );
    const { attempt, made } = flaky(Infinity);
    await rejectionOf(guard(breaker.wrap(attempt))());
    expect([made(), clock.sleeps]).toEqual([1, [100]]);
  });

  it('closes again a circuit whose last failure it mends', async () => {
    const { breaker, guard } = composed({ failureThreshold: 5 }, {});
    await guard(breaker.wrap(flaky(2).attempt))();
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 0 });
  });
});

describe('a circuit around a retry', () => {
  it('counts one outcome for all attempts of a call', async () => {
    const { breaker, guard } = composed({ failureThreshold: 5 }, { maxRetries: 2 });
    const { attempt, made } = flaky(Infinity);
    await rejectionOf(breaker.wrap(guard(attempt))());
    expect([made(), breaker.snapshot().failures]).toEqual([3, 1]);
  });

  it('counts no failure where a retry mends it', async () => {
    const { breaker, guard } = composed({ failureThreshold: 1 }, {});
    await breaker.wrap(guard(flaky(2).attempt))();
    expect(breaker.state).toBe('closed');
  });

  it('lets a call that runs go on with its retries after it has opened', async () => {
    const { breaker, guard } = composed({ failureThreshold: 1 }, { maxRetries: 2 });
    const { attempt, made } = flaky(Infinity);
    const call = rejectionOf(breaker.wrap(guard(attempt))());
    breaker.tryCall(() => {
      throw new Error('another call opens it');
    });
    await call;
    expect([made(), breaker.state]).toEqual([3, 'open']);
  });

  it('refuses without an attempt, as a rejection even at the first call', async () => {
    const { breaker, guard } = composed({}, {});
    breaker.force('open');
    const { attempt, made } = flaky(0);
    expect(await rejectionOf(breaker.wrap(guard(() => attempt()))())).toMatchObject({
      code: 'ERR_CIRCUIT_OPEN',
    });
    expect(made()).toBe(0);
  });
});

describe('a retry that waits for the circuit', () => {
  const brittle: CircuitBreakerPolicy = { failureThreshold: 1, successThreshold: 1, resetTimeout: '5s' };

  it('waits as long as the circuit is open, and then calls', async () => {
    const { breaker, clock, guard } = composed(brittle, { waitForCircuit: true });
    expect(await guard(breaker.wrap(flaky(1).attempt))()).toBe('ok');
    expect(clock.sleeps).toEqual([100, 4_900]);
  });

  it('comes back spread by jitter', async () => {
    const { breaker, clock, guard } = composed(brittle, {
      waitForCircuit: true,
      jitter: 'full',
      initialDelay: '1s',
    });
    breaker.tryCall(() => {
      throw new Error('down');
    });
    await guard(breaker.wrap(flaky(0).attempt))();
    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThan(5_000);
    expect(clock.sleeps[0]).toBeLessThanOrEqual(6_000);
  });

  it('comes back spread wider from wait to wait', async () => {
    const clock = new JumpingClock();
    const refused = new CircuitBreakerError({ circuit: 'geo', state: 'open', retryAfter: 1_000 });
    const attempt = throwing(refused).attempt;
    const policy: RetryPolicy = { waitForCircuit: true, maxElapsed: '5s' };
    await rejectionOf(withRetry(policy, { clock, random: () => 0.5 })(attempt)());
    expect(clock.sleeps).toEqual([1_050, 1_100, 1_200, 1_400]);
  });

  it('waits for no longer than the last place takes to come free, half-open', async () => {
    const clock = new JumpingClock();
    const attempt = throwing(
      new CircuitBreakerError({ circuit: 'geo', state: 'half-open', retryAfter: 30 }),
      new Error('down'),
    ).attempt;
    await rejectionOf(withRetry({ waitForCircuit: true, maxRetries: 0 }, { clock })(attempt)());
    expect(clock.sleeps).toEqual([30]);
  });

  it('uses up no retries by waiting', async () => {
    const { breaker, guard } = composed(brittle, { waitForCircuit: true, maxRetries: 1 });
    const { attempt, made } = flaky(Infinity);
    const error = await rejectionOf(guard(breaker.wrap(attempt))());
    expect(made()).toBe(2);
    expect(attemptsOf(error)).toMatchObject({ count: 3, gaveUp: 'no-retries-left' });
  });

  it('fails at once where maxElapsed leaves no time to wait', async () => {
    const { breaker, clock, guard } = composed({ failureThreshold: 1 }, { waitForCircuit: true });
    const error = await rejectionOf(guard(breaker.wrap(flaky(Infinity).attempt))());
    expect(attemptsOf(error)).toMatchObject({ gaveUp: 'no-time-left' });
    expect(clock.sleeps).toEqual([100]);
  });

  it('fails at once where an operator holds the circuit open', async () => {
    const { breaker, guard } = composed({}, { waitForCircuit: true });
    breaker.force('open');
    const error = await rejectionOf(guard(breaker.wrap(flaky(0).attempt))());
    expect(attemptsOf(error)).toMatchObject({ gaveUp: 'refused' });
  });

  it('stops waiting when it is aborted', async () => {
    const clock = new ManualClock();
    const breaker = new CircuitBreaker(brittle, { panel: new Panel({ circuits: 1, clock }) });
    const stop = new AbortController();
    const { attempt, made } = flaky(0);
    breaker.tryCall(() => {
      throw new Error('down');
    });
    const call = withRetry({ waitForCircuit: true, signal: stop.signal }, { clock })(breaker.wrap(attempt))();
    const rejection = rejectionOf(call);
    await turns();
    stop.abort('enough');
    expect(await rejection).toBe('enough');
    expect([made(), clock.sleeping]).toEqual([0, 0]);
  });

  it('does not wait for a probe to expire that may answer sooner', async () => {
    const clock = new ManualClock();
    const breaker = new CircuitBreaker(brittle, { panel: new Panel({ circuits: 1, clock }) });
    breaker.tryCall(() => {
      throw new Error('down');
    });
    clock.advance(5_000);
    const probe = breaker.acquire();
    const call = withRetry(
      { waitForCircuit: true, jitter: 'none' },
      { clock },
    )(breaker.wrap(flaky(0).attempt))();
    await turns();
    probe.succeed();
    clock.advance(100);
    expect(await call).toBe('ok');
  });

  it('lets all of a crowd through after the outage, a few at a time', async () => {
    const clock = new ManualClock();
    const panel = new Panel({ circuits: 1, clock });
    const breaker = new CircuitBreaker({ ...brittle, successThreshold: 2 }, { panel });
    breaker.tryCall(() => {
      throw new Error('down');
    });
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, breaker.state === 'half-open' ? ++running : 0);
      await clock.sleep(20);
      running--;
      return 'ok';
    };
    const policy: RetryPolicy = { waitForCircuit: true };
    const guarded = withRetry(policy, { clock, random: seededRandom(5) })(breaker.wrap(work));
    const crowd = Promise.all(Array.from({ length: 100 }, () => guarded()));
    for (let step = 0; step < 3_000; step++) {
      clock.advance(10);
      await turns();
    }
    expect(new Set(await crowd)).toEqual(new Set(['ok']));
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe("a circuit around a retry whose policy's signal aborts", () => {
  const around = (signal: AbortSignal) => {
    const { breaker, guard } = composed({ failureThreshold: 1 }, { signal, maxRetries: 1 });
    return { breaker, call: breaker.wrap(guard(flaky(Infinity).attempt)) };
  };

  it('does not count the abort before a call', async () => {
    const { breaker, call } = around(AbortSignal.abort(new Error('shutting down')));
    await rejectionOf(call());
    expect(breaker.state).toBe('closed');
  });

  it('does not count the abort of a wait', async () => {
    const controller = new AbortController();
    const { breaker, call } = around(controller.signal);
    const calling = rejectionOf(call());
    controller.abort(new Error('shutting down'));
    await calling;
    expect(breaker.snapshot().failures).toBe(0);
  });

  it('counts a timeout all the same', async () => {
    const { breaker, call } = around(AbortSignal.abort(new DOMException('too late', 'TimeoutError')));
    await rejectionOf(call());
    expect(breaker.state).toBe('open');
  });
});
