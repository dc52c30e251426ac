import { expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy, type CircuitSnapshot, Panel } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { type CallInFlight, fail, startCall, succeed } from '../support/calls.js';

const PERMITS = 40;

/** More calls than any of the rings has slots for, in every tenth of the second. */
const TENTHS = 10;
const A_TENTH = 120;

/** What each circuit is called with last, and what its window has then. */
const WINDOWS = {
  five: { window: { calls: 5, failureRate: 1 }, successes: 3, failures: 2, calls: 5 },
  hundred: { window: { calls: 100, failureRate: 1 }, successes: 70, failures: 30, calls: 100 },
  threeHundred: { window: { calls: 300, failureRate: 1 }, successes: 200, failures: 100, calls: 300 },
  second: {
    window: { duration: 1_000, failureRate: 1 },
    successes: 450,
    failures: 50,
    calls: TENTHS * A_TENTH + 500,
  },
} as const;

type Name = keyof typeof WINDOWS;

const names = Object.keys(WINDOWS) as readonly Name[];

/** Four circuits of one panel, twice: two circuits of one policy lie side by side, others in pages of their own. */
function neighbours() {
  const clock = new ManualClock(1_000);
  const panel = new Panel({ circuits: 16, memory: 2 ** 18, clock });
  const policy = (name: Name): CircuitBreakerPolicy => ({
    window: WINDOWS[name].window,
    resetTimeout: 1,
    successThreshold: PERMITS,
    halfOpen: { permits: PERMITS },
  });
  return {
    clock,
    circuits: [...names, ...names].map((name, index) => ({
      ...WINDOWS[name],
      breaker: new CircuitBreaker({ ...policy(name), key: `${name}-${index}` }, { panel }),
    })),
  };
}

/** Neighbours whose windows are full. */
function filled() {
  const made = neighbours();
  for (let tenth = 1; tenth <= TENTHS; tenth++) {
    for (const { breaker } of made.circuits) succeed(breaker, A_TENTH);
    if (tenth < TENTHS) made.clock.advance(100);
  }
  for (const { breaker, failures, successes } of made.circuits) {
    succeed(breaker, successes);
    fail(breaker, failures);
  }
  return made;
}

const snapshots = (circuits: ReturnType<typeof filled>['circuits']): readonly CircuitSnapshot[] =>
  circuits.map(({ breaker }) => breaker.snapshot());

it('circuits of one panel whose windows are full each have a snapshot of their own', () => {
  const { circuits } = filled();
  expect(snapshots(circuits)).toMatchObject(
    circuits.map(({ breaker, failures, calls }) => ({
      key: breaker.key,
      state: 'closed',
      failures,
      window: { calls, failures },
    })),
  );
});

it.each([...names, ...names].map((name, index) => [name, index] as const))(
  'forty permits that are out of the circuit "%s" leave its neighbours as they were: %d',
  (_, index) => {
    const { clock, circuits } = filled();
    const [probed] = circuits.splice(index, 1);
    const before = snapshots(circuits);
    probed.breaker.reset();
    fail(probed.breaker, 1_000);
    clock.advance(1);
    const probes = Array.from({ length: PERMITS + 1 }, () => startCall(probed.breaker));
    expect(probes.filter(({ admitted }) => admitted)).toHaveLength(PERMITS);
    expect(snapshots(circuits)).toEqual(before);
  },
);

it('forty permits of each of the circuits are out at once, and each closes with its own', async () => {
  const { clock, circuits } = neighbours();
  for (const { breaker } of circuits) fail(breaker, 1_000);
  clock.advance(1);
  const probes: (readonly CallInFlight[])[] = circuits.map(({ breaker }) =>
    Array.from({ length: PERMITS }, () => startCall(breaker)),
  );
  const states: string[] = [];
  for (const [index, { breaker }] of circuits.entries()) {
    for (const probe of probes[index]) await probe.succeed();
    states.push(breaker.state);
  }
  expect(states).toEqual(circuits.map(() => 'closed'));
});
