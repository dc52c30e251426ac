import { beforeAll, describe, expect, it } from '@jest/globals';
import { circuits } from '@switchgear/core';
import { Hand, hire, StartingGate } from '../support/hand.js';

interface Ends {
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
  /** Results and errors that no call should have had. */
  readonly strange: readonly string[];
}

const THREADS = 4;
const KEYS = 50;
const CIRCUITS = 10;
const CALLS = 20_000;

describe('four threads that use fifty keys, with ten circuits for each', () => {
  let ends: readonly Ends[];
  let crew: readonly Hand[];

  beforeAll(async () => {
    crew = hire(THREADS, 'keyed-worker.mjs');
    const gate = new StartingGate();
    const policy = { failureThreshold: 2, successThreshold: 1, resetTimeout: 2, maxCircuits: CIRCUITS };
    const work = { prefix: 'storm ', keys: KEYS, calls: CALLS, policy, gate: gate.cells };
    const done = crew.map((hand, seed) => hand.ask<Ends>('storm', { ...work, seed }));
    await gate.open(THREADS);
    ends = await Promise.all(done);
  });

  it('give each call its own result or its own error, or refuse it', () => {
    expect(ends.flatMap(({ strange }) => strange)).toEqual([]);
  });

  it('end each call once', () => {
    const counted = ends.map(({ succeeded, failed, refused }) => succeeded + failed + refused);
    expect(counted).toEqual(ends.map(() => CALLS));
  });

  it('refuse some calls, and let others through', () => {
    expect(ends.every(({ succeeded, failed, refused }) => Math.min(succeeded, failed, refused) > 0)).toBe(
      true,
    );
  });

  it('leave no more circuits in the panel than all of them may have', () => {
    const left = circuits.keys().filter((key) => key.startsWith('storm '));
    expect(left.length).toBeLessThanOrEqual(THREADS * CIRCUITS);
  });

  it('leave each name once', () => {
    expect([...new Set(circuits.keys())]).toEqual(circuits.keys());
  });

  it('see the same circuits', async () => {
    expect(await crew[0].ask('keys')).toEqual(circuits.keys());
  });
});

describe('a circuit that one thread has declared by its name', () => {
  const policy = { failureThreshold: 3 };

  it('makes no room in another, where arguments name it', async () => {
    circuits.get('declared', policy);
    const keys = ['declared', 'others 1', 'others 2', 'others 3'];
    await new Hand('keyed-worker.mjs').ask('callEach', { keys, policy: { ...policy, maxCircuits: 2 } });
    expect(circuits.keys()).toContain('declared');
  });

  it('makes no room where arguments had named it before', async () => {
    const worker = new Hand('keyed-worker.mjs');
    const all = { ...policy, maxCircuits: 2 };
    await worker.ask('callEach', { keys: ['late'], policy: all });
    circuits.get('late', policy);
    await worker.ask('callEach', { keys: ['late', 'others 1', 'others 2', 'others 3'], policy: all });
    expect(circuits.keys()).toContain('late');
  });
});
