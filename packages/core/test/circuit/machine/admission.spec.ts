import { describe, expect, it } from '@jest/globals';
import { admit } from '../../../src/circuit/machine/admission.js';
import { force, reset } from '../../../src/circuit/machine/operator.js';
import type { Transition } from '../../../src/circuit/machine/transition.js';
import { Field } from '../../../src/panel/record.js';
import { type Memory, SharedMemory } from '../../../src/panel/memory.js';
import {
  closedWord,
  halfOpenWord,
  openWord,
  Phase,
  reopeningsOf,
  successesOf,
  tagIn,
} from '../../../src/circuit/memory/word.js';
import { generationOf, tagOf, type Word } from '../../../src/panel/word.js';
import {
  begin,
  BIRTH,
  deadlineIn,
  phaseIn,
  record,
  settings,
  wordIn,
} from '../../support/circuit-in-memory.js';
import { interrupted, writesDuring } from '../../support/interrupted-memory.js';

const GENERATION = 4;
const DEADLINE = 1_000;

function memoryOf(word: Word): SharedMemory {
  const memory = new SharedMemory(new ArrayBuffer(1_024));
  begin(word)(memory);
  return memory;
}

const closed = (phase: Phase = Phase.closed): SharedMemory => memoryOf(closedWord(phase, GENERATION, 0));
const open = (phase: Phase = Phase.open): SharedMemory => memoryOf(openWord(phase, GENERATION, DEADLINE, 3));
const halfOpen = (phase: Phase = Phase.halfOpen): SharedMemory =>
  memoryOf(halfOpenWord(phase, GENERATION, 1, 3));

/** What one call is told, and the transitions that it made. */
function asked(memory: Memory, now: number, of = settings()) {
  const transitions: Transition[] = [];
  const result = admit({ memory, record, settings: of }, now, (transition) => transitions.push(transition));
  return { ...result, transitions };
}

const freely = (tag: number) => ({
  kind: 'admitted',
  admission: { status: 'admitted', record, tag, probe: undefined },
  transitions: [],
});

describe('a call is admitted freely', () => {
  it.each([Phase.closed, Phase.forcedClosed, Phase.shadowClosed])('in phase %d', (phase) => {
    expect(asked(closed(phase), 5)).toEqual(freely(tagOf(phase, GENERATION)));
  });

  it('while a shadow is open, under a tag that counts nothing', () => {
    const memory = open(Phase.shadowOpen);
    const { low } = wordIn(memory);
    expect(asked(memory, DEADLINE - 1)).toEqual(freely(low));
  });

  it('while the permits of a shadow are all taken', () => {
    const memory = halfOpen(Phase.shadowHalfOpen);
    asked(memory, 5);
    asked(memory, 5);
    expect(asked(memory, 6)).toEqual(freely(tagOf(Phase.shadowHalfOpen, GENERATION)));
  });
});

describe('a call is refused', () => {
  it('for as long as an operator likes', () => {
    const memory = closed(Phase.forcedOpen);
    expect(asked(memory, 5)).toEqual({
      kind: 'refused',
      word: wordIn(memory),
      until: undefined,
      transitions: [],
    });
  });

  it('until the deadline', () => {
    const memory = open();
    expect(asked(memory, DEADLINE - 1)).toEqual({
      kind: 'refused',
      word: wordIn(memory),
      until: DEADLINE,
      transitions: [],
    });
  });

  it('until the first permit expires', () => {
    const memory = halfOpen();
    asked(memory, 5);
    asked(memory, 7);
    expect(asked(memory, 10)).toMatchObject({ kind: 'refused', until: 55, transitions: [] });
  });

  it('with nothing written', () => {
    for (const memory of [closed(Phase.forcedOpen), open()]) {
      expect(writesDuring(memory, (it) => asked(it, 5))).toBe(0);
    }
  });
});

describe('a call at the deadline', () => {
  it.each([
    [Phase.open, Phase.halfOpen],
    [Phase.shadowOpen, Phase.shadowHalfOpen],
  ])('turns phase %d to phase %d, and is its first probe', (from, to) => {
    const memory = open(from);
    expect(asked(memory, DEADLINE)).toEqual({
      kind: 'admitted',
      admission: {
        status: 'admitted',
        record,
        tag: tagOf(to, GENERATION + 1),
        probe: { at: record.parts, generation: GENERATION + 1, expiry: DEADLINE + 50 },
      },
      transitions: [{ from, to, generation: GENERATION + 1, at: DEADLINE, failures: 0 }],
    });
    expect([successesOf(wordIn(memory)), reopeningsOf(wordIn(memory))]).toEqual([0, 3]);
  });

  it('is the second probe where another call comes in between', () => {
    const memory = open();
    const late = interrupted(memory, 'compareAndSetWide', () => asked(memory, DEADLINE));
    const { transitions, ...result } = asked(late, DEADLINE);
    expect(transitions).toEqual([]);
    expect(result).toMatchObject({ kind: 'admitted', admission: { probe: { at: record.parts + 2 } } });
  });
});

describe('a call of a half-open circuit', () => {
  it('whose permit has expired opens it, as of then', () => {
    const memory = halfOpen();
    asked(memory, 5);
    const { kind, transitions } = asked(memory, 60);
    expect(kind).toBe('refused');
    expect(transitions).toMatchObject([{ from: Phase.halfOpen, to: Phase.open, at: 55, failures: 1 }]);
    expect([deadlineIn(memory), reopeningsOf(wordIn(memory))]).toEqual([155, 4]);
  });

  it('is admitted freely where the circuit is reset while it looks for a permit', () => {
    const memory = halfOpen();
    const late = interrupted(memory, 'load', () => reset({ memory, record }, 5, () => {}));
    expect(asked(late, 5)).toEqual(freely(tagOf(Phase.closed, GENERATION + 1)));
  });

  it('gives its permit back where the circuit is reset just after', () => {
    const memory = halfOpen();
    // The second time it asks for the word it has the permit.
    const late = interrupted(memory, 'load', () => reset({ memory, record }, 5, () => {}), 2);
    expect(asked(late, 5)).toEqual(freely(tagOf(Phase.closed, GENERATION + 1)));
    expect(memory.loadWide(record.parts)).toEqual({ low: 0, high: 0 });
  });

  it('is refused where the circuit is forced open just after', () => {
    const memory = halfOpen();
    const late = interrupted(memory, 'load', () => force({ memory, record }, 'open', 5, () => {}), 2);
    expect(asked(late, 5)).toMatchObject({ kind: 'refused', until: undefined });
    expect([phaseIn(memory), memory.loadWide(record.parts)]).toEqual([Phase.forcedOpen, { low: 0, high: 0 }]);
  });
});

describe('a call is told that the circuit is gone', () => {
  it.each([Phase.free, Phase.reserved])('where its record is of phase %d', (phase) => {
    expect(asked(closed(phase), 5)).toEqual({ kind: 'gone', transitions: [] });
  });

  it.each([closed, open, halfOpen])('where the record is of another circuit by now', (made) => {
    const memory = made();
    memory.store(record.at + Field.incarnation, BIRTH + 1);
    expect(writesDuring(memory, (it) => expect(asked(it, 2_000).kind).toBe('gone'))).toBe(0);
  });
});

it('the deadline is no part of the tag that half-open begins with', () => {
  const memory = open();
  asked(memory, DEADLINE);
  const { low } = wordIn(memory);
  expect([tagIn(low), generationOf(low)]).toEqual([low, GENERATION + 1]);
});
