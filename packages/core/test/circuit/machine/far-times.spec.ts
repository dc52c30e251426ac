import { describe, expect, it } from '@jest/globals';
import { admits, fail, startCall } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heard } from '../../support/listening.js';

// Times are stored in parts of few bits: each of these has another part to get wrong.

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
/** The first moment that a panel cannot name: 4.3 years after it was made. */
const END = 2 ** 37;

/** A half-open circuit with one permit, so long after its panel was made. */
function halfOpenAfter(age: number, successThreshold = 1) {
  const made = circuit({
    failureThreshold: 1,
    successThreshold,
    resetTimeout: 100,
    halfOpen: { permits: 1, permitTimeout: 70 },
  });
  made.clock.advance(age - 100);
  fail(made.breaker);
  made.clock.advance(100);
  return { ...made, probe: startCall(made.breaker) };
}

describe.each([
  ['511 ms', 511],
  ['512 ms', 512],
  ['5 s', 5_000],
  ['8,191 ms', 8_191],
  ['8,192 ms', 8_192],
  ['13 s', 13_000],
  ['an hour', HOUR],
  ['a year', YEAR],
  ['four years', 4 * YEAR],
])('a permit taken %s after the panel was made', (_, age) => {
  it('is out until it expires', () => {
    const { breaker, clock } = halfOpenAfter(age);
    clock.advance(69);
    expect([admits(breaker), breaker.state]).toEqual([false, 'half-open']);
  });

  it('expires in time', () => {
    const { breaker, clock } = halfOpenAfter(age);
    clock.advance(70);
    expect([admits(breaker), breaker.state]).toEqual([false, 'open']);
  });

  it('says with a refusal when it expires', () => {
    const { breaker, clock } = halfOpenAfter(age);
    const refusals = heard(breaker, 'refusal');
    clock.advance(30);
    admits(breaker);
    expect(refusals).toMatchObject([{ retryAfter: 40 }]);
  });

  it('opens the circuit as of its expiry', () => {
    const { breaker, clock } = halfOpenAfter(age);
    const transitions = heard(breaker, 'transition');
    const { openedAt = NaN } = breaker.snapshot();
    clock.advance(90);
    admits(breaker);
    expect(transitions).toMatchObject([{ to: 'open', at: openedAt + 170 }]);
  });

  it('comes back with a probe that succeeds', async () => {
    const { breaker, probe } = halfOpenAfter(age, 2);
    await probe.succeed();
    expect(startCall(breaker).admitted).toBe(true);
  });

  it('closes the circuit with a probe that succeeds', async () => {
    const { breaker, clock, probe } = halfOpenAfter(age);
    clock.advance(69);
    await probe.succeed();
    expect(breaker.state).toBe('closed');
  });
});

describe('at the last moment that a panel can name', () => {
  const policy = { failureThreshold: 1, resetTimeout: 100, halfOpen: { permits: 1 } };

  it.each([END - 1, END, END + HOUR])('a circuit that opens stays open: %d ms', (age) => {
    const { breaker, clock } = circuit(policy);
    clock.advance(age);
    fail(breaker);
    clock.advance(10_000);
    expect(breaker.state).toBe('open');
  });

  it('a circuit that opens shortly before it refuses calls until then', () => {
    const { breaker, clock } = circuit(policy);
    clock.advance(END - 50);
    fail(breaker);
    clock.advance(48);
    const before = admits(breaker);
    clock.advance(1);
    expect([before, admits(breaker)]).toEqual([false, true]);
  });

  it.each([END - 1, END, END + HOUR])('a probe expires no more: %d ms', (age) => {
    const { breaker, clock } = circuit(policy);
    clock.advance(age);
    fail(breaker);
    startCall(breaker);
    clock.advance(YEAR);
    expect([admits(breaker), breaker.state]).toEqual([false, 'half-open']);
  });

  it('a probe that would expire after it expires no more', () => {
    const { breaker, clock } = halfOpenAfter(END - 50);
    clock.advance(YEAR);
    expect([admits(breaker), breaker.state]).toEqual([false, 'half-open']);
  });

  it('a probe closes its circuit all the same', async () => {
    const { breaker, probe } = halfOpenAfter(END + HOUR);
    await probe.succeed();
    expect(breaker.state).toBe('closed');
  });

  it.each([END - 1, END, 10 * END])('a window of time counts: %d ms', (age) => {
    const { breaker, clock } = circuit({ window: { duration: 1_000 } });
    clock.advance(age);
    fail(breaker);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 1 });
  });
});
