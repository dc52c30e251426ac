import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CircuitBreaker,
  type CircuitBreakerPolicy,
  circuits,
  type ForceMode,
  Panel,
  withCircuitBreaker,
} from '@switchgear/core';
import { ManualClock, replaceCircuits } from '@switchgear/core/testing';
import { removeElsewhere } from '../../support/another-thread.js';
import { broken, ok } from '../../support/calls.js';
import { heard, transitionsOf } from '../../support/listening.js';
import { BRITTLE } from '../../support/openings.js';
import { heardWarnings } from '../../support/heard-warnings.js';

type Act = () => unknown;

const refusal = expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' });
const fault = expect.objectContaining({ code: 'ERR_POLICY' });

let clock: ManualClock;
let panel: Panel;
let restore: () => void;
let warnings: readonly string[];

function begin(options: { circuits?: number } = {}): void {
  clock = new ManualClock(1_000);
  panel = new Panel({ circuits: 64, clock, ...options });
  restore = replaceCircuits(panel);
}

beforeEach(() => {
  warnings = heardWarnings();
  begin();
});

afterEach(() => {
  // Else what is declared in one spec would be declared in the next.
  for (const { key } of circuits) {
    circuits.force(key, 'auto');
    circuits.remove(key);
  }
  restore();
});

/** A function whose first argument is its key, and whose second says what it does. */
function guarded(policy: Omit<CircuitBreakerPolicy, 'key'> & { readonly maxCircuits?: number } = {}) {
  return withCircuitBreaker({ ...BRITTLE, ...policy, key: (key: string) => key })(
    (_: string, act: Act = ok) => act(),
  );
}

type GuardedByKey = ReturnType<typeof guarded>;

/** A key that was called a while ago: the next one to make room. */
function idle(fn: GuardedByKey, ...keys: readonly string[]): void {
  for (const key of keys) fn(key);
}

/** Opens the circuits of some keys. */
function open(fn: GuardedByKey, ...keys: readonly string[]): void {
  for (const key of keys) expect(() => fn(key, broken)).toThrow('down');
}

const keys = (): readonly string[] => [...panel.keys()].sort();

describe('a function with a circuit per key', () => {
  it('has one for each', () => {
    const fn = guarded();
    open(fn, 'a');
    expect(fn('b')).toBe('ok');
    expect(() => fn('a')).toThrow(refusal);
  });

  it('makes none before a call asks for one', () => {
    guarded();
    expect(keys()).toEqual([]);
  });

  it('names them by what the key function returns', () => {
    const fn = guarded();
    fn('a');
    expect(circuits.get('a').explain().threshold).toBe(1);
  });

  it('shares them with other functions of the same keys', () => {
    const [one, other] = [guarded(), guarded()];
    open(one, 'a');
    expect(() => other('a')).toThrow(refusal);
  });

  it('passes this and arguments to the key function', () => {
    const of = withCircuitBreaker({
      key(this: { region: string }, tenant: string) {
        return `${this.region}/${tenant}`;
      },
    })(function (this: { region: string }, tenant: string, n: number) {
      return `${this.region} ${tenant} ${n}`;
    });
    expect([of.call({ region: 'eu' }, 'a', 7), ...keys()]).toEqual(['eu a 7', 'eu/a']);
  });

  it('keeps name and length', () => {
    const load = withCircuitBreaker({ key: (tenant: string) => tenant })(async function loadOne(
      tenant: string,
      id: number,
    ) {
      return [tenant, id];
    });
    expect([load.name, load.length]).toEqual(['loadOne', 2]);
  });

  it('counts rejections', async () => {
    const load = withCircuitBreaker({ ...BRITTLE, key: (tenant: string) => tenant })(async (key: string) => {
      if (key !== '') broken();
    });
    await expect(load('a')).rejects.toThrow('down');
    await expect(load('a')).rejects.toEqual(refusal);
  });

  it('has a hundred calls of a hundred keys in flight at once, each with its own result', async () => {
    const load = withCircuitBreaker({ ...BRITTLE, maxCircuits: 7, key: (n: number) => `n${n % 50}` })(async (
      n: number,
    ) => {
      await Promise.resolve();
      return n;
    });
    const wanted = Array.from({ length: 100 }, (_, n) => n);
    expect(await Promise.all(wanted.map((n) => load(n)))).toEqual(wanted);
  });

  it('may call itself, deeper than it has circuits', () => {
    const countdown: (n: number) => number = withCircuitBreaker({
      maxCircuits: 3,
      key: (n: number) => `n${n}`,
    })((n: number) => (n === 0 ? 0 : 1 + countdown(n - 1)));
    expect([countdown(20), keys().length]).toEqual([20, 3]);
  });

  it('refuses what its key function calls of it, where that circuit refuses', () => {
    const fn = guarded();
    open(fn, 'a');
    const nosy = withCircuitBreaker({ key: () => String(fn('a')) })(ok);
    expect(nosy).toThrow(refusal);
  });

  it('conflicts with a key of another policy', () => {
    circuits.get('a', { failureThreshold: 9 });
    expect(() => guarded()('a')).toThrow(expect.objectContaining({ code: 'ERR_KEY_CONFLICT' }));
  });

  it('calls the callbacks of its policy', () => {
    const onOpen = jest.fn();
    open(guarded({ onOpen }), 'a');
    expect(onOpen).toHaveBeenCalledTimes(1);
  });
});

describe('a new key where there are as many circuits as there may be', () => {
  it('has the one make room that nobody has used for a while', () => {
    const fn = guarded({ maxCircuits: 2 });
    idle(fn, 'a', 'b', 'c');
    // Now b was looked at and found unused since; a round ago a made room for c.
    fn('d');
    expect(keys()).toEqual(['c', 'd']);
  });

  it('leaves one alone that was used since', () => {
    const fn = guarded({ maxCircuits: 3 });
    idle(fn, 'a', 'b', 'c', 'd');
    fn('b');
    fn('e');
    expect(keys()).toEqual(['b', 'd', 'e']);
  });

  it('leaves one alone that refuses', () => {
    const fn = guarded({ maxCircuits: 2 });
    open(fn, 'a');
    idle(fn, 'b', 'c', 'd', 'e');
    expect(keys()).toEqual(['a', 'e']);
  });

  it('has a closed one make room rather than one that would let a probe through', () => {
    const fn = guarded({ maxCircuits: 2 });
    open(fn, 'a');
    clock.advance(100);
    idle(fn, 'b', 'c', 'd');
    expect(keys()).toEqual(['a', 'd']);
  });

  it('has one make room that would let a probe through, where none is closed', () => {
    const fn = guarded({ maxCircuits: 2 });
    open(fn, 'a', 'b');
    clock.advance(100);
    fn('c');
    expect(keys()).toHaveLength(2);
    expect(keys()).toContain('c');
  });

  it('leaves one alone whose probe is out', () => {
    const fn = guarded({ maxCircuits: 1, halfOpen: { permits: 1 } });
    open(fn, 'a');
    clock.advance(100);
    fn('a', () => {
      fn('b');
      fn('c');
    });
    expect(keys()).toEqual(['a']);
  });

  it.each<ForceMode>(['open', 'closed', 'shadow'])('leaves one alone that was forced %s', (mode) => {
    const fn = guarded({ maxCircuits: 1 });
    fn('a');
    circuits.force('a', mode);
    idle(fn, 'b', 'c', 'd');
    expect(keys()).toEqual(['a']);
  });

  it('has one make room that an operator has given back', () => {
    const fn = guarded({ maxCircuits: 1 });
    fn('a');
    circuits.force('a', 'open');
    circuits.force('a', 'auto');
    fn('b');
    expect(keys()).toEqual(['b']);
  });

  it('leaves one alone that was declared before', () => {
    circuits.get('a', BRITTLE);
    const fn = guarded({ maxCircuits: 1 });
    idle(fn, 'a', 'b', 'c', 'd');
    expect(keys()).toEqual(['a', 'd']);
  });

  it('leaves one alone that was declared since', () => {
    const fn = guarded({ maxCircuits: 1 });
    fn('a');
    circuits.get('a', BRITTLE);
    idle(fn, 'b', 'c', 'd');
    expect(keys()).toEqual(['a']);
  });

  it('leaves circuits alone that others declared', () => {
    circuits.get('somebody-elses', {});
    const fn = guarded({ maxCircuits: 1 });
    idle(fn, 'a', 'b');
    expect(keys()).toEqual(['b', 'somebody-elses']);
  });

  it('takes the place of one that was removed', () => {
    const fn = guarded({ maxCircuits: 2 });
    idle(fn, 'a', 'b');
    circuits.remove('a');
    fn('c');
    expect(keys()).toEqual(['b', 'c']);
  });

  it('is forgotten by the thread too when it has made room', () => {
    const fn = guarded({ maxCircuits: 1 });
    idle(fn, 'a', 'b');
    expect(circuits.has('a')).toBe(false);
  });

  it('comes back closed', () => {
    const fn = guarded({ maxCircuits: 1, failureThreshold: 2 });
    open(fn, 'a');
    idle(fn, 'b', 'a');
    expect(circuits.get('a').snapshot().failures).toBe(0);
  });
});

describe('a circuit that has made room', () => {
  it('in the middle of a call does not hear of its outcome', async () => {
    const failures: (() => void)[] = [];
    const load = withCircuitBreaker({ ...BRITTLE, maxCircuits: 1, key: (key: string) => key })(
      async (key: string) => new Promise((_, reject) => failures.push(() => reject(new Error(key)))),
    );
    const first = load('a');
    for (const key of ['b', 'a']) load(key).catch(() => undefined);
    failures[0]();
    await first.catch(() => undefined);
    expect(circuits.get('a').state).toBe('closed');
  });

  it('in the middle of a call gives the call its result', async () => {
    let settle: (value: string) => void = () => {};
    const load = withCircuitBreaker({ maxCircuits: 1, key: (key: string) => key })(async (key: string) =>
      key === 'a' ? new Promise<string>((resolve) => (settle = resolve)) : key,
    );
    const call = load('a');
    await load('b');
    settle('late');
    expect(await call).toBe('late');
  });

  it('for another function of the same keys is found anew', () => {
    const [one, other] = [guarded({ maxCircuits: 1 }), guarded({ maxCircuits: 1 })];
    idle(one, 'a');
    idle(other, 'a', 'b');
    open(one, 'a');
    expect(() => one('a')).toThrow(refusal);
  });

  it('is not made again by a stream that was made before and is read later', () => {
    const count = withCircuitBreaker({ maxCircuits: 2, key: (key: string) => key })(function* (key: string) {
      yield key;
    });
    const streams = ['a', 'b', 'c', 'd', 'e'].map((key) => count(key));
    expect(streams.map((stream) => stream.next().value)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(keys()).toHaveLength(2);
  });
});

describe('a key for which there is no room', () => {
  function crowded(policy: Parameters<typeof guarded>[0] = {}) {
    const fn = guarded({ maxCircuits: 2, ...policy });
    open(fn, 'a', 'b');
    return fn;
  }

  it('has a circuit of this thread', () => {
    const fn = crowded();
    expect([fn('c'), ...keys()]).toEqual(['ok', 'a', 'b']);
  });

  it('has a circuit that counts', () => {
    const fn = crowded();
    open(fn, 'c');
    expect(() => fn('c')).toThrow(refusal);
  });

  it('has a circuit on the same clock', () => {
    const fn = crowded({ successThreshold: 1 });
    open(fn, 'c');
    clock.advance(100);
    expect(fn('c')).toBe('ok');
  });

  it('is told of once, as a warning of the process', () => {
    const fn = crowded();
    idle(fn, 'c', 'd', 'c');
    expect(warnings).toEqual([expect.stringContaining('no room for circuit "c"')]);
  });

  it('is told of as an event, each', () => {
    const fn = crowded();
    const told = heard(circuits, 'warning');
    idle(fn, 'c', 'd', 'c');
    expect(told).toMatchObject([
      { circuit: 'c', code: 'too-many-circuits' },
      { circuit: 'd', code: 'too-many-circuits' },
    ]);
  });

  it('has its call done where a listener to that throws', () => {
    const fn = crowded();
    const unsubscribe = circuits.subscribe(broken);
    expect(fn('c')).toBe('ok');
    unsubscribe();
  });

  it('has its call done where a listener to that calls for the next', () => {
    const fn = crowded();
    let isFirst = true;
    const unsubscribe = circuits.subscribe(({ type }) => {
      if (type === 'warning' && isFirst) {
        isFirst = false;
        fn('d');
      }
    });
    expect([fn('c'), ...keys()]).toEqual(['ok', 'a', 'b']);
    unsubscribe();
  });

  it('gets a circuit for all threads when there is room', () => {
    const fn = crowded();
    fn('c');
    circuits.get('a').reset();
    fn('c');
    expect(keys()).toEqual(['b', 'c']);
  });

  it('gets the circuit that stands under it by then', () => {
    const fn = crowded();
    fn('c');
    circuits.get('c', BRITTLE).force('open');
    expect(() => fn('c')).toThrow(refusal);
  });

  it('keeps its own circuit while that refuses', () => {
    const fn = crowded();
    open(fn, 'c');
    circuits.get('a').reset();
    expect(() => fn('c')).toThrow(refusal);
    expect(keys()).toEqual(['a', 'b']);
  });

  it('gets a circuit for all threads once its own has closed', () => {
    const fn = crowded({ successThreshold: 1, resetTimeout: 100 });
    open(fn, 'c');
    clock.advance(100);
    fn('c');
    fn('c');
    expect(keys()).toContain('c');
  });

  it('begins anew should there be no room again', () => {
    const fn = guarded({ maxCircuits: 1, failureThreshold: 2 });
    fn('a');
    circuits.force('a', 'open');
    open(fn, 'c');
    circuits.force('a', 'auto');
    idle(fn, 'c', 'a');
    circuits.force('a', 'open');
    open(fn, 'c');
    expect(fn('c')).toBe('ok');
  });

  it('is guarded by the declared circuit if there is one', () => {
    const fn = crowded();
    circuits.get('c', BRITTLE).force('open');
    expect(() => fn('c')).toThrow(refusal);
  });

  it('has a circuit whatever the window takes', () => {
    const fn = crowded({ window: { calls: 10_000 } });
    const many = Array.from({ length: 300 }, (_, i) => `many-${i}`);
    expect(many.map((key) => fn(key))).toEqual(many.map(() => 'ok'));
  });

  it('has a circuit whatever the length of the keys before it', () => {
    const fn = crowded({ window: { calls: 10_000 } });
    const many = Array.from({ length: 300 }, (_, i) => String(i).padStart(1 + (i % 500), '-'));
    expect(many.map((key) => fn(key))).toEqual(many.map(() => 'ok'));
  });

  it('is the last of thousands, and the first is forgotten', () => {
    const fn = crowded();
    open(fn, 'first');
    for (let i = 0; i < 1_000; i++) fn(`key ${i}`);
    expect(fn('first')).toBe('ok');
  });
});

describe('a panel that is full', () => {
  beforeEach(() => {
    restore();
    // With room for three, to the place.
    begin({ circuits: 2 });
  });

  it('gives its keys circuits of this thread', () => {
    for (const key of ['x', 'y', 'z']) circuits.get(key, {});
    const fn = guarded();
    open(fn, 'a');
    expect(() => fn('a')).toThrow(refusal);
  });

  it('has the circuits of its function make room for each other', () => {
    circuits.get('x', {});
    const fn = guarded();
    idle(fn, 'a', 'b', 'c', 'd');
    expect(keys()).toHaveLength(3);
    expect(keys()).toContain('d');
  });

  it('has a call of a key done whose circuit another thread has removed for its own', () => {
    const fn = guarded();
    idle(fn, 'a', 'b', 'c');
    removeElsewhere(panel, 'a');
    new CircuitBreaker({ key: 'theirs' }, { panel });
    expect(fn('a')).toBe('ok');
  });
});

describe('a circuit that another thread has removed', () => {
  beforeEach(() => {
    restore();
    // With room for two, to the place.
    begin({ circuits: 1 });
    circuits.get('x', {});
  });

  it('does not keep the one that stands in its place when it is declared', () => {
    idle(guarded(), 'a');
    removeElsewhere(panel, 'a');
    const other = guarded();
    other('b');
    circuits.get('a', BRITTLE);
    idle(other, 'c', 'd');
    expect(keys()).toEqual(['d', 'x']);
  });
});

describe('a key that makes no circuit', () => {
  it('has none make room', () => {
    const fn = guarded({ maxCircuits: 2 });
    idle(fn, 'a', 'b');
    for (let i = 0; i < 10; i++) expect(() => fn('')).toThrow(fault);
    expect(keys()).toEqual(['a', 'b']);
  });

  it('has one make room at most, if it conflicts', () => {
    const fn = guarded({ maxCircuits: 4 });
    idle(fn, 'a', 'b', 'c', 'd');
    const other = withCircuitBreaker({ key: () => 'theirs', failureThreshold: 9 })(ok);
    other();
    for (let i = 0; i < 10; i++) expect(() => fn('theirs')).toThrow();
    expect(keys().length).toBeGreaterThanOrEqual(4);
  });
});

describe('circuits that come and go', () => {
  it('tell of their transitions under their names', () => {
    const fn = guarded({ maxCircuits: 1 });
    const transitions = transitionsOf(circuits);
    open(fn, 'a');
    clock.advance(100);
    open(fn, 'b');
    expect(transitions).toEqual(['closed → open', 'closed → open']);
  });

  it('go by the clock, however far it moves', () => {
    const fn = guarded({ maxCircuits: 2, successThreshold: 1 });
    open(fn, 'a', 'b');
    clock.advance(2 ** 40);
    expect(['a', 'b', 'c'].map((key) => fn(key))).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('a panel that circuits of arguments have filled', () => {
  it('has room for one that is declared', () => {
    restore();
    begin({ circuits: 4 });
    // As a thread leaves them that has ended: nobody sweeps them.
    const abandoned = guarded();
    for (let i = 0; i < 50; i++) abandoned(`abandoned ${i}`);
    circuits.get('declared', BRITTLE);
    expect(keys()).toContain('declared');
  });

  it('does not let one go that refuses calls', () => {
    restore();
    begin({ circuits: 4 });
    const abandoned = guarded();
    open(abandoned, 'open');
    for (let i = 0; i < 50; i++) abandoned(`abandoned ${i}`);
    for (let i = 0; i < 3; i++) circuits.get(`declared ${i}`, BRITTLE);
    expect(keys()).toContain('open');
  });
});
