import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker } from '@switchgear/core';
import { admits, broken, fail, ok, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { transitionsOf } from '../../support/listening.js';
import { openCircuit, probingCircuit } from '../../support/openings.js';

// Rule 3: permits of a half-open circuit, their expiry, and calls inside a probe.

describe('a probe that outlives its permit', () => {
  const hung = (policy = {}) => {
    const made = probingCircuit({ halfOpen: { permits: 1, permitTimeout: 70 }, ...policy });
    return { ...made, probe: startCall(made.breaker) };
  };

  it('is waited for until its permit expires', () => {
    const { breaker, clock } = hung();
    clock.advance(69);
    succeed(breaker);
    expect(breaker.state).toBe('half-open');
  });

  it('reopens the circuit', () => {
    const { breaker, clock } = hung();
    clock.advance(70);
    succeed(breaker);
    expect(breaker.state).toBe('open');
  });

  it('reopens it as of the expiry', () => {
    const { breaker, clock } = hung();
    clock.advance(100);
    succeed(breaker);
    expect(breaker.snapshot().retryAfter).toBe(70);
  });

  it('leaves nothing stuck after a long silence: the next call is a probe', () => {
    const { breaker, clock } = hung();
    clock.advance(86_400_000);
    expect(admits(breaker)).toBe(true);
  });

  it('goes through open on the way to that probe', () => {
    const { breaker, clock } = hung();
    const transitions = transitionsOf(breaker);
    clock.advance(86_400_000);
    succeed(breaker);
    expect(transitions).toEqual(['half-open → open', 'open → half-open']);
  });

  it('counts if it succeeds after all, as long as no call has come since', async () => {
    const { breaker, clock, probe } = hung({ successThreshold: 1 });
    clock.advance(5_000);
    await probe.succeed();
    expect(breaker.state).toBe('closed');
  });

  it('counts as nothing if it ends neutrally, as long as no call has come since', async () => {
    const { breaker, clock, probe } = hung({ excludedErrors: TypeError });
    clock.advance(70);
    await probe.fail(new TypeError());
    expect([breaker.state, admits(breaker)]).toEqual(['half-open', true]);
  });

  it('reopens the circuit for a whole reset timeout from then if it fails late', async () => {
    const { breaker, clock, probe } = hung();
    clock.advance(90);
    await probe.fail();
    expect([breaker.state, breaker.snapshot().retryAfter]).toEqual(['open', 100]);
  });

  it('says nothing more once the circuit has reopened', async () => {
    const { breaker, clock, probe } = hung({ successThreshold: 1 });
    clock.advance(70);
    succeed(breaker);
    clock.advance(100);
    startCall(breaker);
    await probe.succeed();
    expect(breaker.state).toBe('half-open');
  });

  it('has 30 s unless told otherwise, because a service that is well may be slow', () => {
    const { breaker, clock } = probingCircuit({ halfOpen: { permits: 1 } });
    startCall(breaker);
    clock.advance(29_999);
    const before = breaker.explain().reason;
    clock.advance(1);
    succeed(breaker);
    expect([before, breaker.state]).toEqual(['probing-full', 'open']);
  });

  it('has the first reset timeout where that is longer', () => {
    const backoff = { initialDelay: 40_000, factor: 3 };
    const { breaker, clock } = openCircuit({ resetTimeout: backoff, halfOpen: { permits: 2 } });
    clock.advance(40_000);
    fail(breaker);
    clock.advance(120_000);
    startCall(breaker);
    startCall(breaker);
    expect(breaker.snapshot().retryAfter).toBe(40_000);
  });

  it('keeps no probe that succeeds after it from reopening the circuit', async () => {
    const { breaker, clock } = probingCircuit({
      successThreshold: 1,
      halfOpen: { permits: 2, permitTimeout: 70 },
    });
    startCall(breaker);
    clock.advance(50);
    const second = startCall(breaker);
    clock.advance(30);
    await second.succeed();
    expect(breaker.state).toBe('open');
  });

  it('does not shorten the opening that another probe brings about by failing', async () => {
    const { breaker, clock } = probingCircuit({ halfOpen: { permits: 2, permitTimeout: 70 } });
    startCall(breaker);
    clock.advance(50);
    const second = startCall(breaker);
    clock.advance(30);
    await second.fail();
    expect(breaker.snapshot().retryAfter).toBe(100);
  });

  it('reopens as of the earliest expiry where two have expired', async () => {
    const { breaker, clock } = probingCircuit({ halfOpen: { permits: 2, permitTimeout: 70 } });
    startCall(breaker);
    clock.advance(10);
    const second = startCall(breaker);
    clock.advance(80);
    await second.succeed();
    expect(breaker.snapshot().retryAfter).toBe(80);
  });
});

describe('a call inside a probe of the same circuit', () => {
  const onePermit = { successThreshold: 2, halfOpen: { permits: 1 } };

  it('rides on its permit', () => {
    const { breaker } = probingCircuit(onePermit);
    expect(breaker.call(() => breaker.call(ok))).toBe('ok');
  });

  it('rides on its permit after an await', async () => {
    const { breaker } = probingCircuit(onePermit);
    const nested = breaker.call(async () => {
      await Promise.resolve();
      return breaker.call(ok);
    });
    await expect(nested).resolves.toBe('ok');
  });

  it('rides on its permit after a timer', async () => {
    const { breaker } = probingCircuit(onePermit);
    const nested = breaker.call(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return breaker.call(ok);
    });
    await expect(nested).resolves.toBe('ok');
  });

  it('rides however deep it is', () => {
    const { breaker } = probingCircuit(onePermit);
    const nest = (depth: number): string => (depth === 0 ? 'ok' : breaker.call(nest, depth - 1));
    expect(nest(20)).toBe('ok');
  });

  it('rides where another circuit is in between', () => {
    const { breaker, another } = probingCircuit(onePermit);
    const between = another();
    expect(breaker.call(() => between.call(() => breaker.call(ok)))).toBe('ok');
  });

  it('rides where another breaker of the key makes it', () => {
    const policy = { ...onePermit, key: 'geo', failureThreshold: 1, resetTimeout: 100 };
    const { breaker, another } = probingCircuit(policy);
    const other = another(policy);
    expect(breaker.call(() => other.call(ok))).toBe('ok');
  });

  it('rides with acquire as well', () => {
    const { breaker } = probingCircuit(onePermit);
    expect(() => breaker.call(() => breaker.acquire().succeed())).not.toThrow();
  });

  it('is one probe together with it: its success does not count', () => {
    const { breaker } = probingCircuit(onePermit);
    breaker.call(() => breaker.call(ok));
    expect(breaker.snapshot().successes).toBe(1);
  });

  it('does not fail it: what the probe makes of the error counts', () => {
    const { breaker } = probingCircuit({ ...onePermit, successThreshold: 1 });
    breaker.call(() => breaker.tryCall(broken));
    expect(breaker.state).toBe('closed');
  });

  it('fails it if the probe passes the error on', () => {
    const { breaker } = probingCircuit(onePermit);
    breaker.tryCall(() => breaker.call(broken));
    expect(breaker.state).toBe('open');
  });

  it('rides while calls from elsewhere are refused', async () => {
    const { breaker } = probingCircuit(onePermit);
    let goOn = () => {};
    const probe = breaker.call(async () => {
      await new Promise<void>((resolve) => (goOn = resolve));
      return breaker.call(ok);
    });
    const elsewhere = admits(breaker);
    goOn();
    await probe;
    expect(elsewhere).toBe(false);
  });

  it('does not ride on once the probe is over', async () => {
    const { breaker } = probingCircuit({ successThreshold: 3, halfOpen: { permits: 1 } });
    let goOn = () => {};
    // What the probe leaves behind when it returns.
    const straggler = breaker.call(() => ({
      admitted: new Promise<void>((resolve) => (goOn = resolve)).then(() => startCall(breaker).admitted),
    }));
    startCall(breaker);
    goOn();
    expect(await straggler.admitted).toBe(false);
  });

  it('does not ride on a probe that a circuit of the same name in another panel has out', () => {
    const policy = { ...onePermit, key: 'geo' };
    const [one, other] = [probingCircuit(policy), probingCircuit(policy)];
    startCall(other.breaker);
    const admitted = one.breaker.call(() => admits(other.breaker));
    expect(admitted).toBe(false);
  });

  it('is a probe of its own where the other circuit is another', () => {
    const [outer, inner] = [probingCircuit(onePermit), probingCircuit(onePermit)];
    outer.breaker.call(() => inner.breaker.call(ok));
    expect([outer.breaker.snapshot().successes, inner.breaker.snapshot().successes]).toEqual([1, 1]);
  });
});

describe('the permits', () => {
  const outAtOnce = (breaker: CircuitBreaker): number => {
    let out = 0;
    while (startCall(breaker).admitted) out++;
    return out;
  };

  it.each([1, 2, 7, 100])('are %d where the policy says so', (permits) => {
    expect(outAtOnce(probingCircuit({ halfOpen: { permits } }).breaker)).toBe(permits);
  });

  it('are all there again in the next half-open phase, although some never came back', () => {
    const { breaker, clock } = probingCircuit({ halfOpen: { permits: 3, permitTimeout: 100 } });
    outAtOnce(breaker);
    clock.advance(200);
    expect(outAtOnce(breaker)).toBe(3);
  });

  it('are as many as a new circuit has after the circuit closed and opened again', () => {
    const { breaker, clock } = openCircuit({ successThreshold: 2, halfOpen: { permits: 3 } });
    clock.advance(100);
    startCall(breaker);
    succeed(breaker, 2);
    fail(breaker);
    clock.advance(100);
    expect(outAtOnce(breaker)).toBe(3);
  });

  it('are shared by the breakers of a key', () => {
    const policy = { key: 'geo', failureThreshold: 1, resetTimeout: 100, halfOpen: { permits: 2 } };
    const { breaker, another } = probingCircuit(policy);
    startCall(breaker);
    expect(outAtOnce(another(policy))).toBe(1);
  });

  it('are limited by nothing where the circuit is closed', () => {
    const { breaker } = circuit({ halfOpen: { permits: 1 } });
    const calls = [startCall(breaker), startCall(breaker)];
    expect(calls.map(({ admitted }) => admitted)).toEqual([true, true]);
  });
});
