import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  circuits,
  CircuitBreaker,
  type CircuitBreakerPolicy,
  CircuitRegistry,
  Panel,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { admits, fail, succeed } from '../../support/calls.js';
import { eventsOf, transitionsOf } from '../../support/listening.js';
import { BRITTLE } from '../../support/openings.js';

/** A registry over a panel with room for so few circuits that places are soon used again. */
function registry(circuitCount = 8) {
  const clock = new ManualClock(1_000);
  const panel = new Panel({ circuits: circuitCount, memory: 2 ** 18, clock });
  return { clock, panel, registry: new CircuitRegistry(panel) };
}

describe('circuits.get', () => {
  it('declares a circuit with its policy', () => {
    const breaker = registry().registry.get('geo', { failureThreshold: 7 });
    expect(breaker.explain()).toMatchObject({ threshold: 7 });
  });

  it('gives the circuit its name', () => {
    expect(registry().registry.get('geo', {}).key).toBe('geo');
  });

  it('refers to a declared circuit by its key alone', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', {});
    expect(one.get('geo')).toBe(breaker);
  });

  it('gives the same breaker for a second declaration', () => {
    const { registry: one } = registry();
    expect(one.get('geo', { failureThreshold: 7 })).toBe(one.get('geo', { failureThreshold: 7 }));
  });

  it('takes a policy with the same key', () => {
    expect(registry().registry.get('geo', { key: 'geo', failureThreshold: 7 }).key).toBe('geo');
  });

  it('refuses a policy with another key', () => {
    expect(() => registry().registry.get('geo', { key: 'maps', failureThreshold: 7 })).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY', faults: [expect.objectContaining({ path: 'key' })] }),
    );
  });

  it('refuses a policy with faults', () => {
    expect(() => registry().registry.get('geo', { failureThreshold: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY' }),
    );
  });

  it('declares nothing where the policy has faults', () => {
    const { registry: one } = registry();
    expect(() => one.get('geo', { failureThreshold: -1 })).toThrow();
    expect(one.has('geo')).toBe(false);
  });

  it('does not change the policy', () => {
    const policy: CircuitBreakerPolicy = Object.freeze({ failureThreshold: 7 });
    registry().registry.get('geo', policy);
    expect(policy).toEqual({ failureThreshold: 7 });
  });

  it('shares the circuit with breakers constructed with its key', () => {
    const { registry: one, panel } = registry();
    const breaker = one.get('geo', BRITTLE);
    fail(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { panel }));
    expect(breaker.state).toBe('open');
  });
});

describe('a key that nobody has declared', () => {
  it('is an error', () => {
    expect(() => registry().registry.get('geo')).toThrow(expect.objectContaining({ code: 'ERR_POLICY' }));
  });

  it('is an error that lists those that are declared', () => {
    const { registry: one } = registry();
    one.get('geo', {});
    one.get('maps', {});
    expect(() => one.get('weather')).toThrow(/geo, maps/);
  });

  it('is an error that says which was probably meant', () => {
    const { registry: one } = registry();
    one.get('geo-api', {});
    expect(() => one.get('geoapi')).toThrow(/did you mean "geo-api"/);
  });

  it('is an error that says so where none is declared', () => {
    expect(() => registry().registry.get('geo')).toThrow(/none/);
  });

  it('cannot be forced', () => {
    expect(() => registry().registry.force('geo', 'open')).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY' }),
    );
  });

  it('is not removed', () => {
    expect(registry().registry.remove('geo')).toBe(false);
  });
});

describe('the listing of a registry', () => {
  it('has the keys that were declared', () => {
    const { registry: one } = registry();
    one.get('geo', {});
    expect([one.has('geo'), one.has('maps')]).toEqual([true, false]);
  });

  it('names all circuits of the panel, whoever made them', () => {
    const { registry: one, panel } = registry();
    one.get('geo', {});
    new CircuitBreaker({ key: 'maps' }, { panel });
    expect([...one.keys()].sort()).toEqual(['geo', 'maps']);
  });

  it('names no circuit that has no key', () => {
    const { registry: one, panel } = registry();
    new CircuitBreaker({}, { panel });
    expect(one.keys()).toEqual([]);
  });

  it('iterates over the breakers that were declared', () => {
    const { registry: one } = registry();
    const breakers = [one.get('geo', {}), one.get('maps', {})];
    expect([...one]).toEqual(breakers);
  });
});

describe('circuits.force', () => {
  it('takes a circuit in hand by its key', () => {
    const { registry: one } = registry();
    const breaker = one.get('geo', {});
    one.force('geo', 'open');
    expect(breaker.state).toBe('forced-open');
  });

  it('takes a circuit in hand that this registry has not declared', () => {
    const { registry: one, panel } = registry();
    const breaker = new CircuitBreaker({ key: 'geo' }, { panel });
    one.force('geo', 'open');
    expect(breaker.state).toBe('forced-open');
  });

  it('tells of it', () => {
    const { registry: one, panel } = registry();
    new CircuitBreaker({ key: 'geo' }, { panel });
    const transitions = transitionsOf(one);
    one.force('geo', 'open');
    expect(transitions).toEqual(['closed → forced-open']);
  });

  it.each([true, false])('refuses a mode that does not exist, declared here: %p', (isDeclared) => {
    const { registry: one, panel } = registry();
    if (isDeclared) one.get('geo', {});
    else new CircuitBreaker({ key: 'geo' }, { panel });
    expect(() => one.force('geo', 'opne' as never)).toThrow(/open, closed, shadow, auto/);
  });
});

describe('circuits.subscribe', () => {
  it('hears of every circuit', () => {
    const { registry: one } = registry();
    const events = eventsOf(one);
    fail(one.get('geo', {}));
    fail(one.get('maps', {}));
    expect(events.map((event) => 'circuit' in event && event.circuit)).toEqual(['geo', 'maps']);
  });

  it('hears of circuits declared later', () => {
    const { registry: one } = registry();
    const transitions = transitionsOf(one);
    fail(one.get('geo', BRITTLE));
    expect(transitions).toEqual(['closed → open']);
  });

  it('ends with the function that it returns', () => {
    const { registry: one } = registry();
    let events = 0;
    const unsubscribe = one.subscribe(() => events++);
    unsubscribe();
    fail(one.get('geo', {}));
    expect(events).toBe(0);
  });

  it('hears nothing of circuits without a name', () => {
    const { registry: one, panel } = registry();
    const events = eventsOf(one);
    fail(new CircuitBreaker({}, { panel }));
    expect(events).toEqual([]);
  });
});

describe('circuits.remove', () => {
  it('removes a closed circuit', () => {
    const { registry: one } = registry();
    one.get('geo', {});
    expect([one.remove('geo'), one.has('geo'), one.keys()]).toEqual([true, false, []]);
  });

  it('does not remove an open circuit', () => {
    const { registry: one } = registry();
    fail(one.get('geo', BRITTLE));
    expect([one.remove('geo'), one.has('geo')]).toEqual([false, true]);
  });

  it('does not remove a circuit that an operator has in hand', () => {
    const { registry: one } = registry();
    one.get('geo', {}).force('open');
    expect(one.remove('geo')).toBe(false);
  });

  it('leaves the key free for another policy', () => {
    const { registry: one } = registry();
    one.get('geo', { failureThreshold: 7 });
    one.remove('geo');
    expect(one.get('geo', { failureThreshold: 8 }).explain().threshold).toBe(8);
  });

  it('lets a circuit of the same name start from nothing', () => {
    const { registry: one } = registry();
    fail(one.get('geo', { failureThreshold: 2 }));
    one.remove('geo');
    expect(one.get('geo', { failureThreshold: 2 }).snapshot().failures).toBe(0);
  });
});

describe('a breaker whose circuit was removed', () => {
  /** A breaker of a circuit that is gone, and others that may stand in its place. */
  function orphan() {
    const made = registry(1);
    const breaker = made.registry.get('old', BRITTLE);
    made.registry.remove('old');
    const declareOthers = () => ['one', 'two'].map((key) => made.registry.get(key, BRITTLE));
    return { ...made, breaker, declareOthers };
  }

  it('makes it anew when it is called', () => {
    const { breaker, registry: one } = orphan();
    succeed(breaker);
    expect(one.keys()).toEqual(['old']);
  });

  it('opens it as ever', () => {
    const { breaker } = orphan();
    fail(breaker);
    expect([breaker.state, admits(breaker)]).toEqual(['open', false]);
  });

  it('shares it with whoever declares it again', () => {
    const { breaker, registry: one } = orphan();
    fail(one.get('old', BRITTLE));
    expect(admits(breaker)).toBe(false);
  });

  it('has the state of no circuit in its place', () => {
    const { breaker, declareOthers } = orphan();
    for (const other of declareOthers()) fail(other);
    expect(breaker.state).toBe('closed');
  });

  it('has the snapshot of no circuit in its place', () => {
    const { breaker, declareOthers } = orphan();
    for (const other of declareOthers()) fail(other);
    expect(breaker.snapshot()).toMatchObject({ key: 'old', state: 'closed', openedAt: undefined });
  });

  it('explains no circuit in its place', () => {
    const { breaker, declareOthers } = orphan();
    for (const other of declareOthers()) fail(other);
    expect(breaker.explain()).toMatchObject({ admits: true, reason: 'closed' });
  });

  it('forces no circuit in its place', () => {
    const { breaker, registry: one } = orphan();
    const other = one.get('one', BRITTLE);
    breaker.force('open');
    expect(other.state).toBe('closed');
  });

  it('resets no circuit in its place', () => {
    const { breaker, declareOthers } = orphan();
    const others = declareOthers();
    for (const other of others) fail(other);
    try {
      breaker.reset();
    } catch {
      // There is no room to make it anew.
    }
    expect(others.map(({ state }) => state)).toEqual(['open', 'open']);
  });

  it('forces its own circuit, made anew', () => {
    const { breaker } = orphan();
    breaker.force('open');
    expect(admits(breaker)).toBe(false);
  });

  it('calls no function on behalf of a circuit in its place', () => {
    const { breaker, registry: one } = orphan();
    const other = one.get('one', BRITTLE);
    fail(breaker);
    expect(other.state).toBe('closed');
  });

  it('hears of its circuit when it is made anew', () => {
    const { breaker } = orphan();
    const transitions = transitionsOf(breaker);
    fail(breaker);
    expect(transitions).toEqual(['closed → open']);
  });
});

describe('circuits', () => {
  it('is the registry of the panel that all circuits with a key are in', () => {
    const key = 'registry.spec: default panel';
    const breaker = circuits.get(key, BRITTLE);
    fail(new CircuitBreaker({ ...BRITTLE, key }));
    expect(breaker.state).toBe('open');
  });

  it('is the same for another copy of the package', () => {
    const [esm, cjs] = ['esm', 'cjs'].map((build) =>
      join(import.meta.dirname, `../../../dist/${build}/index.js`),
    );
    const program = `
      import { createRequire } from 'node:module';
      import { circuits } from ${JSON.stringify(esm)};
      const copy = createRequire('file:///').call(undefined, ${JSON.stringify(cjs)});
      const breaker = circuits.get('geo', { failureThreshold: 1 });
      copy.circuits.get('geo', { failureThreshold: 1 }).tryCall(() => { throw new Error('down'); });
      console.log(copy.CircuitBreaker === breaker.constructor, breaker.state);
    `;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('false open\n');
  });
});

describe('a key that nobody has declared', () => {
  const messageOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('It was declared');
  };

  it('is answered with the nearest first, and no more than twenty', () => {
    const one = registry(128).registry;
    for (let i = 0; i < 60; i++) one.get(`circuit ${i}`, {});
    one.get('geo-api', {});
    const message = messageOf(() => one.get('geo-apy'));
    expect(message).toContain('one of geo-api, circuit 0, ');
    expect(message).toContain(', and 41 others');
  });

  it("is not answered with methods' own circuits", () => {
    const one = registry().registry;
    one.get('Geo.lookup (/app/geo.js:1:2 at :3:4)', {});
    expect(messageOf(() => one.get('geo'))).not.toContain('Geo.lookup');
  });

  it('is named with the line of code that refers to it', () => {
    expect(messageOf(() => registry().registry.get('geo', undefined, 'geo.ts:12:3'))).toContain(
      'geo.ts:12:3',
    );
  });
});
