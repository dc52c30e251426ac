import { getEnvironmentData } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import {
  CircuitBreaker,
  CircuitRegistry,
  circuits,
  isPanelFullError,
  Panel,
  type PanelOptions,
} from '@switchgear/core';
import { seededRandom } from '@switchgear/core/testing';
import { Header, type Layout, readHeader } from '../../src/panel/layout.js';
import { SharedMemory, type Wide } from '../../src/panel/memory.js';
import { NameTable } from '../../src/panel/name-table.js';
import { Segments } from '../../src/panel/segments.js';
import { encodeText } from '../../src/panel/text.js';
import { Hand, hire, until } from '../support/hand.js';

const policy = { successThreshold: 3, window: { calls: 20, minimumCalls: 20 } };
const keys = Array.from({ length: 12 }, (_, i) => longName(i));

/** The longer a name is, the longer it takes to write, and the likelier death is to come in the middle of it. */
function longName(index: number): string {
  return `${'name '.repeat(90)}${index + 100}`;
}

/** Kills workers in the midst of making, finding and removing circuits; tells the ids they had. */
async function killAmongNames(panel: Panel, rounds: number): Promise<readonly number[]> {
  const random = seededRandom(5);
  const tally = new Int32Array(new SharedArrayBuffer(4));
  const dead: number[] = [];
  for (let round = 0; round < rounds; round++) {
    Atomics.store(tally, 0, 0);
    const victims = hire(4, 'death-worker.cjs');
    for (const victim of victims) {
      const seed = Math.floor(random() * 1e9);
      victim.begin('turnNamesOver', { buffer: panel.buffer, tally, seed, keys, policy });
    }
    await until(() => Atomics.load(tally, 0) > 500);
    for (const victim of victims) {
      const end = performance.now() + random();
      while (performance.now() < end);
      await victim.terminate();
      dead.push(victim.threadId);
    }
  }
  return dead;
}

/** Makes circuits until there is no room for another; tells how many there were. */
function fill(panel: Panel): readonly CircuitBreaker[] {
  const made: CircuitBreaker[] = [];
  try {
    for (;;) {
      const key = longName(made.length);
      made.push(new CircuitBreaker({ ...policy, key }, { panel, declaredAt: 'death-worker.cjs' }));
    }
  } catch (error) {
    if (!isPanelFullError(error)) throw error;
    return made;
  }
}

describe('a panel whose threads are killed while they make, find and remove circuits', () => {
  // The first runs out of places, the second out of memory.
  // Pages that have become lines of threads stay such: eight of them, of six circuits each, is more than sixteen threads need.
  it.each<[string, PanelOptions, number]>([
    ['places', { circuits: 64, memory: 256 * 1024 }, 0],
    ['memory', { circuits: 256, memory: 48 * 1024 }, 8 * 6],
  ])('has no name twice, and all its %s can be used again', async (_what, options, taken) => {
    const panel = new Panel(options);
    const registry = new CircuitRegistry(panel);
    const dead = await killAmongNames(panel, 4);
    // Each can have been making no more than one.
    for (const threadId of dead) {
      expect(panel.reclaim(threadId)).toBeLessThanOrEqual(1);
      expect(panel.reclaim(threadId)).toBe(0);
    }
    const names = panel.keys();
    expect(names).toEqual([...new Set(names)]);
    expect(names.length).toBeGreaterThan(0);
    for (const key of names) {
      circuitOf(registry, key).reset();
      expect(registry.remove(key)).toBe(true);
    }
    expect(panel.keys()).toEqual([]);
    const fresh = new Panel(options);
    const filled = fill(panel);
    expect(filled.length).toBeGreaterThanOrEqual(fill(fresh).length - taken);
    // Nothing that the dead have left behind is counted for those who come after.
    for (const breaker of filled) {
      expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 0, window: { calls: 0 } });
    }
    expect(panel.keys()).toHaveLength(filled.length);
  });

  it('finds a circuit by its name for everybody who is left', async () => {
    const panel = new Panel({ circuits: 64, memory: 256 * 1024 });
    const registry = new CircuitRegistry(panel);
    await killAmongNames(panel, 2);
    for (const key of keys) circuitOf(registry, key).force('open');
    const worker = new Hand('esm-worker.mjs');
    await worker.ask('attach', panel.buffer);
    for (const key of keys) await worker.ask('declare', key, policy);
    const states = await Promise.all(keys.map((key) => worker.ask('state', key)));
    expect(new Set(states)).toEqual(new Set(['forced-open']));
    expect([...panel.keys()].sort()).toEqual([...keys].sort());
  });

  it('shows a circuit whose maker died right after making it', () => {
    const panel = new Panel({ circuits: 16 });
    const memory = new DeadlyMemory(panel.buffer);
    const layout = readHeader(memory) as Layout;
    const names = new NameTable(memory, layout, new Segments(memory, layout), 99);
    const declaration = {
      kind: 'circuit-breaker' as const,
      head: 4,
      body: 0,
      fingerprint: 1,
      sources: 0,
      declaredAt: 0,
      policy: 0,
    };
    expect(() => names.findOrMake(encodeText('made'), declaration)).toThrow('killed');
    expect(panel.keys()).toEqual(['made']);
  });

  function circuitOf(registry: CircuitRegistry, key: string): CircuitBreaker {
    return registry.get(key, policy, 'death-worker.cjs');
  }
});

/** Kills the thread as soon as it has committed a name, and before it has done anything about it. */
class DeadlyMemory extends SharedMemory {
  override compareAndSetWide(at: number, expected: Wide, low: number, high: number): boolean {
    const isSet = super.compareAndSetWide(at, expected, low, high);
    if (isSet && at === Header.commit) throw new Error('killed');
    return isSet;
  }
}

describe('circuits without a name', () => {
  it('of a worker leave not a byte in the panel of all threads', async () => {
    const worker = new Hand('death-worker.cjs');
    await worker.ask('makeNameless', 0);
    const left = getEnvironmentData('@switchgear/core/panel/3') as unknown as { buffer: SharedArrayBuffer };
    const shared = new Uint8Array(left.buffer);
    const before = Buffer.from(shared);
    expect(await worker.ask('makeNameless', 2_000)).toBe(2_000);
    await worker.terminate();
    expect(before.equals(shared)).toBe(true);
    // That this is the memory in question, a circuit with a name shows.
    circuits.get('named', {});
    expect(before.equals(shared)).toBe(false);
  });
});
