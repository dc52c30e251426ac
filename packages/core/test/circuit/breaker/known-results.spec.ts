import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from '@switchgear/core';
import { panelElsewhere } from '../../support/another-thread.js';
import { ok } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';

// How a refusal comes to a caller of a function of which nobody has said what it returns: by what it has returned.

const refusal: unknown = expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' });

type Way = (breaker: CircuitBreaker, fn: () => unknown) => () => unknown;

const ways: Record<string, Way> = {
  call: (breaker, fn) => () => breaker.call(fn),
  wrap: (breaker, fn) => breaker.wrap(fn),
};

const thenable = () => ({ then: (onValue: (value: unknown) => void) => onValue(1) });

/** What a caller of a refused call has in hand. */
async function refusedBy(guarded: () => unknown): Promise<'throws' | 'rejects'> {
  let inHand: unknown;
  try {
    inHand = guarded();
  } catch (error) {
    expect(error).toEqual(refusal);
    return 'throws';
  }
  await expect(inHand).rejects.toEqual(refusal);
  return 'rejects';
}

describe.each(Object.entries(ways))('by %s, a function that nobody knows', (_, way) => {
  it('is refused by a throw where calls of its circuit gave nothing yet', async () => {
    const { breaker } = circuit();
    breaker.force('open');
    expect(await refusedBy(way(breaker, () => Promise.resolve(1)))).toBe('throws');
  });

  it.each([1, 2, 3])(
    'is refused by a rejection where %d calls of its circuit gave promises',
    async (times) => {
      const { breaker } = circuit();
      const promising = way(breaker, () => Promise.resolve(1));
      for (let i = 0; i < times; i++) await promising();
      breaker.force('open');
      expect(await refusedBy(way(breaker, () => Promise.resolve(1)))).toBe('rejects');
    },
  );

  it.each([1, 2, 3])(
    'is refused by a rejection where %d calls of its circuit gave thenables',
    async (times) => {
      const { breaker } = circuit();
      const querying = way(breaker, thenable);
      for (let i = 0; i < times; i++) await querying();
      breaker.force('open');
      expect(await refusedBy(way(breaker, thenable))).toBe('rejects');
    },
  );

  it.each([
    ['first', [ok, () => Promise.resolve(1)]],
    ['second', [() => Promise.resolve(1), ok]],
    ['third', [() => Promise.resolve(1), () => Promise.resolve(1), ok]],
  ] as const)(
    'is refused by a throw where the %s call of its circuit gave a value',
    async (_name, functions) => {
      const { breaker } = circuit();
      for (const fn of functions) await way(breaker, fn)();
      breaker.force('open');
      expect(await refusedBy(way(breaker, () => Promise.resolve(1)))).toBe('throws');
    },
  );

  it('is refused by a rejection where another thread saw promises', async () => {
    const { breaker, panel } = circuit({ key: 'geo' });
    const elsewhere = new CircuitBreaker({ key: 'geo' }, { panel: panelElsewhere(panel) });
    await elsewhere.call(() => Promise.resolve(1));
    breaker.force('open');
    expect(await refusedBy(way(breaker, () => Promise.resolve(1)))).toBe('rejects');
  });
});

describe.each(Object.entries(ways))('by %s, a function that is known', (_, way) => {
  /** A circuit of which calls gave both, which says nothing of a function that is not known. */
  async function mixed() {
    const made = circuit();
    await made.breaker.call(() => Promise.resolve(1));
    made.breaker.call(() => 1);
    return made;
  }

  it('to give promises is refused by a rejection', async () => {
    const { breaker } = await mixed();
    const fetchIt = function fetchIt() {
      return Promise.resolve(1);
    };
    const guarded = way(breaker, fetchIt);
    await guarded();
    breaker.force('open');
    expect(await refusedBy(guarded)).toBe('rejects');
  });

  it('to give promises from its first call on is refused by a rejection', async () => {
    const { breaker } = circuit({ window: { calls: 10 } });
    breaker.call(() => 1);
    breaker.reset();
    const fetchIt = function fetchIt() {
      return Promise.resolve(1);
    };
    const guarded = way(breaker, fetchIt);
    await guarded();
    breaker.force('open');
    expect(await refusedBy(guarded)).toBe('rejects');
  });

  it('to give thenables is refused by a rejection', async () => {
    const { breaker } = await mixed();
    const query = function query() {
      return thenable();
    };
    const guarded = way(breaker, query);
    await guarded();
    breaker.force('open');
    expect(await refusedBy(guarded)).toBe('rejects');
  });

  it.each([1, 2])('to give values is refused by a throw, after %d calls', async (times) => {
    const { breaker } = circuit();
    const read = function read() {
      return 1;
    };
    const other = circuit().breaker;
    for (let i = 0; i < times; i++) way(other, read)();
    await breaker.call(() => Promise.resolve(1));
    breaker.force('open');
    expect(await refusedBy(way(breaker, read))).toBe('throws');
  });

  it.each([1, 2])(
    'but has no name is not remembered, for it may be a new one at each call: %d calls',
    async (times) => {
      const nameless = (
        () => () =>
          1
      )();
      const other = circuit().breaker;
      for (let i = 0; i < times; i++) way(other, nameless)();
      const { breaker } = circuit();
      await breaker.call(() => Promise.resolve(1));
      breaker.force('open');
      expect(await refusedBy(way(breaker, nameless))).toBe('rejects');
    },
  );

  it('to give a value with a signal among its arguments is refused by a throw', async () => {
    const { breaker } = circuit();
    const read = function read() {
      return 1;
    };
    const { breaker: other } = circuit();
    other.call(ok);
    other.call<unknown[], unknown>(read, new AbortController().signal);
    await breaker.call(() => Promise.resolve(1));
    breaker.force('open');
    expect(await refusedBy(way(breaker, read))).toBe('throws');
  });
});

describe('a wrapper', () => {
  it('of an async function is async to a circuit around it', async () => {
    const inner = circuit().breaker.wrap(async () => 1);
    const { breaker } = circuit();
    breaker.force('open');
    expect(await refusedBy(breaker.wrap(inner))).toBe('rejects');
  });

  it('of a function that gave promises is async to a circuit around it', async () => {
    const promising = function promising() {
      return Promise.resolve(1);
    };
    await circuit().breaker.call(promising);
    const { breaker } = circuit();
    breaker.force('open');
    expect(await refusedBy(breaker.wrap(circuit().breaker.wrap(promising)))).toBe('rejects');
  });

  it('of a sync function is not', async () => {
    const { breaker } = circuit();
    breaker.force('open');
    expect(await refusedBy(breaker.wrap(circuit().breaker.wrap(ok)))).toBe('throws');
  });
});

describe('a policy that says how', () => {
  it('has its way, whatever is known', async () => {
    const { breaker } = circuit({ async: true });
    breaker.call(ok);
    breaker.force('open');
    expect(await refusedBy(breaker.wrap(ok))).toBe('rejects');
    const { breaker: sync } = circuit({ async: false });
    sync.force('open');
    expect(await refusedBy(sync.wrap(async () => 1))).toBe('throws');
  });
});
