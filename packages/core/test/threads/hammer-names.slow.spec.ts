import { beforeAll, describe, expect, it } from '@jest/globals';
import { CircuitBreaker, CircuitRegistry, isPanelFullError, Panel } from '@switchgear/core';
import { type Hand, hire, StartingGate } from '../support/hand.js';

const policy = { failureThreshold: 1_000 };

let crew: readonly Hand[];

beforeAll(() => {
  crew = hire(4, 'hammer-worker.mjs');
});

async function haveAllDo(job: string, work: object): Promise<void> {
  const gate = new StartingGate();
  const done = crew.map((hand) => hand.ask(job, { ...work, policy, gate: gate.cells }));
  await gate.open(crew.length);
  await Promise.all(done);
}

describe('threads that make circuits of the same names at the same time', () => {
  it('make one of each, and count in it together', async () => {
    const panel = new Panel({ circuits: 1_000 });
    const keys = Array.from({ length: 500 }, (_, i) => `name-${i}`);
    await haveAllDo('makeAll', { buffer: panel.buffer, keys });
    expect([...panel.keys()].sort()).toEqual([...keys].sort());
    const failures = keys.map((key) => new CircuitBreaker({ ...policy, key }, { panel }).snapshot().failures);
    expect(failures).toEqual(keys.map(() => 4));
  });

  it('leave no more than one of each where they remove them as well', async () => {
    for (let round = 0; round < 8; round++) {
      const panel = new Panel({ circuits: 16 });
      const keys = Array.from({ length: 5 }, (_, i) => `name-${i}`);
      await haveAllDo('makeAndRemove', { buffer: panel.buffer, keys, rounds: 150 });
      expect(panel.keys()).toEqual([...new Set(panel.keys())]);
    }
  });

  it('have room for as many as ever, whatever they have made and removed', async () => {
    const panel = new Panel({ circuits: 16 });
    const keys = Array.from({ length: 5 }, (_, i) => `name-${i}`);
    await haveAllDo('makeAndRemove', { buffer: panel.buffer, keys, rounds: 1_000 });
    const others = Array.from({ length: 16 - keys.length }, (_, i) => `other-${i}`);
    for (const key of others) new CircuitBreaker({ ...policy, key }, { panel });
    expect(panel.keys()).toEqual(expect.arrayContaining(others));
  });
});

describe('a panel whose circuits come and go', () => {
  it('has room for as many under new names as it had for those that were removed', () => {
    const registry = new CircuitRegistry(new Panel({ circuits: 256, memory: 16 * 1024 }));
    const first = fill(registry, 'first');
    for (const key of registry.keys()) expect(registry.remove(key)).toBe(true);
    expect(registry.keys()).toEqual([]);
    expect(fill(registry, 'again')).toBe(first);
  });

  /** Makes circuits until there is no memory for another; tells how many there were. */
  function fill(registry: CircuitRegistry, name: string): number {
    for (let made = 0; ; made++) {
      try {
        registry.get(`${name}-${made + 1_000}`, policy, 'here');
      } catch (error) {
        if (isPanelFullError(error) && error.what === 'memory') return made;
        throw error;
      }
    }
  }
});
