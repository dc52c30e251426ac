import { describe, expect, it } from '@jest/globals';
import {
  CircuitBreaker,
  type CircuitBreakerPolicy,
  CircuitRegistry,
  circuits,
  Panel,
  withCircuitBreaker,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { panelElsewhere, removeElsewhere } from '../support/another-thread.js';
import { fail, ok, succeed } from '../support/calls.js';
import { eventsOf, transitionsOf } from '../support/listening.js';

// O18: `{ key }` alone threw at the first call of a function, threw at once from the registry, and declared in a constructor.

const ONCE: CircuitBreakerPolicy = { failureThreshold: 1, resetTimeout: '30s' };

let keys = 0;
const freshKey = () => `joined-circuits.spec ${++keys}`;

function registry() {
  const clock = new ManualClock(1_000);
  const panel = new Panel({ circuits: 8, memory: 2 ** 18, clock });
  return { panel, registry: new CircuitRegistry(panel) };
}

/** A registry in each of two threads, which have their memory in common. */
function twoThreads() {
  const { panel, registry: one } = registry();
  return { one, other: new CircuitRegistry(panelElsewhere(panel)), panel };
}

/** The same `{ key }` in each of the forms that take a policy; `call` fails once. */
const forms: readonly [string, (key: string) => { call(): void }][] = [
  ['circuits.get', (key) => wrapped(circuits.get(key, { key }))],
  ['new CircuitBreaker', (key) => wrapped(new CircuitBreaker({ key }))],
  ['withCircuitBreaker', (key) => guarded(withCircuitBreaker({ key })(down))],
  [
    'a policy with undefined fields',
    (key) => guarded(withCircuitBreaker({ key, window: undefined } as never)(down)),
  ],
];

function down(): never {
  throw new Error('down');
}

function wrapped(breaker: CircuitBreaker) {
  return guarded(breaker.wrap(down));
}

function guarded(fn: () => never) {
  return { call: () => expect(fn).toThrow() };
}

describe.each(forms)('a policy of the key alone, in %s,', (_, join) => {
  it('joins a circuit that was declared before', () => {
    const key = freshKey();
    const declared = circuits.get(key, ONCE);
    join(key).call();
    expect(declared.state).toBe('open');
  });

  it('joins a circuit that is declared after', () => {
    const key = freshKey();
    const joined = join(key);
    const declared = circuits.get(key, ONCE);
    joined.call();
    expect(declared.state).toBe('open');
  });

  it('joins a circuit that a constructor declares after', () => {
    const key = freshKey();
    const joined = join(key);
    const declared = new CircuitBreaker({ ...ONCE, key });
    joined.call();
    expect(declared.state).toBe('open');
  });

  it('declares the circuit with the defaults at the first call, if no place has', () => {
    const key = freshKey();
    const joined = join(key);
    for (let i = 0; i < 5; i++) joined.call();
    expect([circuits.get(key).state, circuits.get(key).explain().threshold]).toEqual(['open', 5]);
  });

  it('is a declaration for a text that refers to it', () => {
    const key = freshKey();
    join(key);
    expect(withCircuitBreaker(key)(ok)()).toBe('ok');
  });

  it('is a conflict with a policy that comes after the first call', () => {
    const key = freshKey();
    join(key).call();
    expect(() => circuits.get(key, ONCE)).toThrow(
      /has two policies.*\(different: failureThreshold, resetTimeout\).*has the defaults.*declare the policy before that call/,
    );
  });

  it('is no conflict with the default policy after the first call', () => {
    const key = freshKey();
    join(key).call();
    expect(circuits.get(key, { failureThreshold: 5 }).snapshot().failures).toBe(1);
  });
});

describe('a circuit that was joined and never called', () => {
  it('takes no memory', () => {
    const { registry: one, panel } = registry();
    one.get('geo', { key: 'geo' });
    expect(panel.keys()).toEqual([]);
  });

  it('is in keys, has and the iteration', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    expect([one.keys(), one.has('geo'), [...one]]).toEqual([['geo'], true, [breaker]]);
  });

  it('can be looked at, and is not made by that', () => {
    const { registry: one, panel } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    expect([breaker.state, breaker.snapshot().failures, breaker.explain().admits]).toEqual([
      'closed',
      0,
      true,
    ]);
    expect(panel.keys()).toEqual([]);
  });

  it('can be forced and reset', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    one.force('geo', 'open');
    expect([breaker.state, breaker.tryCall(ok).status]).toEqual(['forced-open', 'refused']);
    one.reset('geo');
    expect(breaker.state).toBe('closed');
  });

  it('can be listened to', () => {
    const { registry: one } = registry();
    const transitions = transitionsOf(one.get('geo', { key: 'geo' }));
    fail(one.get('geo', ONCE));
    expect(transitions).toEqual(['closed → open']);
  });

  it('calls the callbacks of the declaration that follows', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    const openings: unknown[] = [];
    one.get('geo', { ...ONCE, onOpen: (...args) => openings.push(args.length) });
    fail(breaker);
    expect(openings).toEqual([3]);
  });

  it('has the functions of the declaration that follows', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    one.get('geo', { ...ONCE, isFailure: (result) => result === 'ok' });
    succeed(breaker);
    expect(breaker.state).toBe('open');
  });

  it('has the breaker of the declaration that follows', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    expect([one.get('geo', ONCE), one.get('geo'), one.get('geo', { key: 'geo' })]).toEqual([
      breaker,
      breaker,
      breaker,
    ]);
  });

  it('has no part in a policy that has faults', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    expect(() => one.get('geo', { failureThreshold: 0 })).toThrow();
    one.get('geo', ONCE);
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('follows the next declaration after it was removed', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    fail(breaker);
    one.remove('geo');
    one.get('geo', ONCE);
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('follows a declaration with functions after it was removed', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', { key: 'geo' });
    fail(breaker);
    one.remove('geo');
    one.get('geo', { ...ONCE, isFailure: (result) => result === 'ok' });
    succeed(breaker);
    expect(breaker.state).toBe('open');
  });
});

it('a policy of another key alone is refused by the registry', () => {
  expect(() => registry().registry.get('geo', { key: 'maps' })).toThrow(
    /key: received "maps"; allowed: "geo", the name it is declared under/,
  );
});

it.each(['', 'k'.repeat(501), '\ud800'])(
  'a policy of a key alone that cannot be a name is refused: %.5s',
  (key) => {
    expect(() => registry().registry.get(key, { key })).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY' }),
    );
    expect(() => withCircuitBreaker({ key })).toThrow(expect.objectContaining({ code: 'ERR_POLICY' }));
  },
);

describe('a policy of the key alone, where another thread declares the circuit,', () => {
  it.each(['before', 'after'])('joins it: %s', (order) => {
    const { one, other } = twoThreads();
    const declare = () => one.get('geo', ONCE);
    if (order === 'before') declare();
    const joined = other.get('geo', { key: 'geo' });
    const declared = declare();
    fail(joined);
    expect([declared.state, joined.explain().threshold]).toEqual(['open', 1]);
  });

  it('shows its policy before the first call', () => {
    const { one, other } = twoThreads();
    const joined = other.get('geo', { key: 'geo' });
    one.get('geo', ONCE);
    expect(joined.explain().threshold).toBe(1);
  });

  it('joins it if a text referred to it before', () => {
    const { one, other } = twoThreads();
    const declared = one.get('geo', ONCE);
    const referred = other.get('geo');
    fail(other.get('geo', { key: 'geo' }));
    expect([declared.state, referred.state]).toEqual(['open', 'open']);
  });

  it('says what to do if its policy has functions', () => {
    const { one, other } = twoThreads();
    one.get('geo', { ...ONCE, isFailure: (result) => result === 'ok' });
    const joined = other.get('geo', { key: 'geo' });
    expect(() => joined.call(ok)).toThrow(/isFailure.*declare the circuit in this thread as well/);
  });

  it('can be called once this thread has declared the functions', () => {
    const { one, other } = twoThreads();
    const policy: CircuitBreakerPolicy = { ...ONCE, isFailure: (result) => result === 'ok' };
    one.get('geo', policy);
    const joined = other.get('geo', { key: 'geo' });
    joined.tryCall(ok);
    other.get('geo', policy);
    succeed(joined);
    expect(joined.state).toBe('open');
  });

  it('follows it when that thread has removed and declared it anew', () => {
    const { one, other } = twoThreads();
    one.get('geo', { failureThreshold: 7 });
    const joined = other.get('geo', { key: 'geo' });
    fail(joined);
    one.remove('geo');
    one.get('geo', ONCE);
    fail(joined);
    expect([one.get('geo').state, joined.explain().threshold]).toEqual(['open', 1]);
  });

  it('makes the circuit for both with its first call', () => {
    const { one, other } = twoThreads();
    const [mine, theirs] = [one, other].map((thread) => thread.get('geo', { key: 'geo' }));
    fail(mine, 3);
    fail(theirs, 2);
    expect([mine.state, theirs.state]).toEqual(['open', 'open']);
  });

  it('is a conflict with a policy that the other thread declares after the first call, and says why', () => {
    const { one, other } = twoThreads();
    fail(other.get('geo', { key: 'geo' }));
    expect(() => one.get('geo', ONCE)).toThrow(
      /^Key "geo" has two policies.*\(different: failureThreshold, resetTimeout\).*declare the policy before that call/,
    );
  });

  it('makes the circuit anew if another thread has removed it', () => {
    const { one, other, panel } = twoThreads();
    one.get('geo', ONCE);
    const joined = other.get('geo', { key: 'geo' });
    succeed(joined);
    removeElsewhere(panel, 'geo');
    fail(joined);
    expect(joined.state).toBe('open');
  });
});

it('a circuit that was joined hears its failures by its key', () => {
  const { registry: one } = registry();
  const breaker = one.get('geo', { key: 'geo' });
  const events = eventsOf(one);
  fail(breaker);
  expect(events.map((event) => 'circuit' in event && event.circuit)).toEqual(['geo']);
});
