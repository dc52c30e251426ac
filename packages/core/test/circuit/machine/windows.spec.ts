import { describe, expect, it } from '@jest/globals';
import {
  type CountWindow,
  countWindowCells,
  countWindowTotals,
  FAILED,
  recordInCountWindow,
  ringSlots,
  SLOW,
} from '../../../src/circuit/machine/count-window.js';
import {
  countRange,
  recordInTimeWindow,
  type TimeWindow,
  timeWindowTotals,
} from '../../../src/circuit/machine/time-window.js';
import {
  exceededLimit,
  recordOutcome,
  windowCells,
  type WindowSettings,
  windowTotals,
} from '../../../src/circuit/machine/window.js';
import { type Memory, SharedMemory } from '../../../src/panel/memory.js';
import { Phase } from '../../../src/circuit/memory/word.js';
import { LAST_MOMENT } from '../../../src/panel/word.js';
import { tagOf } from '../../../src/panel/word.js';
import { interrupted, writesDuring } from '../../support/interrupted-memory.js';

const AT = 16;
const WORD = 4;
const GENERATION = 7;
const LAST_GENERATION = 2 ** 19 - 1;
const NONE = { calls: 0, failures: 0, slow: 0 };

function memoryIn(generation: number): SharedMemory {
  const memory = new SharedMemory(new ArrayBuffer(4_096));
  memory.storeWide(WORD, tagOf(Phase.closed, generation), 0);
  return memory;
}

describe('the ring of a window of calls', () => {
  it.each([
    [1, 16],
    [8, 16],
    [9, 32],
    [24, 32],
    [25, 64],
    [100, 128],
    [10_000, 16_384],
  ])('has 8 slots to spare, and a power of two: %d calls in %d slots', (calls, slots) => {
    expect(ringSlots(calls)).toBe(slots);
  });

  it('comes with a sequence number, which is as wide as two cells', () => {
    expect(countWindowCells({ calls: 4, slots: 16 })).toBe(18);
  });
});

describe('a window of calls', () => {
  const four: CountWindow = { calls: 4, slots: 16 };
  const record = (memory: Memory, outcome = 0, generation = GENERATION): void =>
    recordInCountWindow(memory, AT, four, generation, outcome);
  const totals = (memory: Memory, generation = GENERATION) => countWindowTotals(memory, AT, four, generation);

  it('is empty at first', () => {
    expect(totals(memoryIn(GENERATION))).toEqual(NONE);
  });

  it.each([
    [0, { failures: 0, slow: 0 }],
    [FAILED, { failures: 1, slow: 0 }],
    [SLOW, { failures: 0, slow: 1 }],
    [FAILED | SLOW, { failures: 1, slow: 1 }],
  ])('takes in outcome %d', (outcome, expected) => {
    for (const generation of [0, GENERATION, LAST_GENERATION]) {
      const memory = memoryIn(generation);
      record(memory, outcome, generation);
      expect(totals(memory, generation)).toEqual({ calls: 1, ...expected });
    }
  });

  it('writes an outcome where its number says, as it is read by other builds', () => {
    const memory = memoryIn(GENERATION);
    memory.store(AT, 35);
    record(memory, SLOW);
    expect([memory.load(AT), memory.load(AT + 2 + 3)]).toEqual([36, (7 << 13) | (2 << 3) | (2 << 1) | 1]);
  });

  it('counts nothing of the generations beside it', () => {
    const memory = memoryIn(GENERATION);
    record(memory, FAILED, GENERATION - 1);
    record(memory, FAILED, GENERATION + 1);
    expect(totals(memory)).toEqual(NONE);
  });

  it('looks as far back as the ring goes, and no further', () => {
    const memory = memoryIn(GENERATION);
    record(memory, FAILED);
    memory.add(AT, 15);
    expect(totals(memory)).toEqual({ calls: 1, failures: 1, slow: 0 });
    memory.add(AT, 1);
    expect(totals(memory)).toEqual(NONE);
  });

  it('counts the last calls in the slots before numbers that nobody has written', () => {
    const memory = memoryIn(GENERATION);
    for (const outcome of [FAILED, FAILED, 0, FAILED, 0]) record(memory, outcome);
    memory.add(AT, 3);
    expect(totals(memory)).toEqual({ calls: 4, failures: 2, slow: 0 });
  });

  it.each([2 ** 31 - 2, 2 ** 32 - 2])('goes on where its numbers wrap, at %d', (number) => {
    const memory = memoryIn(GENERATION);
    memory.store(AT, number | 0);
    for (const outcome of [FAILED, 0, FAILED, SLOW]) record(memory, outcome);
    expect(totals(memory)).toEqual({ calls: 4, failures: 2, slow: 1 });
  });

  it('does not take an outcome of many laps ago for one of now', () => {
    const memory = memoryIn(GENERATION);
    record(memory, FAILED);
    for (const laps of [1, 2, 511, 512, 1023]) {
      memory.store(AT, laps * 16 + 1);
      expect(totals(memory)).toEqual(NONE);
    }
  });

  it.each([
    ['is written one turn of the ring late, no later one has its slot yet', 15, 1],
    ['is still its slot’s last at a whole turn', 15 + 1 - 1, 1],
  ])('takes in an outcome that %s', (_, others, expected) => {
    const memory = memoryIn(GENERATION);
    const late = interrupted(memory, 'load', () => {
      for (let i = 0; i < others; i++) record(memory);
    });
    record(late, FAILED);
    expect(countWindowTotals(memory, AT, { calls: 16, slots: 16 }, GENERATION).failures).toBe(expected);
  });

  it('leaves the slot to a later outcome that has it', () => {
    const memory = memoryIn(GENERATION);
    const late = interrupted(memory, 'load', () => {
      for (let i = 0; i < 16; i++) record(memory);
    });
    record(late, FAILED);
    expect(countWindowTotals(memory, AT, { calls: 16, slots: 16 }, GENERATION)).toEqual({
      ...NONE,
      calls: 16,
    });
  });

  it('leaves the slot to a later outcome that comes just before it is written', () => {
    const memory = memoryIn(GENERATION);
    const late = interrupted(memory, 'compareAndSet', () => {
      for (let i = 0; i < 16; i++) record(memory);
    });
    record(late, FAILED);
    expect(countWindowTotals(memory, AT, { calls: 16, slots: 16 }, GENERATION)).toEqual({
      ...NONE,
      calls: 16,
    });
  });
});

describe('the counters of a window of time', () => {
  it.each([
    [10, 2 ** 24 / 2 ** 2],
    [1_000, 2 ** 17 * 2 ** 1],
  ])('of %d ms leave room for laps of 4.3 years', (duration) => {
    const lapLows = 2 ** 32 / countRange(duration);
    expect(lapLows * 2 ** 13 * duration).toBeGreaterThan(LAST_MOMENT);
    // And no more room than that, to the bit.
    expect((lapLows / 2) * 2 ** 13 * duration).toBeLessThanOrEqual(LAST_MOMENT);
  });

  it.each([2 ** 25, 2 ** 30, 2 ** 37])('of %d ms have all 32 bits', (duration) => {
    expect(countRange(duration)).toBe(2 ** 32);
  });
});

describe('a window of time', () => {
  const second: TimeWindow = { duration: 1_000, range: countRange(1_000) };
  const record = (memory: Memory, now: number, outcome = 0, generation = GENERATION, window = second): void =>
    recordInTimeWindow(memory, AT, window, generation, outcome, now, WORD);
  const totals = (memory: Memory, now: number, generation = GENERATION, window = second) =>
    timeWindowTotals(memory, AT, window, generation, now);

  it('is empty at first', () => {
    expect(totals(memoryIn(GENERATION), 0)).toEqual(NONE);
  });

  it.each([
    [0, { failures: 0, slow: 0 }],
    [FAILED, { failures: 2, slow: 0 }],
    [SLOW, { failures: 0, slow: 2 }],
    [FAILED | SLOW, { failures: 2, slow: 2 }],
  ])('takes in outcome %d, at all times and in all generations', (outcome, expected) => {
    for (const generation of [0, 1, LAST_GENERATION]) {
      for (const now of [0, 99, 100, 999, 1_000, 123_456_789, 2 ** 36, LAST_MOMENT]) {
        const memory = memoryIn(generation);
        record(memory, now, outcome, generation);
        record(memory, now, outcome, generation);
        expect(totals(memory, now, generation)).toEqual({ calls: 2, ...expected });
      }
    }
  });

  it('counts in the last bucket at its beginning, and no more at the next', () => {
    const memory = memoryIn(GENERATION);
    record(memory, 5_199, FAILED);
    expect([6_099, 6_100].map((now) => totals(memory, now).calls)).toEqual([1, 0]);
  });

  it('does not count what is to come', () => {
    const memory = memoryIn(GENERATION);
    record(memory, 5_200, FAILED);
    expect([5_199, 5_200].map((now) => totals(memory, now).calls)).toEqual([0, 1]);
  });

  it('counts nothing of the generations beside it', () => {
    const memory = memoryIn(GENERATION);
    record(memory, 5_000);
    expect([GENERATION - 1, GENERATION + 1].map((other) => totals(memory, 5_000, other).calls)).toEqual([
      0, 0,
    ]);
  });

  it('begins a counter anew in the next lap', () => {
    const memory = memoryIn(GENERATION);
    record(memory, 5_000, FAILED);
    record(memory, 6_000, FAILED);
    expect(totals(memory, 6_000)).toEqual({ calls: 1, failures: 1, slow: 0 });
  });

  it('leaves a counter alone that is of a later lap', () => {
    const memory = memoryIn(GENERATION);
    record(memory, 6_000, FAILED);
    record(memory, 5_000, FAILED);
    expect(totals(memory, 6_000)).toEqual({ calls: 1, failures: 1, slow: 0 });
  });

  it('leaves a counter alone once the circuit is in another generation', () => {
    const memory = memoryIn(GENERATION);
    record(memory, 5_000, FAILED);
    expect(writesDuring(memory, (it) => record(it, 5_000, FAILED, GENERATION - 1))).toBe(0);
    expect(totals(memory, 5_000).calls).toBe(1);
  });

  it('takes a counter over from an earlier generation, however late its lap', () => {
    const memory = memoryIn(GENERATION);
    record(memory, 9_000, FAILED);
    memory.storeWide(WORD, tagOf(Phase.closed, GENERATION + 1), 0);
    record(memory, 5_000, FAILED, GENERATION + 1);
    expect(totals(memory, 5_000, GENERATION + 1).calls).toBe(1);
  });

  it('has a counter for each bucket and outcome, and keeps to its own cells', () => {
    const memory = memoryIn(GENERATION);
    for (let bucket = 0; bucket < 10; bucket++) {
      for (const outcome of [0, FAILED, SLOW, FAILED | SLOW]) record(memory, 5_000 + bucket * 100, outcome);
    }
    const written = Array.from(memory.cells.keys()).filter((at) => at !== WORD && memory.load(at) !== 0);
    expect([written.length, Math.min(...written), Math.max(...written)]).toEqual([80, AT, AT + 79]);
    expect(totals(memory, 5_999)).toEqual({ calls: 40, failures: 20, slow: 20 });
  });

  it('stops a counter at its range', () => {
    const small: TimeWindow = { duration: 1_000, range: 4 };
    const memory = memoryIn(GENERATION);
    const counts = Array.from({ length: 5 }, () => {
      record(memory, 0, FAILED, GENERATION, small);
      return totals(memory, 0, GENERATION, small).calls;
    });
    expect(counts).toEqual([1, 2, 3, 3, 3]);
  });

  it('counts on top of an outcome that comes in between', () => {
    const memory = memoryIn(GENERATION);
    record(
      interrupted(memory, 'compareAndSetWide', () => record(memory, 5_000)),
      5_000,
    );
    expect(totals(memory, 5_000).calls).toBe(2);
  });

  it('counts on top of an outcome that comes between its two plain reads', () => {
    const memory = memoryIn(GENERATION);
    record(memory, 5_000);
    record(
      interrupted(memory, 'peek', () => record(memory, 6_000_000), 2),
      6_000_000,
    );
    expect(totals(memory, 6_000_000).calls).toBe(2);
  });

  it('looks again at a counter that seems full, and has begun its next lap since', () => {
    const small: TimeWindow = { duration: 1_000, range: 4 };
    const memory = memoryIn(GENERATION);
    for (let i = 0; i < 3; i++) record(memory, 0, 0, GENERATION, small);
    const late = interrupted(memory, 'loadWide', () => record(memory, 1_000, 0, GENERATION, small));
    expect(writesDuring(late, (it) => record(it, 0, 0, GENERATION, small))).toBe(0);
    expect(totals(memory, 1_000, GENERATION, small).calls).toBe(1);
  });
});

describe('a window of a policy', () => {
  const limits = { minimumCalls: 4, failureRate: 0.5, slowRate: 0.25 };
  const calls: WindowSettings = { ...limits, kind: 'calls', calls: 4, slots: 16 };
  const time: WindowSettings = { ...limits, kind: 'duration', duration: 1_000, range: countRange(1_000) };

  it('has its cells', () => {
    expect([undefined, calls, time].map(windowCells)).toEqual([0, 18, 80]);
  });

  it('of calls does not look at the time', () => {
    const memory = memoryIn(GENERATION);
    recordOutcome(memory, AT, calls, GENERATION, FAILED, 0, WORD);
    expect(windowTotals(memory, AT, calls, GENERATION, 1_000_000)).toEqual({
      calls: 1,
      failures: 1,
      slow: 0,
    });
    expect(memory.load(AT)).toBe(1);
  });

  it('of time does', () => {
    const memory = memoryIn(GENERATION);
    recordOutcome(memory, AT, time, GENERATION, FAILED, 0, WORD);
    expect(windowTotals(memory, AT, time, GENERATION, 0)).toEqual({ calls: 1, failures: 1, slow: 0 });
    expect(windowTotals(memory, AT, time, GENERATION, 1_000_000)).toEqual(NONE);
  });

  it.each([
    [{ calls: 4, failures: 2, slow: 0 }, 'failure-rate'],
    [{ calls: 4, failures: 3, slow: 0 }, 'failure-rate'],
    [{ calls: 4, failures: 3, slow: 3 }, 'failure-rate'],
    [{ calls: 4, failures: 1, slow: 0 }, undefined],
    [{ calls: 4, failures: 0, slow: 1 }, 'slow-rate'],
    [{ calls: 5, failures: 0, slow: 1 }, undefined],
    [{ calls: 3, failures: 3, slow: 3 }, undefined],
    [NONE, undefined],
  ])('has its limits: %j', (totals, expected) => {
    expect(exceededLimit(totals, calls)).toBe(expected);
  });

  it('that no call has to fill is not full of what it has not', () => {
    expect(exceededLimit(NONE, { ...calls, minimumCalls: 0 })).toBeUndefined();
    expect(exceededLimit({ ...NONE, calls: 1, failures: 1 }, { ...calls, minimumCalls: 0 })).toBe(
      'failure-rate',
    );
  });

  it('judges only the rates that it has', () => {
    const all = { calls: 4, failures: 4, slow: 4 };
    expect(exceededLimit(all, { ...calls, failureRate: undefined, slowRate: undefined })).toBeUndefined();
    expect(exceededLimit({ ...all, slow: 0 }, { ...calls, failureRate: undefined })).toBeUndefined();
    expect(exceededLimit({ ...all, failures: 0 }, { ...calls, slowRate: undefined })).toBeUndefined();
  });
});
