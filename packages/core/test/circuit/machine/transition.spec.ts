import { threadId } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import {
  close,
  openByHand,
  permitsOf,
  reopen,
  resetTimeout,
  transition,
  type Transition,
  trip,
  windowAt,
} from '../../../src/circuit/machine/transition.js';
import { SharedMemory } from '../../../src/panel/memory.js';
import {
  type OpeningReason,
  readOpeningNote,
  writeOpeningNote,
} from '../../../src/circuit/memory/opening-note.js';
import { openedWith } from '../../../src/circuit/memory/circuit-record.js';
import { closedWord, halfOpenWord, openWord, Phase } from '../../../src/circuit/memory/word.js';
import { type Word } from '../../../src/panel/word.js';
import { begin, record, settings, wordIn } from '../../support/circuit-in-memory.js';
import { interrupted } from '../../support/interrupted-memory.js';

const GENERATION = 4;
const NOW = 10_000;

const reason: OpeningReason = { by: 'failures', failures: 2, calls: 2, slow: 0 };

/** A circuit with that word, and the transitions that come of what is done to it. */
function circuitOf(word: Word) {
  const memory = new SharedMemory(new ArrayBuffer(1_024));
  begin(word)(memory);
  const transitions: Transition[] = [];
  const machine = {
    memory,
    record,
    settings: settings({ resetTimeouts: [100, 200, 400], permits: 3 }),
    thread: 7,
  };
  return { machine, memory, word, transitions, note: (it: Transition) => transitions.push(it) };
}

describe('a transition', () => {
  it('stores the word, then tells', () => {
    const { machine, memory, word } = circuitOf(closedWord(Phase.closed, GENERATION, 1));
    const next = closedWord(Phase.forcedOpen, GENERATION + 1, 0);
    const heard: unknown[] = [];
    expect(transition(machine, word, next, NOW, 3, (it) => heard.push(it, wordIn(memory)))).toBe(true);
    expect(heard).toEqual([
      { from: Phase.closed, to: Phase.forcedOpen, generation: GENERATION + 1, at: NOW, failures: 3 },
      next,
    ]);
  });

  it('is not made, nor told, where the circuit has changed', () => {
    const { machine, memory, word, transitions, note } = circuitOf(closedWord(Phase.closed, GENERATION, 1));
    const stale = { ...word, high: 0 };
    expect(transition(machine, stale, closedWord(Phase.closed, 9, 0), NOW, 0, note)).toBe(false);
    expect([wordIn(memory), transitions]).toEqual([word, []]);
  });
});

describe.each([
  [Phase.closed, Phase.halfOpen, Phase.open],
  [Phase.shadowClosed, Phase.shadowHalfOpen, Phase.shadowOpen],
])('from phases %d and %d', (closed, halfOpen, open) => {
  it('a circuit that trips is open for the first of its timeouts', () => {
    const { machine, memory, word, transitions, note } = circuitOf(closedWord(closed, GENERATION, 1));
    expect(trip(machine, word, NOW, reason, note)).toBe(true);
    expect(wordIn(memory)).toEqual(openWord(open, GENERATION + 1, NOW + 100, 0));
    const opening = { ...reason, thread: 7 };
    expect(transitions).toEqual([
      { from: closed, to: open, generation: GENERATION + 1, at: NOW, failures: 2, opening },
    ]);
    expect(readOpeningNote(memory, record.at, GENERATION + 1)).toEqual(opening);
    expect(openedWith(memory, record.at, GENERATION + 1)).toBe(NOW);
  });

  it.each([
    [0, 200],
    [1, 400],
    [2, 400],
    [15, 400],
  ])('a circuit that reopens after %d times is open for %d ms', (times, timeout) => {
    const { machine, memory, word, transitions, note } = circuitOf(
      halfOpenWord(halfOpen, GENERATION, 1, times),
    );
    expect(reopen(machine, word, NOW, note)).toBe(true);
    expect(wordIn(memory)).toEqual(openWord(open, GENERATION + 1, NOW + timeout, times + 1));
    const opening = { by: 'probe', failures: 1, calls: 1, slow: 0, thread: 7 };
    expect(transitions).toMatchObject([{ from: halfOpen, to: open, at: NOW, failures: 1, opening }]);
    expect(openedWith(memory, record.at, GENERATION + 1)).toBe(NOW);
  });

  it('a circuit that closes begins with no failures', () => {
    const { machine, memory, word, transitions, note } = circuitOf(halfOpenWord(halfOpen, GENERATION, 1, 3));
    expect(close(machine, word, closed, NOW, note)).toBe(true);
    expect(wordIn(memory)).toEqual(closedWord(closed, GENERATION + 1, 0));
    expect(transitions).toMatchObject([{ from: halfOpen, to: closed, at: NOW, failures: 0 }]);
  });
});

it('the last timeout repeats', () => {
  const of = settings({ resetTimeouts: [1, 2] });
  expect([0, 1, 2, 9].map((times) => resetTimeout(of, times))).toEqual([1, 2, 2, 2]);
});

it('the window follows the permits', () => {
  const { machine } = circuitOf(closedWord(Phase.closed, GENERATION, 0));
  expect(permitsOf(machine)).toEqual({ at: 64, count: 3, word: 0 });
  expect(windowAt(record, machine.settings)).toBe(64 + 3 * 2);
});

it('an operator opens a circuit without a deadline', () => {
  const { machine, memory, word, transitions, note } = circuitOf(
    closedWord(Phase.shadowClosed, GENERATION, 1),
  );
  expect(openByHand(machine, word, NOW, note)).toBe(true);
  expect(wordIn(memory)).toEqual(closedWord(Phase.forcedOpen, GENERATION + 1, 0));
  const opening = { by: 'operator', failures: 0, calls: 0, slow: 0, thread: 7 };
  expect(transitions).toEqual([
    {
      from: Phase.shadowClosed,
      to: Phase.forcedOpen,
      generation: GENERATION + 1,
      at: NOW,
      failures: 0,
      opening,
    },
  ]);
  expect(readOpeningNote(memory, record.at, GENERATION + 1)).toEqual(opening);
  expect(openedWith(memory, record.at, GENERATION + 1)).toBe(NOW);
});

it('a note that another thread wrote over stands again once the word is stored', () => {
  const { machine, memory, word, note } = circuitOf(closedWord(Phase.closed, GENERATION, 1));
  const other = { ...reason, failures: 9, thread: 8 };
  const raced = interrupted(memory, 'compareAndSetWide', () =>
    writeOpeningNote(memory, record.at, GENERATION + 1, other),
  );
  trip({ ...machine, memory: raced }, word, NOW, reason, note);
  expect(readOpeningNote(memory, record.at, GENERATION + 1)).toEqual({ ...reason, thread: 7 });
});

it('a circuit that is opened is opened by this thread unless another is named', () => {
  const { machine, word, transitions, note } = circuitOf(closedWord(Phase.closed, GENERATION, 1));
  trip({ memory: machine.memory, record, settings: machine.settings }, word, NOW, reason, note);
  expect(transitions).toMatchObject([{ opening: { thread: threadId } }]);
});
