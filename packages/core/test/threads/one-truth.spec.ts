import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  CircuitBreaker,
  CircuitRegistry,
  circuits,
  isKeyConflictError,
  Panel,
  PanelFullError,
} from '@switchgear/core';
import { fixture, Hand } from '../support/hand.js';
import { SharedClock } from '../support/shared-clock.js';

const policy = { failureThreshold: 3, resetTimeout: '1h' } as const;
const fine = (): string => 'fine';

let one: Hand;
let other: Hand;

beforeAll(() => {
  one = new Hand('esm-worker.mjs');
  other = new Hand('cjs-worker.cjs');
});

describe('a circuit that a worker opens', () => {
  it('refuses the very next call in the main thread', async () => {
    const breaker = circuits.get('opened', policy);
    expect(breaker.tryCall(fine).status).toBe('succeeded');
    await one.ask('declare', 'opened', policy);
    expect(await one.ask('fail', 'opened', 3)).toEqual(['failed', 'failed', 'failed']);
    expect(breaker.tryCall(fine).status).toBe('refused');
    expect(breaker.state).toBe('open');
  });

  it('refuses the very next call in another worker', async () => {
    for (const worker of [one, other]) await worker.ask('declare', 'two-workers', policy);
    expect(await other.ask('succeed', 'two-workers')).toEqual(['succeeded']);
    await one.ask('fail', 'two-workers', 3);
    expect(await other.ask('succeed', 'two-workers')).toEqual(['refused']);
  });

  it('says in every thread what opened it', async () => {
    const breaker = circuits.get('why', policy);
    for (const worker of [one, other]) await worker.ask('declare', 'why', policy);
    await one.ask('fail', 'why', 3);
    const reason = { by: 'failures', failures: 3, calls: 3, failureRate: 1, thread: one.threadId };
    expect(breaker.snapshot().opening).toMatchObject(reason);
    expect(breaker.snapshot().opening?.cause).toMatchObject({
      code: 'EGEO',
      message: 'the geocoder is gone',
    });
    const { opening } = await other.ask<{ opening: object }>('snapshot', 'why');
    expect(opening).toMatchObject(reason);
  });

  it('is noticed by a loop that does nothing but call it', async () => {
    // One failure opens it: the successes of the loop would forget the first of several.
    const brittle = { ...policy, failureThreshold: 1 };
    const breaker = circuits.get('busy', brittle);
    await one.ask('declare', 'busy', brittle);
    // Late enough for the loop to have been compiled to its best.
    const opened = one.ask('failAfter', 50, 'busy', 1);
    // Nothing gives way to the event loop here: only the memory can say that the circuit has opened.
    const deadline = Date.now() + 20_000;
    let refused = false;
    while (!refused && Date.now() < deadline) refused = breaker.tryCall(fine).status === 'refused';
    expect(refused).toBe(true);
    await opened;
  });

  it('counts the failures of all threads together', async () => {
    const breaker = circuits.get('counted-together', policy);
    for (const worker of [one, other]) {
      await worker.ask('declare', 'counted-together', policy);
      await worker.ask('fail', 'counted-together');
    }
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 2 });
    breaker.tryCall(() => {
      throw new Error('the third');
    });
    expect(await one.ask('state', 'counted-together')).toBe('open');
  });
});

describe('the panel of all threads', () => {
  it.each([
    ['esm-worker.mjs', 'esm-worker.mjs'],
    ['esm-worker.mjs', 'cjs-worker.cjs'],
    ['cjs-worker.cjs', 'esm-worker.mjs'],
  ])('reaches the worker of a worker (%s, %s)', async (outer, inner) => {
    const key = `nested-${outer}-${inner}`;
    const breaker = circuits.get(key, { ...policy, failureThreshold: 1 });
    breaker.force('open');
    const worker = outer === 'esm-worker.mjs' ? one : other;
    const keys = await worker.ask('haveDone', fixture(inner), 'keys');
    expect(keys).toContain(key);
    await worker.ask('haveDone', fixture(inner), 'force', key, 'auto');
    expect(breaker.state).toBe('closed');
  });

  it('reaches a worker that was born before any circuit and loads the package long after', async () => {
    const worker = new Hand('late-worker.mjs');
    await worker.ask('isAwake');
    const breaker = circuits.get('made-later', policy);
    await worker.ask('declare', 'made-later', policy);
    await worker.ask('fail', 'made-later', 3);
    expect(breaker.state).toBe('open');
  });

  it('shows the names that other threads have declared, for as long as they stand', async () => {
    const worker = new Hand('esm-worker.mjs');
    await worker.ask('declare', 'only-in-the-worker', policy);
    expect(circuits.keys()).toContain('only-in-the-worker');
    expect(circuits.has('only-in-the-worker')).toBe(true);
    await worker.terminate();
    expect(circuits.keys()).toContain('only-in-the-worker');
  });

  it('lets an operator take in hand a circuit that only a worker has declared', async () => {
    await one.ask('declare', 'handed', policy);
    circuits.force('handed', 'open');
    expect(await one.ask('succeed', 'handed')).toEqual(['refused']);
    expect(await one.ask('state', 'handed')).toBe('forced-open');
    circuits.force('handed', 'auto');
    expect(await one.ask('succeed', 'handed')).toEqual(['succeeded']);
  });

  it('tells a worker that declares another policy under the same name of both places', async () => {
    circuits.get('contested', policy);
    const declared = one.ask('declare', 'contested', { ...policy, failureThreshold: 4 });
    await expect(declared).rejects.toThrow(
      /KeyConflictError.*one-truth\.spec\.ts:\d+.*circuit-jobs\.cjs:\d+/,
    );
  });

  it('tells a thread that declares other functions than a worker has', async () => {
    await one.ask('declareWithJudge', 'judged', policy);
    const warnings: unknown[] = [];
    const unsubscribe = circuits.subscribe((event) => {
      if (event.type === 'warning') warnings.push(event.code);
    });
    circuits.get('judged', { ...policy, isFailure: (result) => result === 'quite another thing' });
    circuits.get('judged', { ...policy, isFailure: (result) => result === 'a third' });
    unsubscribe();
    expect(warnings).toEqual(['functions-differ']);
  });

  it('tells the main thread of the worker that declared another policy before', async () => {
    await one.ask('declare', 'contested-by-main', policy);
    const declare = (): unknown => circuits.get('contested-by-main', { ...policy, failureThreshold: 4 });
    expect(declare).toThrow(/circuit-jobs\.cjs:\d+.*one-truth\.spec\.ts:\d+/);
    expect(isKeyConflictError(thrownBy(declare))).toBe(true);
  });
});

describe('a circuit that one thread removes while another still holds it', () => {
  it('is made anew by the next call', async () => {
    await one.ask('declare', 'removed', policy);
    expect(circuits.remove('removed')).toBe(true);
    expect(circuits.keys()).not.toContain('removed');
    await one.ask('fail', 'removed', 3);
    expect(circuits.keys()).toContain('removed');
    expect(circuits.get('removed', policy).state).toBe('open');
  });

  it('can be taken in hand by whoever holds it', async () => {
    await one.ask('declare', 'removed-and-forced', policy);
    circuits.remove('removed-and-forced');
    await one.ask('force', 'removed-and-forced', 'open');
    expect(await one.ask('succeed', 'removed-and-forced')).toEqual(['refused']);
    expect(circuits.get('removed-and-forced', policy).state).toBe('forced-open');
  });

  it('is not taken for the one that has its place now', async () => {
    const panel = new Panel({ circuits: 4, memory: 64 * 1024 });
    const registry = new CircuitRegistry(panel);
    const worker = new Hand('esm-worker.mjs');
    await worker.ask('attach', panel.buffer);
    await worker.ask('declare', 'held', policy);
    expect(registry.remove('held')).toBe(true);
    // These take all places there are, and leave one to make it anew in.
    expect(() => {
      for (let i = 0; i < 100; i++) registry.get(`other-${i}`, policy).force('open');
    }).toThrow(PanelFullError);
    registry.force('other-0', 'auto');
    expect(registry.remove('other-0')).toBe(true);
    expect(await worker.ask('state', 'held')).toBe('closed');
    expect(await worker.ask('snapshot', 'held')).toMatchObject({ state: 'closed' });
  });
});

describe('a panel of its own', () => {
  it.each(['esm-worker.mjs', 'cjs-worker.cjs'])(
    'is shared with a worker that is handed its buffer (%s)',
    async (file) => {
      const panel = new Panel({ circuits: 10 });
      const own = new CircuitRegistry(panel);
      const breaker = own.get('apart', policy);
      const worker = new Hand(file);
      await worker.ask('attach', panel.buffer);
      await worker.ask('declare', 'apart', policy);
      await worker.ask('fail', 'apart', 3);
      expect(breaker.state).toBe('open');
      expect(circuits.keys()).not.toContain('apart');
    },
  );

  it('is shared with a worker that is born with it', async () => {
    const panel = new Panel({ circuits: 10 });
    const breaker = new CircuitRegistry(panel).get('born-with', policy);
    const worker = new Hand('own-panel-worker.mjs', { workerData: panel.buffer });
    await worker.ask('open', 'born-with', policy);
    expect(breaker.tryCall(fine).status).toBe('refused');
  });

  it('keeps circuits of one name apart from those of the panel of all threads', async () => {
    const panel = new Panel({ circuits: 10 });
    const apart = new CircuitRegistry(panel).get('same-name', policy);
    const shared = circuits.get('same-name', policy);
    const worker = new Hand('own-panel-worker.mjs', { workerData: panel.buffer });
    await worker.ask('open', 'same-name', policy);
    expect([apart.state, shared.state]).toEqual(['open', 'closed']);
  });

  it('has no probe that calls of a circuit at the same place of another panel ride on', () => {
    const probed = {
      failureThreshold: 1,
      successThreshold: 5,
      resetTimeout: 100,
      halfOpen: { permits: 1, permitTimeout: '1h' },
    } as const;
    const [outer, inner] = [new SharedClock(), new SharedClock()].map((clock) => {
      const breaker = new CircuitBreaker({ key: 'twin', ...probed }, { panel: new Panel({ clock }) });
      breaker.acquire().fail(new Error('down'));
      clock.move(100);
      return breaker;
    });
    inner.tryCall(fine);
    outer.tryCall(() => {
      inner.tryCall(fine);
      inner.tryCall(fine);
    });
    expect(inner.snapshot().successes).toBe(3);
  });

  it.each([1, 2, 3])('that was made for %i circuits has room for so many', (count) => {
    const panel = new Panel({ circuits: count });
    for (let i = 0; i < count; i++)
      new CircuitBreaker({ failureThreshold: 5, key: `circuit-${i}` }, { panel });
    expect(panel.keys()).toHaveLength(count);
  });
});

function thrownBy(fn: () => unknown): unknown {
  try {
    return fn();
  } catch (error) {
    return error;
  }
}
