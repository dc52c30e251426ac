import { describe, expect, it } from '@jest/globals';
import { SharedMemory } from '../../../src/panel/memory.js';
import {
  closedWord,
  deadlineOf,
  failuresOf,
  halfOpenWord,
  isCurrent,
  isOpening,
  isShadow,
  machinePhase,
  openWord,
  Phase,
  phaseLike,
  phaseOf,
  reopeningsOf,
  stateOf,
  successesOf,
  tagIn,
} from '../../../src/circuit/memory/word.js';
import { LAST_MOMENT } from '../../../src/panel/word.js';
import {
  generationOf,
  isLive,
  isNewerGeneration,
  nextGeneration,
  previousGeneration,
  readWord,
  replaceWord,
  tagOf,
  type Word,
} from '../../../src/panel/word.js';

// Everything a thread knows of a circuit is in these 64 bits, and threads with other builds read the same ones.

const LAST_GENERATION = 2 ** 19 - 1;
const GENERATIONS = [0, 1, 2, 7, 2 ** 10, 2 ** 18 - 1, 2 ** 18, LAST_GENERATION];

/** A word after it has been in memory, where halves are signed. */
function stored(word: Word): Word {
  const memory = new SharedMemory(new ArrayBuffer(8));
  memory.storeWide(0, word.low, word.high);
  return readWord(memory, 0);
}

describe('phases', () => {
  it('of an ordinary circuit and of a shadow circuit correspond', () => {
    expect([Phase.shadowClosed, Phase.shadowOpen, Phase.shadowHalfOpen].map(machinePhase)).toEqual([
      Phase.closed,
      Phase.open,
      Phase.halfOpen,
    ]);
  });

  it.each([Phase.closed, Phase.open, Phase.halfOpen, Phase.forcedOpen, Phase.forcedClosed])(
    'of an ordinary circuit are what they are: %d',
    (phase) => {
      expect([machinePhase(phase), isShadow(phase)]).toEqual([phase, false]);
    },
  );

  it('become a shadow where the circuit is one', () => {
    expect([
      phaseLike(Phase.open, Phase.shadowClosed),
      phaseLike(Phase.halfOpen, Phase.shadowOpen),
      phaseLike(Phase.closed, Phase.shadowHalfOpen),
    ]).toEqual([Phase.shadowOpen, Phase.shadowHalfOpen, Phase.shadowClosed]);
  });

  it('become no shadow where the circuit is none', () => {
    expect([phaseLike(Phase.open, Phase.closed), phaseLike(Phase.closed, Phase.forcedClosed)]).toEqual([
      Phase.open,
      Phase.closed,
    ]);
  });

  it('are of a live circuit unless the record is free or reserved', () => {
    expect(Object.values(Phase).filter((phase) => !isLive(phase))).toEqual([Phase.free, Phase.reserved]);
  });

  it('open a circuit that comes into them where calls are refused, or would be', () => {
    expect(Object.values(Phase).filter(isOpening)).toEqual([Phase.open, Phase.forcedOpen, Phase.shadowOpen]);
  });

  it('are states to users', () => {
    const states = Object.entries(Phase).map(([name, phase]) => [name, stateOf(phase)]);
    expect(Object.fromEntries(states)).toEqual({
      free: 'closed',
      reserved: 'closed',
      closed: 'closed',
      open: 'open',
      halfOpen: 'half-open',
      forcedOpen: 'forced-open',
      forcedClosed: 'forced-closed',
      shadowClosed: 'shadow',
      shadowOpen: 'shadow',
      shadowHalfOpen: 'shadow',
    });
  });
});

describe('generations', () => {
  it('follow each other', () => {
    expect(nextGeneration(tagOf(Phase.halfOpen, 41))).toBe(42);
    expect(previousGeneration(42)).toBe(41);
  });

  it('begin anew after the last', () => {
    expect(nextGeneration(tagOf(Phase.shadowHalfOpen, LAST_GENERATION))).toBe(0);
    expect(previousGeneration(0)).toBe(LAST_GENERATION);
  });

  it.each([
    ['the next one is newer', 8, 7, true],
    ['the one before is not', 6, 7, false],
    ['the same is not', 7, 7, false],
    ['the first is newer than the last, which it follows', 0, LAST_GENERATION, true],
    ['the last is not newer than the first, which follows it', LAST_GENERATION, 0, false],
    ['one less than half the range ahead is newer', 2 ** 18 - 1, 0, true],
    ['half the range ahead is not', 2 ** 18, 0, false],
    ['more than half the range ahead is not', 2 ** 18 + 1, 0, false],
  ])('have an order: %s', (_, a, b, expected) => {
    expect(isNewerGeneration(a, b)).toBe(expected);
  });

  it('are current while the word names them', () => {
    const memory = new SharedMemory(new ArrayBuffer(16));
    memory.storeWide(2, tagOf(Phase.open, 7), -1);
    expect([isCurrent(memory, 2, 7), isCurrent(memory, 2, 6), isCurrent(memory, 2, 8)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe.each(GENERATIONS)('a word of generation %d', (generation) => {
  it.each(Object.values(Phase))('keeps both apart in its tag, in phase %d', (phase) => {
    const tag = tagOf(phase, generation);
    expect([phaseOf(tag), generationOf(tag), tagIn(tag)]).toEqual([phase, generation, tag]);
  });

  it.each([0, 1, 100, 2 ** 31 - 1])('keeps %d failures', (failures) => {
    const word = stored(closedWord(Phase.shadowClosed, generation, failures));
    expect(word.low).toBe(tagOf(Phase.shadowClosed, generation));
    expect(failuresOf(word)).toBe(failures);
  });

  it.each([0, 1, 511, 512, 513, 2 ** 28, 2 ** 36 - 1, 2 ** 36, LAST_MOMENT])(
    'keeps the deadline %d, and the times it was reopened',
    (deadline) => {
      const word = stored(openWord(Phase.open, generation, deadline, 5));
      expect([deadlineOf(word), reopeningsOf(word)]).toEqual([deadline, 5]);
      expect([phaseOf(word.low), generationOf(word.low)]).toEqual([Phase.open, generation]);
      expect(tagIn(word.low)).toBe(tagOf(Phase.open, generation));
    },
  );

  it.each([0, 1, 2, 100, 2 ** 28 - 1])('keeps %d successes, and the times it was reopened', (successes) => {
    const word = stored(halfOpenWord(Phase.halfOpen, generation, successes, 9));
    expect(word.low).toBe(tagOf(Phase.halfOpen, generation));
    expect([successesOf(word), reopeningsOf(word)]).toEqual([successes, 9]);
  });
});

describe('a word', () => {
  it('stops counting failures at 2 ** 31 - 1', () => {
    expect(failuresOf(stored(closedWord(Phase.closed, 1, 2 ** 31)))).toBe(2 ** 31 - 1);
    expect(failuresOf(stored(closedWord(Phase.closed, 1, 2 ** 40)))).toBe(2 ** 31 - 1);
  });

  it('stops counting reopenings at 15', () => {
    const reopenings = [14, 15, 16, 17, 1_000].map((times) =>
      reopeningsOf(openWord(Phase.open, 1, 0, times)),
    );
    expect(reopenings).toEqual([14, 15, 15, 15, 15]);
  });

  it('has no deadline after the last moment, which is 2 ** 37 - 1', () => {
    expect(LAST_MOMENT).toBe(137_438_953_471);
    const deadlines = [2 ** 37, 2 ** 37 + 1, 2 ** 50, Infinity].map((deadline) =>
      deadlineOf(stored(openWord(Phase.open, 1, deadline, 3))),
    );
    expect(deadlines).toEqual([LAST_MOMENT, LAST_MOMENT, LAST_MOMENT, LAST_MOMENT]);
  });

  it('keeps the deadline out of the tag, and the reopenings out of the deadline', () => {
    expect(openWord(Phase.open, 3, 512 * 6 + 5, 15)).toEqual({
      low: (5 << 23) | (3 << 4) | 3,
      high: (6 << 4) | 15,
    });
  });

  it('is replaced where it is what the thread has seen', () => {
    const memory = new SharedMemory(new ArrayBuffer(16));
    const seen = readWord(memory, 2);
    expect(replaceWord(memory, 2, seen, { low: 5, high: -6 })).toBe(true);
    expect([readWord(memory, 2), readWord(memory, 0)]).toEqual([
      { low: 5, high: -6 },
      { low: 0, high: 0 },
    ]);
  });

  it.each([
    { low: 1, high: 0 },
    { low: 0, high: 1 },
  ])('is not replaced where it is not: %j', (now) => {
    const memory = new SharedMemory(new ArrayBuffer(8));
    const seen = readWord(memory, 0);
    memory.storeWide(0, now.low, now.high);
    expect(replaceWord(memory, 0, seen, { low: 5, high: 6 })).toBe(false);
    expect(readWord(memory, 0)).toEqual(now);
  });
});
