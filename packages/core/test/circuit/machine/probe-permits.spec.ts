import { describe, expect, it } from '@jest/globals';
import {
  freePermit,
  hasExpired,
  type ProbePermits,
  survey,
  type Taken,
  takePermit,
} from '../../../src/circuit/machine/probe-permits.js';
import { type Memory, SharedMemory } from '../../../src/panel/memory.js';
import { Phase } from '../../../src/circuit/memory/word.js';
import { LAST_MOMENT } from '../../../src/panel/word.js';
import { tagOf } from '../../../src/panel/word.js';
import { interrupted } from '../../support/interrupted-memory.js';

const GENERATION = 5;
const TIMEOUT = 70;
/** Not at the beginning of memory, so that a position that is off finds something else. */
const TWO: ProbePermits = { at: 8, count: 2, word: 4 };
const ONE: ProbePermits = { ...TWO, count: 1 };

/** The memory of a half-open circuit whose permits nobody has taken yet. */
function halfOpen(generation = GENERATION): SharedMemory {
  const memory = new SharedMemory(new ArrayBuffer(64));
  memory.storeWide(TWO.word, tagOf(Phase.halfOpen, generation), 0);
  return memory;
}

const take = (memory: Memory, now: number, permits = TWO, generation = GENERATION): Taken =>
  takePermit(memory, permits, generation, now, TIMEOUT);

/** Takes a permit that is to be had. */
function taken(memory: Memory, now: number, permits = TWO, generation = GENERATION) {
  const result = take(memory, now, permits, generation);
  if (result.kind !== 'taken') throw new Error(`not taken: ${result.kind}`);
  return result.probe;
}

describe('a permit', () => {
  it('is of the first slot that is free, and expires after its time', () => {
    expect(taken(halfOpen(), 100)).toEqual({ at: 8, generation: GENERATION, expiry: 170 });
  });

  it('is of the next slot where the first is taken', () => {
    const memory = halfOpen();
    taken(memory, 100);
    expect(taken(memory, 101)).toEqual({ at: 10, generation: GENERATION, expiry: 171 });
  });

  it('is had again once it is given back', () => {
    const memory = halfOpen();
    const first = taken(memory, 100);
    taken(memory, 100);
    expect(freePermit(memory, first)).toBe(true);
    expect(taken(memory, 110)).toEqual({ at: 8, generation: GENERATION, expiry: 180 });
  });

  it('leaves nothing in its slot when it is given back', () => {
    const memory = halfOpen();
    freePermit(memory, taken(memory, 100));
    expect(memory.loadWide(8)).toEqual({ low: 0, high: 0 });
  });

  it('is given back once', () => {
    const memory = halfOpen();
    const probe = taken(memory, 100);
    freePermit(memory, probe);
    expect(freePermit(memory, probe)).toBe(false);
  });

  it.each([
    ['of another generation', { generation: GENERATION + 1 }],
    ['taken at another moment', { expiry: 171 }],
    ['taken at a moment with the same lower bits', { expiry: 170 + 8192 }],
    ['of another slot', { at: 10 }],
  ])('is not given back by a probe %s', (_, other) => {
    const memory = halfOpen();
    const probe = taken(memory, 100);
    expect(freePermit(memory, { ...probe, ...other })).toBe(false);
    expect(survey(memory, ONE, GENERATION).free).toBeUndefined();
  });

  it.each([0, 1, 8191, 8192, 8193, 2 ** 30, 2 ** 36 + 77])('keeps its expiry when taken at %d', (now) => {
    for (const generation of [0, 1, 2 ** 19 - 1]) {
      const memory = halfOpen(generation);
      const probe = taken(memory, now, TWO, generation);
      expect(survey(memory, TWO, generation)).toEqual({
        earliest: now + TIMEOUT,
        free: { at: 10, slot: { low: 0, high: 0 } },
      });
      expect(freePermit(memory, probe)).toBe(true);
    }
  });

  it('of an earlier generation is nobody’s', () => {
    const memory = halfOpen();
    taken(memory, 100, ONE);
    memory.storeWide(TWO.word, tagOf(Phase.halfOpen, GENERATION + 2), 0);
    expect(taken(memory, 500, ONE, GENERATION + 2)).toMatchObject({ at: 8, expiry: 570 });
  });

  it('is one that nobody else took in the meantime', () => {
    const memory = halfOpen();
    const late = interrupted(memory, 'compareAndSetWide', () => taken(memory, 99));
    expect(taken(late, 100)).toMatchObject({ at: 10, expiry: 170 });
  });

  it('is not to be had where somebody else took the last one in the meantime', () => {
    const memory = halfOpen();
    const late = interrupted(memory, 'compareAndSetWide', () => taken(memory, 99, ONE));
    expect(take(late, 100, ONE)).toEqual({ kind: 'full', until: 169 });
  });

  it('is not to be had of a generation that has passed', () => {
    const memory = halfOpen(GENERATION + 1);
    expect(take(memory, 100)).toEqual({ kind: 'passed' });
    expect(memory.loadWide(8)).toEqual({ low: 0, high: 0 });
  });
});

describe('permits that are all taken', () => {
  it.each([
    ['the first slot', 100, 120],
    ['the second slot', 120, 100],
  ])('are refused until the earliest expires, which is in %s', (_, first, second) => {
    const memory = halfOpen();
    taken(memory, first);
    taken(memory, second);
    expect(take(memory, 130)).toEqual({ kind: 'full', until: 170 });
  });

  it('are refused up to the last moment before the expiry', () => {
    const memory = halfOpen();
    taken(memory, 100, ONE);
    expect(take(memory, 169, ONE)).toEqual({ kind: 'full', until: 170 });
  });
});

describe('a permit that has expired', () => {
  it('is told of at its expiry', () => {
    const memory = halfOpen();
    taken(memory, 100, ONE);
    expect(take(memory, 170, ONE)).toEqual({ kind: 'expired', expiry: 170 });
  });

  it('is told of although another one is free', () => {
    const memory = halfOpen();
    taken(memory, 100);
    expect(take(memory, 1_000)).toEqual({ kind: 'expired', expiry: 170 });
  });
});

describe('at the end of time', () => {
  it('a permit is taken until the last moment', () => {
    const memory = halfOpen();
    expect(taken(memory, LAST_MOMENT - 69).expiry).toBe(LAST_MOMENT);
    expect(taken(memory, LAST_MOMENT).expiry).toBe(LAST_MOMENT);
  });

  it('permits do not expire', () => {
    const memory = halfOpen();
    taken(memory, LAST_MOMENT, ONE);
    expect(take(memory, LAST_MOMENT, ONE)).toEqual({ kind: 'full', until: LAST_MOMENT });
  });

  it.each([
    [LAST_MOMENT, LAST_MOMENT, false],
    [LAST_MOMENT - 1, LAST_MOMENT, true],
    [LAST_MOMENT - 1, LAST_MOMENT - 1, true],
    [LAST_MOMENT - 1, LAST_MOMENT - 2, false],
    [Infinity, LAST_MOMENT, false],
  ])('an expiry at %d has passed at %d: %s', (expiry, now, expected) => {
    expect(hasExpired(expiry, now)).toBe(expected);
  });
});

describe('a look at the permits', () => {
  it('finds no expiry where none is taken', () => {
    expect(survey(halfOpen(), TWO, GENERATION)).toEqual({
      earliest: Infinity,
      free: { at: 8, slot: { low: 0, high: 0 } },
    });
  });

  it('does not look at the memory behind them', () => {
    const memory = halfOpen();
    taken(memory, 100, ONE);
    expect(survey(memory, ONE, GENERATION)).toEqual({ earliest: 170, free: undefined });
  });

  it('takes the slots of generation 0 that nobody has touched for free', () => {
    expect(survey(halfOpen(0), ONE, 0).free).toEqual({ at: 8, slot: { low: 0, high: 0 } });
  });
});
