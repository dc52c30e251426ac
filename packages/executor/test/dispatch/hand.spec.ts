import { describe, expect, it } from '@jest/globals';
import { Chunk } from '../../src/dispatch/chunk.js';
import { Hand } from '../../src/dispatch/hand.js';
import { LaneMemory } from '../../src/protocol/lane-memory.js';
import { RecordedJob } from '../support/recorded-job.js';
import { range } from '../support/staff.js';

/** A hand with two chunks of three items, and the worker's view of it. */
function handOfTwo() {
  const hand = new Hand();
  const { job } = new RecordedJob(range(6));
  const [first, second] = [1, 2].map((id) => new Chunk(id, job, job.take(3), 1));
  const slots = [first, second].map((chunk) => hand.add(chunk));
  const worker = new LaneMemory(hand.memory.cells);
  return { hand, worker, first, second, slots };
}

describe('the item that a worker was running', () => {
  it('is none before the first one', () => {
    expect(handOfTwo().hand.running).toBeUndefined();
  });

  it('is the one that it has begun', () => {
    const { hand, worker, slots } = handOfTwo();
    worker.begin(slots[0], 0);
    expect(hand.running?.index).toBe(0);
  });

  it('is the last one that it has begun of the chunk that it works on', () => {
    const { hand, worker, slots } = handOfTwo();
    for (const offset of [0, 1, 2]) worker.begin(slots[0], offset);
    for (const offset of [0, 1]) worker.begin(slots[1], offset);
    expect(hand.running?.index).toBe(4);
  });

  it('is none between items', () => {
    const { hand, worker, slots } = handOfTwo();
    worker.begin(slots[0], 0);
    worker.end();
    expect(hand.running).toBeUndefined();
  });

  it('is none where its outcome has come', () => {
    const { hand, worker, first, slots } = handOfTwo();
    worker.begin(slots[0], 0);
    first.settle({ value: 'done' });
    expect(hand.running).toBeUndefined();
  });

  it('is known also when the rest of its chunk was taken back', () => {
    const { hand, worker, first, slots } = handOfTwo();
    worker.begin(slots[0], 0);
    expect([hand.recall(first).map(({ index }) => index), hand.running?.index]).toEqual([[1, 2], 0]);
  });
});

describe('the hand of a worker', () => {
  it('has its chunks in the order in which they came, whatever slots they have', () => {
    const { hand, first, second } = handOfTwo();
    hand.remove(first);
    const third = new Chunk(3, second.job, [], 1);
    hand.add(third);
    expect([hand.chunks.map(({ id }) => id), hand.first?.id]).toEqual([[2, 3], 2]);
  });

  it('is empty when each chunk was removed, and not before', () => {
    const { hand, first, second } = handOfTwo();
    hand.remove(first);
    const before = hand.isEmpty;
    hand.remove(second);
    expect([before, hand.isEmpty]).toEqual([false, true]);
  });
});
