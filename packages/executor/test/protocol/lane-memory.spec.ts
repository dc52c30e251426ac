import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ALL_IMPORTED,
  IMPORTING_CELL,
  LaneMemory,
  MAX_CHUNKS_IN_HAND,
} from '../../src/protocol/lane-memory.js';

const slot = 1;

/** The lane's and the worker's view of the same cells. */
function bothSides(): { readonly lane: LaneMemory; readonly worker: LaneMemory } {
  const lane = new LaneMemory();
  return { lane, worker: new LaneMemory(lane.cells) };
}

describe('what a lane and its worker share', () => {
  it('gives every item of a chunk to one of the two, whenever the lane takes the rest back', () => {
    const property = fc.property(fc.nat(30), fc.nat(40), (length, at) => {
      const { lane, worker } = bothSides();
      lane.offer(slot);
      let begun = 0;
      let kept: number | undefined;
      for (let step = 0; step <= 40; step++) {
        if (step === at) kept = lane.recall(slot);
        else if (begun < length && worker.begin(slot, begun)) begun++;
      }
      expect(kept).toBe(begun);
      expect(begun).toBe(Math.min(at, length));
    });
    fc.assert(property);
  }, 30_000);

  it('tells again what was begun when it is asked again', () => {
    const { lane, worker } = bothSides();
    lane.offer(slot);
    worker.begin(slot, 0);
    expect([lane.recall(slot), lane.recall(slot), lane.begunCount(slot)]).toEqual([1, 1, 1]);
  });

  it('says which chunk is running, and which item of it, also when the rest was taken back', () => {
    const { lane, worker } = bothSides();
    lane.offer(slot);
    worker.begin(slot, 0);
    worker.begin(slot, 1);
    lane.recall(slot);
    expect(lane.running).toEqual({ slot, begunCount: 2 });
  });

  it('says that nothing is running, between items and before the first', () => {
    const { lane, worker } = bothSides();
    const before = lane.running;
    lane.offer(slot);
    worker.begin(slot, 0);
    worker.end();
    expect([before, lane.running]).toEqual([undefined, undefined]);
  });

  it.each([
    ['before the first import', -1, undefined, false],
    ['while the first module is imported', 0, 0, false],
    ['while the third one is', 2, 2, false],
    ['when all are', ALL_IMPORTED, undefined, true],
  ])('says how far the worker has come with its imports: %s', (_when, written, importing, hasImported) => {
    const { lane, worker } = bothSides();
    worker.cells[IMPORTING_CELL] = written;
    expect([lane.importing, lane.hasImported]).toEqual([importing, hasImported]);
  });

  it('keeps the imports apart from every slot', () => {
    const { lane, worker } = bothSides();
    worker.cells[IMPORTING_CELL] = 1;
    for (const each of [0, MAX_CHUNKS_IN_HAND - 1]) lane.offer(each);
    worker.begin(0, 0);
    expect([lane.importing, lane.begunCount(MAX_CHUNKS_IN_HAND - 1)]).toEqual([1, 0]);
  });

  it('keeps slots apart', () => {
    const { lane, worker } = bothSides();
    lane.offer(0);
    lane.offer(1);
    worker.begin(1, 0);
    lane.recall(0);
    expect([lane.begunCount(0), lane.begunCount(1), worker.begin(1, 1), worker.begin(0, 0)]).toEqual([
      0,
      1,
      true,
      false,
    ]);
  });
});
