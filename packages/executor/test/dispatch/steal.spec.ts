import { describe, expect, it } from '@jest/globals';
import { Chunk } from '../../src/dispatch/chunk.js';
import { type BusyLane, SILENT_MS, surplusOf } from '../../src/dispatch/steal.js';
import { RecordedJob } from '../support/recorded-job.js';
import { range } from '../support/staff.js';

const NOW = 1_000;

interface Parts {
  readonly items: number;
  readonly begun: number;
  readonly itemTime?: number;
  readonly silentFor?: number;
  readonly isStarting?: boolean;
  readonly patience?: number;
}

/** A lane with one chunk in hand. */
function laneOf({
  items,
  begun,
  itemTime,
  silentFor = 0,
  isStarting = false,
  patience = 0,
}: Parts): BusyLane {
  const { job } = new RecordedJob(range(items));
  if (itemTime !== undefined) job.measure(1, itemTime);
  const chunks = [new Chunk(1, job, job.take(items), 1)];
  return { chunks, isStarting, patience, lastMessageAt: NOW - silentFor, begunCount: () => begun };
}

describe('the surplus that an idle worker gets', () => {
  it.each([
    ['first', [9, 3, 4], 0],
    ['in the middle', [3, 9, 4], 1],
    ['last', [3, 4, 9], 2],
  ])('is the greatest one, where that comes %s', (_where, sizes, greatest) => {
    const lanes = sizes.map((items) => laneOf({ items, begun: 1, itemTime: 2 }));
    const surplus = surplusOf(lanes, NOW);
    expect([surplus?.lane === lanes[greatest], surplus?.time]).toEqual([true, 16]);
  });

  it('is measured in time, not in items', () => {
    const [many, long] = [
      laneOf({ items: 9, begun: 1, itemTime: 1 }),
      laneOf({ items: 3, begun: 1, itemTime: 10 }),
    ];
    expect(surplusOf([many, long], NOW)?.lane).toBe(long);
  });

  it('takes for ever, as far as is known, where the worker is silent', () => {
    const lane = laneOf({ items: 3, begun: 1, itemTime: 0.1, silentFor: SILENT_MS });
    expect(surplusOf([lane], NOW)?.time).toBe(Infinity);
  });

  it('is not so before the worker has been silent for so long', () => {
    const lane = laneOf({ items: 3, begun: 1, itemTime: 0.1, silentFor: SILENT_MS - 1 });
    expect(surplusOf([lane], NOW)?.time).toBeCloseTo(0.2);
  });

  it.each([
    ['a worker that has begun all', { items: 3, begun: 3, itemTime: 1 }],
    ['a silent worker that has begun all', { items: 3, begun: 3, itemTime: 1, silentFor: 1_000 }],
    ['a worker that has just got its chunk, and will begin at once', { items: 3, begun: 0, itemTime: 1 }],
  ])('is nothing of %s', (_what, parts) => {
    expect(surplusOf([laneOf(parts)], NOW)).toBeUndefined();
  });

  it.each([
    ['that is starting', { items: 3, begun: 0, itemTime: 1, isStarting: true }, 3],
    [
      'that has been silent since it got its chunk',
      { items: 3, begun: 0, itemTime: 1, silentFor: 20 },
      Infinity,
    ],
    ['of whose items no time is known', { items: 3, begun: 1 }, Infinity],
  ])('is what a worker has not begun %s', (_what, parts, time) => {
    expect(surplusOf([laneOf(parts)], NOW)?.time).toBe(time);
  });

  it.each([
    ['a running worker reads', false, SILENT_MS + 499],
    ['a starting worker waits to read', true, 499],
  ])('is nothing of a large chunk that %s', (_what, isStarting, silentFor) => {
    const lane = laneOf({ items: 1, begun: 0, isStarting, silentFor, patience: 500 });
    expect(surplusOf([lane], NOW)).toBeUndefined();
  });

  it.each([
    ['a running worker', false, SILENT_MS + 500],
    ['a starting worker', true, 500],
  ])('is a large chunk that %s has not begun for too long', (_what, isStarting, silentFor) => {
    const lane = laneOf({ items: 1, begun: 0, isStarting, silentFor, patience: 500 });
    expect(surplusOf([lane], NOW)).toMatchObject({ time: Infinity, isStuck: true });
  });

  it('is nothing of a worker that got its items from one that did not begin them', () => {
    const lane = laneOf({ items: 1, begun: 0, silentFor: 1e6 });
    const [chunk] = lane.chunks;
    const moved = new Chunk(2, chunk.job, [{ ...chunk.items[0], wasStuck: true }], 1);
    expect(surplusOf([{ ...lane, chunks: [moved] }], NOW)).toBeUndefined();
  });

  it('is nothing of no workers', () => {
    expect(surplusOf([], NOW)).toBeUndefined();
  });
});
