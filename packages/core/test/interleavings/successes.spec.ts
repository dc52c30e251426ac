import { describe, expect, it } from '@jest/globals';
import type { Memory, Run } from '@switchgear/core/testing';
import { ringSlots } from '../../src/circuit/machine/count-window.js';
import { reset } from '../../src/circuit/machine/operator.js';
import { countRange } from '../../src/circuit/machine/time-window.js';
import { type MachineSettings, type Transition, windowAt } from '../../src/circuit/machine/transition.js';
import { type WindowSettings, windowTotals } from '../../src/circuit/machine/window.js';
import { closedWord, failuresOf, Phase, successesOf } from '../../src/circuit/memory/word.js';
import { generationOf } from '../../src/panel/word.js';
import {
  begin,
  BIRTH,
  deadlineIn,
  type Did,
  generationIn,
  Hands,
  phaseIn,
  record,
  settings,
  wordIn,
} from '../support/circuit-in-memory.js';
import { died, transitionsOf } from '../support/transitions-of-runs.js';
import { calls, closed, walk } from '../support/walks.js';

// The path of nearly every call: a success, not slow, of a circuit that is closed.

/** Past 512 ms: earlier than that the upper half of the word is zero in an open circuit as well. */
const NOW = 1_000;

interface Admitted extends Did {
  /** The generation of the last call; undefined if it was refused. */
  readonly generation: number | undefined;
}

/** A thread whose calls succeed. */
function succeeding(of: MachineSettings, times = 1) {
  return (memory: Memory): Admitted => {
    const hands = new Hands(memory, of);
    let generation: number | undefined;
    for (let i = 0; i < times; i++) {
      const admission = hands.admit(NOW);
      generation = admission && generationOf(admission.tag);
      hands.succeed(admission, NOW);
    }
    return { ...hands.did, generation };
  };
}

/** A thread that resets the circuit and makes a call that fails. */
function resettingAndFailing(of: MachineSettings) {
  return (memory: Memory): Did => {
    const transitions: Transition[] = [];
    reset({ memory, record }, NOW, (transition) => transitions.push(transition));
    const { did } = run(new Hands(memory, of), (hands) => hands.call('failure', NOW));
    return { ...did, transitions: [...transitions, ...did.transitions] };
  };
}

function run(hands: Hands, use: (hands: Hands) => void): Hands {
  use(hands);
  return hands;
}

/** Whether the first thread's call was admitted before the circuit moved on, and nobody died. */
function wasLate(ended: Run<Did>): boolean {
  const [first] = ended.endings as Run<Admitted>['endings'];
  return died(ended) === 0 && first.kind === 'returned' && first.result.generation === BIRTH;
}

describe('a success, in every schedule with another thread and a death at any moment', () => {
  const deaths = 1;

  it('closes no circuit that the other thread has just opened', () => {
    const of = settings({ failureThreshold: 2 });
    const threads = [succeeding(of), calls(of, NOW, 'failure', 'failure')];
    walk(of, { prepare: closed, threads, deaths }, (ended) => {
      if (transitionsOf(ended).length === 0) return;
      expect([phaseIn(ended.memory), deadlineIn(ended.memory)]).toEqual([Phase.open, NOW + 100]);
    });
  });

  it('forgets the failures before it, and none after it', () => {
    const of = settings({ failureThreshold: 9 });
    const prepare = begin(closedWord(Phase.closed, BIRTH, 3));
    const threads = [succeeding(of), calls(of, NOW, 'failure')];
    walk(of, { prepare, threads, deaths }, (ended) => {
      if (died(ended) === 0) expect([0, 1]).toContain(failuresOf(wordIn(ended.memory)));
    });
  });

  it('forgets no failure counted since a reset that overtook it', () => {
    const of = settings({ failureThreshold: 9 });
    const threads = [succeeding(of), resettingAndFailing(of)];
    walk(of, { prepare: closed, threads, deaths }, (ended) => {
      if (wasLate(ended)) expect(failuresOf(wordIn(ended.memory))).toBe(1);
    });
  });

  it('leaves the probes of a half-open circuit that overtook it alone', () => {
    const of = settings({ failureThreshold: 1, successThreshold: 2 });
    const cycle = (memory: Memory): Did =>
      run(new Hands(memory, of), (hands) => {
        hands.call('failure', NOW);
        hands.call('success', NOW + 100);
      }).did;
    walk(of, { prepare: closed, threads: [succeeding(of), cycle], deaths }, (ended) => {
      if (!wasLate(ended)) return;
      expect([phaseIn(ended.memory), successesOf(wordIn(ended.memory))]).toEqual([Phase.halfOpen, 1]);
    });
  });
});

describe('a success in a window, in every schedule with another thread and a death at any moment', () => {
  const limits = { minimumCalls: 100, failureRate: 1, slowRate: undefined };
  const windows: readonly WindowSettings[] = [
    { kind: 'calls', calls: 4, slots: ringSlots(4), ...limits },
    { kind: 'duration', duration: 1000, range: countRange(1000), ...limits },
  ];
  const deaths = 1;

  function inWindow(window: WindowSettings) {
    const of = settings({ window, failureThreshold: 9 });
    const totals = (memory: Memory) =>
      windowTotals(memory, windowAt(record, of), window, generationIn(memory), NOW);
    return { of, totals };
  }

  it.each(windows)('is recorded once: by $kind', (window) => {
    const { of, totals } = inWindow(window);
    const threads = [succeeding(of), calls(of, NOW, 'failure')];
    walk(of, { prepare: closed, threads, deaths }, (ended) => {
      const { calls: all, failures } = totals(ended.memory);
      expect(all - failures).toBeLessThanOrEqual(1);
      if (died(ended) === 0) expect([all, failures]).toEqual([2, 1]);
    });
  });

  it.each(windows)('is recorded in no generation but its own: by $kind', (window) => {
    const { of, totals } = inWindow(window);
    const threads = [succeeding(of), resettingAndFailing(of)];
    walk(of, { prepare: closed, threads, deaths }, (ended) => {
      if (wasLate(ended)) expect(totals(ended.memory)).toEqual({ calls: 1, failures: 1, slow: 0 });
    });
  });
});
