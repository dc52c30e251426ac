import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LaneMemory, MOST_IN_CHUNK } from '../../src/lane-memory.js';

const slot = 1;

/** The lane's and the worker's view of the same cells. */
function bothSides(): { readonly lane: LaneMemory; readonly worker: LaneMemory } {
  const lane = new LaneMemory();
  return { lane, worker: new LaneMemory(lane.cells) };
}

describe('what a lane and its worker share', () => {
  it('gives every item of a chunk to one of the two, whenever the lane takes the rest back', () => {
    const property = fc.property(fc.nat(30), fc.nat(40), fc.nat(5_000), (length, at, chunk) => {
      const { lane, worker } = bothSides();
      lane.offer(slot, chunk);
      let begun = 0;
      let kept: number | undefined;
      for (let step = 0; step <= 40; step++) {
        if (step === at) kept = lane.recall(slot);
        else if (begun < length && worker.begin(slot, chunk, begun)) begun++;
      }
      expect(kept).toBe(begun);
      expect(begun).toBe(Math.min(at, length));
    });
    fc.assert(property);
  });

  it('tells again what was begun when it is asked again', () => {
    const { lane, worker } = bothSides();
    lane.offer(slot, 7);
    worker.begin(slot, 7, 0);
    expect([lane.recall(slot), lane.recall(slot), lane.begun(slot)]).toEqual([1, 1, 1]);
  });

  it('lets nobody begin the items of a chunk that is over, whatever came in its place', () => {
    const property = fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 1_000 }), (chunk, later) => {
      const { lane, worker } = bothSides();
      lane.offer(slot, chunk);
      lane.recall(slot);
      lane.offer(slot, chunk + later);
      return !worker.begin(slot, chunk, 0);
    });
    fc.assert(property);
  });

  it('holds as many items as a chunk may have', () => {
    const { lane, worker } = bothSides();
    lane.offer(slot, 2 ** 31 - 1);
    for (let i = 0; i < MOST_IN_CHUNK; i++) worker.begin(slot, 2 ** 31 - 1, i);
    expect([lane.begun(slot), lane.recall(slot)]).toEqual([MOST_IN_CHUNK, MOST_IN_CHUNK]);
  });

  it('says which chunk is running, and which item of it, also when the rest was taken back', () => {
    const { lane, worker } = bothSides();
    lane.offer(slot, 7);
    worker.begin(slot, 7, 0);
    worker.begin(slot, 7, 1);
    lane.recall(slot);
    expect(lane.running).toEqual({ slot, begun: 2 });
  });

  it('says that nothing is running, between items and before the first', () => {
    const { lane, worker } = bothSides();
    const before = lane.running;
    lane.offer(slot, 7);
    worker.begin(slot, 7, 0);
    worker.end();
    expect([before, lane.running]).toEqual([undefined, undefined]);
  });

  it('keeps slots apart', () => {
    const { lane, worker } = bothSides();
    lane.offer(0, 1);
    lane.offer(1, 2);
    worker.begin(1, 2, 0);
    lane.recall(0);
    expect([lane.begun(0), lane.begun(1), worker.begin(1, 2, 1), worker.begin(0, 1, 0)]).toEqual([
      0,
      1,
      true,
      false,
    ]);
  });
});
