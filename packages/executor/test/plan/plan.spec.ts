import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunkSize } from '../../src/plan/chunk-size.js';
import { decide, fixedPlan, measuredPlan } from '../../src/plan/plan.js';
import { Sample } from '../../src/plan/sample.js';

const times = fc.double({ min: 1e-6, max: 1e5, noNaN: true });
const counts = fc.integer({ min: 1, max: 10_000_000 });
const workers = fc.integer({ min: 1, max: 128 });
const sized = (itemTime?: number, left?: number, chunk?: number, isDivisible = true) => ({
  itemTime,
  left,
  isDivisible,
  options: { chunk },
});

describe('the size of a chunk', () => {
  it('is one before any item has run', () => {
    fc.assert(fc.property(counts, workers, (left, n) => chunkSize(sized(undefined, left), n) === 1));
  }, 30_000);

  it('is what the caller says, where he does', () => {
    const property = fc.property(times, counts, counts, workers, (time, left, chunk, n) => {
      return chunkSize(sized(time, left, chunk), n) === chunk;
    });
    fc.assert(property);
  }, 30_000);

  it('is a whole number of items, at least one', () => {
    const property = fc.property(times, fc.option(counts, { nil: undefined }), workers, (time, left, n) => {
      const size = chunkSize(sized(time, left), n);
      return Number.isInteger(size) && size >= 1;
    });
    fc.assert(property);
  }, 30_000);

  it.each([
    ['twenty', true, 20],
    ['five milliseconds where nothing of it can be taken back', false, 5],
  ])(
    'takes no longer than about %s, unless one item does',
    (_what, isDivisible, longest) => {
      const property = fc.property(times, counts, workers, (time, left, n) => {
        const size = chunkSize(sized(time, left, undefined, isDivisible), n);
        return size === 1 || size * time <= longest + 1e-6;
      });
      fc.assert(property);
    },
    30_000,
  );

  it('leaves something for the others', () => {
    const property = fc.property(times, counts, workers, (time, left, n) => {
      return chunkSize(sized(time, left), n) <= Math.ceil(left / n);
    });
    fc.assert(property);
  }, 30_000);

  it('never grows while fewer are left', () => {
    const property = fc.property(times, counts, counts, workers, (time, one, other, n) => {
      const [fewer, more] = [Math.min(one, other), Math.max(one, other)];
      return chunkSize(sized(time, fewer), n) <= chunkSize(sized(time, more), n);
    });
    fc.assert(property);
  }, 30_000);

  it.each([
    [0.5, 1_000_000, 2, 40],
    [5, 1_000, 2, 4],
    [20, 1_000, 2, 1],
    [0.001, 1_000_000, 2, 4_096],
    [0.5, 16, 2, 2],
  ])('of items of %d ms, %i left, %i workers, is %i', (time, left, n, size) => {
    expect(chunkSize(sized(time, left), n)).toBe(size);
  });
});

describe('a sample of items', () => {
  /** Runs of items, each with its ms. */
  function sampleOf(...runs: readonly (readonly [items: number, taken: number])[]): Sample {
    const sample = new Sample();
    for (const [items, taken] of runs) sample.add(items, taken);
    return sample;
  }

  it.each([
    ['nothing', []],
    ['a slow first call', [[1, 40]]],
    [
      'a slow first call, and quick ones after it',
      [
        [1, 40],
        [1, 0.1],
        [2, 0.2],
      ],
    ],
    [
      'a stall among quick ones',
      [
        [1, 0.1],
        [2, 0.2],
        [4, 30],
        [8, 0.8],
      ],
    ],
    [
      'not quite enough beside the longest',
      [
        [1, 4.9],
        [1, 5],
      ],
    ],
    ['an item that takes not quite long', [[1, 49.9]]],
  ] as const)('is not enough after %s', (_what, runs) => {
    expect(sampleOf(...runs).isEnough).toBe(false);
  });

  it.each([
    ['an item that takes very long', [[1, 50]]],
    [
      'two that take some milliseconds',
      [
        [1, 5],
        [1, 5],
      ],
    ],
    [
      'many quick ones',
      [
        [1, 0.1],
        [500, 2],
        [500, 2],
        [500, 2],
        [500, 2],
      ],
    ],
  ] as const)('is enough after %s', (_what, runs) => {
    expect(sampleOf(...runs).isEnough).toBe(true);
  });

  it.each([
    [
      'by the last ones, not by the first',
      [
        [1, 40],
        [10, 1],
        [10, 1],
        [10, 1],
      ],
      0.1,
    ],
    [
      'by the quickest of these, not by a stall',
      [
        [10, 1],
        [10, 1],
        [10, 80],
      ],
      0.1,
    ],
    [
      'by the last three, and not by those before them',
      [
        [1, 1],
        [1, 5],
        [1, 6],
        [1, 7],
      ],
      5,
    ],
    [
      'by all of three',
      [
        [1, 5],
        [1, 6],
        [1, 7],
      ],
      5,
    ],
    ['of a run of none as that run', [[0, 3]], 3],
    ['by what is there, before there are many', [[1, 40]], 40],
    ['as no time before there are any', [], 0],
  ] as const)('tells what an item takes %s', (_what, runs, itemTime) => {
    expect(sampleOf(...runs).itemTime).toBe(itemTime);
  });

  it('counts items and time', () => {
    expect(sampleOf([1, 2], [3, 4])).toMatchObject({ items: 4, elapsed: 6 });
  });
});

const started = (n: number) => ({ workers: n, isStarted: true });
const cold = (n: number) => ({ workers: n, isStarted: false });
const measured = (itemTime: number, left: number | undefined) => ({ items: 1, itemTime, left });

describe('where a job runs', () => {
  it('is a loop for anybody with less than two workers', () => {
    fc.assert(fc.property(times, counts, (time, left) => decide(measured(time, left), cold(1)) === 'loop'));
  }, 30_000);

  it('is a loop before anything was measured', () => {
    const property = fc.property(counts, workers, (left, n) => {
      return decide({ items: 0, itemTime: 0, left }, cold(n)) === 'loop';
    });
    fc.assert(property);
  }, 30_000);

  it('is a loop for the last item', () => {
    fc.assert(fc.property(times, workers, (time, n) => decide(measured(time, 1), started(n)) === 'loop'));
  }, 30_000);

  it('once it is threads, is threads for more and for longer items too', () => {
    const property = fc.property(times, counts, workers, counts, (time, left, n, more) => {
      if (decide(measured(time, left), cold(n)) === 'loop') return;
      expect(decide(measured(time * 2, left), cold(n))).toBe('workers');
      expect(decide(measured(time, left + n * more), started(n))).toBe('workers');
    });
    fc.assert(property);
  }, 30_000);

  it('is threads earlier where they have started', () => {
    const property = fc.property(times, counts, workers, (time, left, n) => {
      return (
        decide(measured(time, left), cold(n)) === 'loop' ||
        decide(measured(time, left), started(n)) === 'workers'
      );
    });
    fc.assert(property);
  }, 30_000);

  it.each([
    [0.0001, 1_000_000, 'loop'],
    [1, 10, 'loop'],
    [1, 2_000, 'workers'],
    [50, 20, 'workers'],
    [2.03, 100, 'loop'],
    [2.04, 100, 'workers'],
    [1, undefined, 'workers'],
    [0.1, undefined, 'workers'],
    [0.0999, undefined, 'loop'],
    [0.001, undefined, 'loop'],
  ])('is, of items of %d ms, %p left, on two workers: a %s', (time, left, placement) => {
    expect(decide(measured(time, left), cold(2))).toBe(placement);
  });
});

describe('where a job runs once threads have started', () => {
  it.each([
    [0.033, 2, 2, 'loop'],
    [0.034, 2, 2, 'workers'],
    // Two of three items on one of two workers, one after the other.
    [0.09, 3, 2, 'loop'],
    [0.11, 3, 2, 'workers'],
    [0.09, 3, 3, 'workers'],
  ])('is, of items of %d ms, %i left, on %i workers: a %s', (time, left, n, placement) => {
    expect(decide(measured(time, left), started(n))).toBe(placement);
  });
});

describe('a plan', () => {
  it.each([
    ['loop', { items: 3, itemTime: 2, left: 1 }, { placement: 'loop', workers: 0, itemTime: 2, sampled: 3 }],
    ['workers', { items: 3, itemTime: 2, left: 1 }, { placement: 'workers', workers: 4, sampled: 3 }],
    ['loop', { items: 0, itemTime: 0, left: 1 }, { workers: 0, itemTime: undefined, sampled: 0 }],
  ] as const)('says where, by how many, and what was measured: %s', (placement, measurement, plan) => {
    expect(measuredPlan(placement, measurement, started(4))).toMatchObject(plan);
  });

  it.each([
    ['inline', { placement: 'inline', workers: 0, itemTime: undefined, sampled: 0 }],
    ['workers', { placement: 'workers', workers: 4, itemTime: undefined, sampled: 0 }],
  ] as const)('that nothing was measured for says so: %s', (placement, plan) => {
    expect(fixedPlan(placement, 4, 'so it was asked for')).toMatchObject(plan);
  });

  it.each([
    [0.0009, /took less than 1 µs/],
    [0.001, /took 1 µs/],
    [0.5, /took 500 µs/],
    [1, /took 1 ms/],
    [12.345, /took 12\.3 ms/],
    [999, /took 999 ms/],
    [1_000, /took 1 s/],
    [1_234, /took 1\.23 s/],
  ])('writes %d ms for a person to read', (itemTime, text) => {
    expect(measuredPlan('loop', measured(itemTime, undefined), cold(2)).explain()).toMatch(text);
  });

  it.each([
    [1, /^A loop in this thread: 1 item, the last of them at 2 ms each\.$/],
    [1_234, /^A loop in this thread: 1,234 items, the last of them at 2 ms each\.$/],
  ])('says what is done: %i', (items, text) => {
    expect(measuredPlan('loop', { items, itemTime: 2, left: 0 }, cold(2)).explain()).toMatch(text);
  });

  it('counts what it costs to start threads that have not started', () => {
    const plan = measuredPlan('workers', { items: 1, itemTime: 2.5, left: 100 }, cold(4));
    expect(plan.explain()).toMatch(/the first item took .*, 4 threads 123 ms\.$/);
  });

  it('explains itself by what was measured', () => {
    const plan = measuredPlan('workers', { items: 3, itemTime: 2.5, left: 100 }, started(4));
    expect(plan.explain()).toMatch(/^4 worker threads: .*2\.5 ms.*100 left.*250 ms.*63 ms\.$/);
  });

  it.each([
    [
      measuredPlan('loop', { items: 0, itemTime: 0, left: 9 }, cold(2)),
      /^A loop in this thread: nothing was measured\.$/,
    ],
    [measuredPlan('loop', measured(0.02, undefined), cold(2)), /20 µs, and how many are left is unknown\.$/],
    [fixedPlan('inline', 4, 'so it was asked for'), /^In this thread: so it was asked for\.$/],
    [fixedPlan('workers', 4, 'so it was asked for'), /^4 worker threads: so it was asked for\.$/],
  ])('explains itself: %#', (plan, text) => {
    expect(plan.explain()).toMatch(text);
  });
});
