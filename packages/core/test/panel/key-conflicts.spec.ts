import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy, CircuitRegistry } from '@switchgear/core';
import { panelElsewhere, removeElsewhere } from '../support/another-thread.js';
import { fail } from '../support/calls.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';
import { heard } from '../support/listening.js';

// Rule 6: one key, one policy.

const KEY = 'geo-api';
const STANDING: CircuitBreakerPolicy = { key: KEY, failureThreshold: 3, resetTimeout: '30s' };

/** A panel with a circuit declared in it by a constructor, and one declared by a registry. */
function declared(policy: CircuitBreakerPolicy = STANDING) {
  const { panel } = circuit(policy);
  return panel;
}

const conflict = expect.objectContaining({ code: 'ERR_KEY_CONFLICT', key: KEY });

describe('a second declaration of a key', () => {
  it('is the same circuit if its policy is the same', () => {
    const panel = declared();
    const second = new CircuitBreaker({ ...STANDING }, { panel });
    expect(panel.keys()).toEqual([second.key]);
  });

  it('is the same circuit if its policy says the same in other words', () => {
    const panel = declared();
    const policy = { key: KEY, resetTimeout: 30_000, failureThreshold: 3, successThreshold: 2 };
    expect(() => new CircuitBreaker(policy, { panel })).not.toThrow();
  });

  it.each<[string, CircuitBreakerPolicy]>([
    ['failureThreshold', { failureThreshold: 4 }],
    ['successThreshold', { successThreshold: 3 }],
    ['resetTimeout', { resetTimeout: '31s' }],
    ['resetTimeout', { resetTimeout: { initialDelay: '30s' } }],
    ['permits', { halfOpen: { permits: 7 } }],
    ['permitTimeout', { halfOpen: { permitTimeout: 7 } }],
    ['window', { window: { calls: 10 } }],
    ['async', { async: true }],
    ['expectedErrors', { expectedErrors: TypeError }],
    ['excludedErrors', { excludedErrors: TypeError }],
    ['isFailure', { isFailure: () => false }],
  ])('throws for another %s: %p', (_, other) => {
    const panel = declared();
    expect(() => new CircuitBreaker({ ...STANDING, ...other }, { panel })).toThrow(conflict);
  });

  it.each<[string, CircuitBreakerPolicy, CircuitBreakerPolicy]>([
    ['calls', { window: { calls: 10 } }, { window: { calls: 11 } }],
    ['a duration for calls', { window: { calls: 10 } }, { window: { duration: '10s' } }],
    ['duration', { window: { duration: '10s' } }, { window: { duration: '11s' } }],
    ['minimumCalls', { window: { calls: 10 } }, { window: { calls: 10, minimumCalls: 2 } }],
    ['failureRate', { window: { calls: 10 } }, { window: { calls: 10, failureRate: 0.6 } }],
    [
      'slowCallDuration',
      { window: { calls: 10 }, slowCallDuration: 10 },
      { window: { calls: 10 }, slowCallDuration: 11 },
    ],
  ])('throws for another window: %s', (_, standing, other) => {
    const panel = declared({ ...STANDING, ...standing });
    expect(() => new CircuitBreaker({ ...STANDING, ...other }, { panel })).toThrow(conflict);
  });

  it('leaves the first one as it was', () => {
    const { breaker, another } = circuit(STANDING);
    fail(breaker);
    expect(() => another({ ...STANDING, failureThreshold: 1 })).toThrow();
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 1 });
  });

  it('names the two places in code', () => {
    const registry = new CircuitRegistry(circuit().panel);
    registry.get(KEY, STANDING, 'src/geo.ts:12:3');
    expect(() => registry.get(KEY, { failureThreshold: 9 }, 'src/maps.ts:7:1')).toThrow(
      expect.objectContaining({ here: 'src/maps.ts:7:1', there: 'src/geo.ts:12:3' }),
    );
  });

  it('finds the places by itself, in this file', () => {
    const { panel } = circuit();
    new CircuitBreaker(STANDING, { panel });
    const thisFile: unknown = expect.stringMatching(/key-conflicts\.spec\.ts:\d+:\d+$/);
    expect(() => new CircuitBreaker({ ...STANDING, failureThreshold: 9 }, { panel })).toThrow(
      expect.objectContaining({ here: thisFile, there: thisFile }),
    );
  });

  it('says both places in the message', () => {
    const registry = new CircuitRegistry(circuit().panel);
    registry.get(KEY, STANDING, 'src/geo.ts:12:3');
    expect(() => registry.get(KEY, { failureThreshold: 9 }, 'src/maps.ts:7:1')).toThrow(
      /geo-api.*src\/geo\.ts:12:3.*src\/maps\.ts:7:1/,
    );
  });

  it('says in which fields the policies differ', () => {
    const registry = new CircuitRegistry(circuit().panel);
    registry.get(KEY, STANDING);
    expect(() => registry.get(KEY, { ...STANDING, failureThreshold: 9, async: false })).toThrow(
      expect.objectContaining({ differences: ['failureThreshold', 'async'] }),
    );
  });

  it('is free to use the key in another panel', () => {
    declared();
    expect(() => circuit({ ...STANDING, failureThreshold: 9 })).not.toThrow();
  });

  it('is free to use the key once the circuit was removed', () => {
    const registry = new CircuitRegistry(circuit().panel);
    registry.get(KEY, STANDING);
    registry.remove(KEY);
    expect(() => registry.get(KEY, { failureThreshold: 9 })).not.toThrow();
  });
});

describe('a circuit that another thread has removed, and made anew by another policy', () => {
  const remade = () => {
    const { breaker, panel } = circuit(STANDING);
    removeElsewhere(panel, KEY);
    const other = { key: KEY, failureThreshold: 1 };
    const stranger = new CircuitBreaker(other, { panel: panelElsewhere(panel) });
    fail(stranger);
    return { breaker, stranger };
  };

  it('is not taken for the one that was here', () => {
    const { breaker, stranger } = remade();
    expect([stranger.state, breaker.state, breaker.explain().admits]).toEqual(['open', 'closed', true]);
  });

  it('is not moved by an operator of the one that was here', () => {
    const { breaker, stranger } = remade();
    expect(() => breaker.reset()).toThrow(conflict);
    expect(stranger.state).toBe('open');
  });

  it('is a conflict at the next call', () => {
    const { breaker } = remade();
    expect(() => breaker.call(() => 'called')).toThrow(conflict);
  });
});

describe('a circuit that another thread has removed, and made anew by the same policy', () => {
  it('is the same circuit', () => {
    const { breaker, panel } = circuit({ ...STANDING, failureThreshold: 1 });
    removeElsewhere(panel, KEY);
    fail(new CircuitBreaker({ ...STANDING, failureThreshold: 1 }, { panel: panelElsewhere(panel) }));
    expect(breaker.state).toBe('open');
  });
});

describe('functions in two declarations', () => {
  const skipsText = () => ({ ...STANDING, excludedErrors: (error: unknown) => typeof error === 'string' });
  const skipsNumbers = () => ({ ...STANDING, excludedErrors: (error: unknown) => typeof error === 'number' });

  const registryWith = (policy: CircuitBreakerPolicy) => {
    const registry = new CircuitRegistry(circuit().panel);
    registry.get(KEY, policy);
    return { registry, warnings: heard(registry, 'warning') };
  };

  it('are no conflict though they differ', () => {
    const { registry } = registryWith(skipsText());
    expect(() => registry.get(KEY, skipsNumbers())).not.toThrow();
  });

  it('are a warning if their source differs', () => {
    const { registry, warnings } = registryWith(skipsText());
    registry.get(KEY, skipsNumbers());
    expect(warnings).toEqual([expect.objectContaining({ circuit: KEY, code: 'functions-differ' })]);
  });

  it('are a warning once', () => {
    const { registry, warnings } = registryWith(skipsText());
    for (let i = 0; i < 3; i++) registry.get(KEY, skipsNumbers());
    expect(warnings).toHaveLength(1);
  });

  it('are no warning if their source is the same', () => {
    const { registry, warnings } = registryWith(skipsText());
    registry.get(KEY, skipsText());
    expect(warnings).toEqual([]);
  });

  it('are a warning where breakers are constructed, too', () => {
    const { breaker, another } = circuit(skipsText());
    const warnings = heard(breaker, 'warning');
    another(skipsNumbers());
    expect(warnings).toEqual([expect.objectContaining({ code: 'functions-differ' })]);
  });

  it('are no part of the identity where they only listen', () => {
    const panel = declared();
    const listening = { ...STANDING, onOpen() {}, onHalfOpen() {}, onClose() {} };
    expect(() => new CircuitBreaker(listening, { panel })).not.toThrow();
  });
});

describe('a policy of nothing but a key', () => {
  it('refers to the circuit declared under it', () => {
    const registry = new CircuitRegistry(circuit().panel);
    const breaker = registry.get(KEY, STANDING);
    expect(registry.get(KEY, { key: KEY })).toBe(breaker);
  });

  it('refers to the circuit declared under it in a constructor as well', () => {
    const { breaker, another } = circuit({ key: KEY, failureThreshold: 1 });
    fail(another({ key: KEY }));
    expect(breaker.state).toBe('open');
  });
});
