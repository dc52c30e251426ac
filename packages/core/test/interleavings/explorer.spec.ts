import { describe, expect, it } from '@jest/globals';
import { explore, type Memory, type Run, ScheduleError } from '@switchgear/core/testing';
import { admit } from '../../src/circuit/machine/admission.js';
import { freePermit } from '../../src/circuit/machine/probe-permits.js';
import { settle } from '../../src/circuit/machine/settlement.js';
import type { Admission, Machine } from '../../src/circuit/machine/transition.js';
import { reopen } from '../../src/circuit/machine/transition.js';
import { closedWord, failuresOf, halfOpenWord, Phase, successesOf } from '../../src/circuit/memory/word.js';
import { readWord } from '../../src/panel/word.js';
import { begin, BIRTH, Hands, record, settings, wordIn } from '../support/circuit-in-memory.js';

const add = (memory: Memory): void => {
  memory.add(0, 1);
};

const readThenWrite = (memory: Memory): void => {
  memory.store(0, memory.load(0) + 1);
};

function counts(expected: number) {
  return ({ memory }: Run<unknown>): void => {
    expect(memory.load(0)).toBe(expected);
  };
}

describe('the explorer', () => {
  it('passes a counter that is added to', () => {
    expect(explore({ threads: [add, add, add], check: counts(3) }).ends).toBeGreaterThan(0);
  });

  it('finds the lost update of a counter that is read and then written', () => {
    expect(() => explore({ threads: [readThenWrite, readThenWrite], check: counts(2) })).toThrow(
      ScheduleError,
    );
  });

  it('names a schedule that leads to the fault', () => {
    let schedule: readonly number[] = [];
    try {
      explore({ threads: [readThenWrite, readThenWrite], check: counts(2) });
    } catch (error) {
      ({ schedule } = error as ScheduleError);
    }
    expect([...schedule].sort()).toEqual([0, 0, 1, 1]);
  });

  it('visits every interleaving of two threads', () => {
    const write = (value: number) => (memory: Memory) => {
      memory.store(0, value);
      memory.store(1, value);
    };
    const seen = new Set<string>();
    explore({
      threads: [write(1), write(2)],
      check: ({ memory }) => seen.add(`${memory.load(0)}${memory.load(1)}`),
    });
    expect([...seen].sort()).toEqual(['11', '12', '21', '22']);
  });

  it('kills a thread before each of its operations', () => {
    const deaths = new Set<number>();
    explore({
      threads: [
        (memory: Memory) => {
          memory.store(0, 1);
          memory.store(1, 1);
          memory.store(2, 1);
        },
      ],
      deaths: 1,
      check: ({ endings: [ending] }) => {
        if (ending.kind === 'died') deaths.add(ending.after);
      },
    });
    expect([...deaths].sort()).toEqual([0, 1, 2]);
  });

  it('interrupts no more often than it is told to', () => {
    const once = explore({ threads: [readThenWrite, readThenWrite], preemptions: 0, check: counts(2) });
    expect(once.ends).toBeGreaterThan(0);
  });

  it('reports what a thread threw', () => {
    const fails = (): never => {
      throw new Error('broken');
    };
    explore({ threads: [fails], check: ({ endings }) => expect(endings[0].kind).toBe('threw') });
  });

  it('gives up where there are more states than it may visit', () => {
    expect(() => explore({ threads: [add, add], check: () => {}, maxStates: 3 })).toThrow(
      /more than 3 states/,
    );
  });

  it('demands that wide cells are aligned', () => {
    expect(() => explore({ threads: [], prepare: (memory) => memory.loadWide(1), check: () => {} })).toThrow(
      /even position/,
    );
  });
});

describe('the explorer finds a race that was put into the circuit', () => {
  /** Counts a failure by reading and then writing, without comparing. */
  function careless({ memory }: Machine): void {
    const word = readWord(memory, record.at);
    const next = closedWord(Phase.closed, BIRTH, failuresOf(word) + 1);
    memory.storeWide(record.at, next.low, next.high);
  }

  it('where counting is no compare-and-set', () => {
    const thread = (memory: Memory): void => careless(new Hands(memory, settings()).machine);
    expect(() =>
      explore({
        prepare: begin(closedWord(Phase.closed, BIRTH, 0)),
        threads: [thread, thread],
        check: ({ memory }) => expect(failuresOf(wordIn(memory))).toBe(2),
      }),
    ).toThrow(ScheduleError);
  });

  /** Counts a probe's success and gives its permit back after that: the other way round than production. */
  function countFirst(machine: Machine, { tag, probe }: Admission): void {
    const { memory } = machine;
    for (;;) {
      const word = readWord(memory, record.at);
      if (word.low !== tag || probe === undefined) return;
      const next = halfOpenWord(Phase.halfOpen, BIRTH, successesOf(word) + 1, 0);
      if (!memory.compareAndSetWide(record.at, word, next.low, next.high)) continue;
      freePermit(memory, probe);
      return;
    }
  }

  /** One probe that ends well, or whose thread dies; later, another call. A probe that counted must not fail as well. */
  function successAndExpiry(ends: (machine: Machine, admission: Admission) => void): void {
    const of = settings({ permits: 1, successThreshold: 5 });
    explore({
      prepare: begin(halfOpenWord(Phase.halfOpen, BIRTH, 0, 0)),
      threads: [
        (memory: Memory) => {
          const machine = { memory, record, settings: of };
          const admission = admit(machine, 0, () => {});
          if (admission.kind === 'admitted') ends(machine, admission.admission);
        },
      ],
      deaths: 1,
      check: ({ memory }) => {
        const successes = successesOf(wordIn(memory));
        const reopened: unknown[] = [];
        admit({ memory, record, settings: of }, 60, (transition) => reopened.push(transition));
        expect(successes + reopened.length).toBeLessThanOrEqual(1);
      },
    });
  }

  it('where a probe is counted before its permit is free', () => {
    expect(() => successAndExpiry(countFirst)).toThrow(ScheduleError);
  });

  it('and not in the order of production', () => {
    expect(() =>
      successAndExpiry((machine, admission) => settle(machine, admission, 'success', false, 10, () => {})),
    ).not.toThrow();
  });

  it('where a late outcome is not asked for its generation', () => {
    const fails = (machine: Machine): void => {
      const word = readWord(machine.memory, record.at);
      reopen(machine, word, 0, () => {});
    };
    expect(() =>
      explore({
        prepare: begin(halfOpenWord(Phase.halfOpen, BIRTH, 0, 0)),
        threads: [
          (memory: Memory) => fails({ memory, record, settings: settings() }),
          (memory: Memory) => {
            const hands = new Hands(memory, settings());
            hands.settle(hands.admit(0), 'success', 0);
            hands.settle(hands.admit(0), 'success', 0);
          },
        ],
        check: ({ memory }) => {
          const { low } = wordIn(memory);
          expect(low & 15).not.toBe(Phase.open);
        },
      }),
    ).toThrow(ScheduleError);
  });
});
