import { describe, expect, it } from '@jest/globals';
import { ringSlots } from '../../../src/circuit/machine/count-window.js';
import { settle, settleSuccess } from '../../../src/circuit/machine/settlement.js';
import type { Admission, MachineSettings, Transition } from '../../../src/circuit/machine/transition.js';
import { windowAt } from '../../../src/circuit/machine/transition.js';
import { type WindowSettings, windowTotals } from '../../../src/circuit/machine/window.js';
import { type Memory, SharedMemory } from '../../../src/panel/memory.js';
import {
  closedWord,
  failuresOf,
  halfOpenWord,
  Phase,
  phaseOf,
  reopeningsOf,
  successesOf,
} from '../../../src/circuit/memory/word.js';
import { tagOf, type Word } from '../../../src/panel/word.js';
import {
  begin,
  deadlineIn,
  Hands,
  phaseIn,
  record,
  settings,
  wordIn,
} from '../../support/circuit-in-memory.js';
import { interrupted, writesDuring } from '../../support/interrupted-memory.js';

const GENERATION = 4;
const NOW = 1_000;
const TAG = tagOf(Phase.closed, GENERATION);

const tenCalls: WindowSettings = {
  kind: 'calls',
  calls: 10,
  slots: ringSlots(10),
  minimumCalls: 2,
  failureRate: 0.5,
  slowRate: 0.5,
};

function memoryOf(word: Word): SharedMemory {
  const memory = new SharedMemory(new ArrayBuffer(1_024));
  begin(word)(memory);
  return memory;
}

const closed = (failures = 0, phase: Phase = Phase.closed): SharedMemory =>
  memoryOf(closedWord(phase, GENERATION, failures));

const admission = (tag = TAG): Admission => ({ status: 'admitted', record, tag, probe: undefined });

/** What became of one outcome. */
function settled(
  memory: Memory,
  kind: 'success' | 'failure' | 'neutral',
  of: MachineSettings = settings(),
  { tag = TAG, isSlow = false } = {},
) {
  const transitions: Transition[] = [];
  const machine = { memory, record, settings: of, thread: 0 };
  const counted = settle(machine, admission(tag), kind, isSlow, NOW, (transition) =>
    transitions.push(transition),
  );
  return { counted, transitions };
}

const totalsIn = (memory: Memory, of: MachineSettings) =>
  windowTotals(memory, windowAt(record, of), of.window ?? tenCalls, GENERATION, NOW);

describe('a failure of a closed circuit', () => {
  it('is one more', () => {
    const memory = closed(1);
    expect(settled(memory, 'failure', settings({ failureThreshold: 3 }))).toEqual({
      counted: true,
      transitions: [],
    });
    expect(failuresOf(wordIn(memory))).toBe(2);
  });

  it('opens it at the threshold', () => {
    const memory = closed(1);
    expect(settled(memory, 'failure')).toEqual({
      counted: true,
      transitions: [
        {
          from: Phase.closed,
          to: Phase.open,
          generation: GENERATION + 1,
          at: NOW,
          failures: 2,
          opening: { by: 'failures', failures: 2, calls: 2, slow: 0, thread: 0 },
        },
      ],
    });
    expect(deadlineIn(memory)).toBe(NOW + 100);
  });

  it('counts on top of one that comes in between', () => {
    const memory = closed();
    const of = settings({ failureThreshold: 9 });
    const late = interrupted(memory, 'compareAndSetWide', () => settled(memory, 'failure', of));
    expect(settled(late, 'failure', of).counted).toBe(true);
    expect(failuresOf(wordIn(memory))).toBe(2);
  });

  it('is the first again where a success comes in between', () => {
    const memory = closed(1);
    const late = interrupted(memory, 'compareAndSetWide', () => settled(memory, 'success'));
    expect(settled(late, 'failure').transitions).toEqual([]);
    expect(failuresOf(wordIn(memory))).toBe(1);
  });

  it('does not count where the circuit opens in between', () => {
    const memory = closed(1);
    const late = interrupted(memory, 'compareAndSetWide', () => settled(memory, 'failure'));
    expect(settled(late, 'failure')).toEqual({ counted: false, transitions: [] });
  });

  it('does not count where the circuit opens before its word is read', () => {
    const memory = closed(1);
    const late = interrupted(memory, 'loadWide', () => settled(memory, 'failure'));
    expect(settled(late, 'failure')).toEqual({ counted: false, transitions: [] });
  });

  it('is recorded in the window of its generation alone', () => {
    const memory = closed();
    const of = settings({ failureThreshold: Infinity, window: tenCalls });
    expect(settled(memory, 'failure', of, { tag: tagOf(Phase.closed, GENERATION - 1) }).counted).toBe(false);
    expect(memory.load(windowAt(record, of))).toBe(0);
  });

  it.each([Phase.forcedClosed, Phase.forcedOpen, Phase.shadowOpen, Phase.open])(
    'does not count if its admission is of phase %d',
    (phase) => {
      const memory = closed(0, phase);
      const of = settings({ window: tenCalls });
      expect(settled(memory, 'failure', of, { tag: tagOf(phase, GENERATION) }).counted).toBe(false);
      expect([failuresOf(wordIn(memory)), memory.load(windowAt(record, of))]).toEqual([0, 0]);
    },
  );

  it('counts in a shadow as well', () => {
    const memory = closed(0, Phase.shadowClosed);
    settled(memory, 'failure', settings(), { tag: tagOf(Phase.shadowClosed, GENERATION) });
    expect([phaseIn(memory), failuresOf(wordIn(memory))]).toEqual([Phase.shadowClosed, 1]);
  });

  it('opens by the window with the number of those that failed', () => {
    const memory = closed();
    const of = settings({ failureThreshold: 9, window: tenCalls });
    settled(memory, 'success', of);
    expect(settled(memory, 'failure', of).transitions).toMatchObject([
      { to: Phase.open, failures: 1, opening: { by: 'failure-rate', calls: 2, failures: 1, slow: 0 } },
    ]);
  });

  it('is recorded as slow where it was', () => {
    const memory = closed();
    const of = settings({ failureThreshold: 9, window: { ...tenCalls, minimumCalls: 10 } });
    settled(memory, 'failure', of, { isSlow: true });
    settled(memory, 'failure', of);
    expect(totalsIn(memory, of)).toEqual({ calls: 2, failures: 2, slow: 1 });
  });
});

describe('a success of a closed circuit', () => {
  it('makes it forget the failures before', () => {
    const memory = closed(1);
    expect(settled(memory, 'success')).toEqual({ counted: true, transitions: [] });
    expect(failuresOf(wordIn(memory))).toBe(0);
  });

  it('writes nothing where there are none', () => {
    const memory = closed();
    expect(writesDuring(memory, (it) => settled(it, 'success'))).toBe(0);
  });

  it('counts although there is nothing to write', () => {
    expect(settled(closed(), 'success').counted).toBe(true);
  });

  it('opens it where slow ones are too many', () => {
    const memory = closed();
    const of = settings({ failureThreshold: 9, window: tenCalls });
    settled(memory, 'success', of, { isSlow: true });
    expect(settled(memory, 'success', of, { isSlow: true }).transitions).toMatchObject([
      { to: Phase.open, failures: 2, opening: { by: 'slow-rate', calls: 2, failures: 0, slow: 2 } },
    ]);
  });

  it('does not open it by what the window holds where it is not slow', () => {
    const memory = closed();
    const of = settings({ failureThreshold: 9, window: tenCalls });
    settled(memory, 'failure', of);
    expect(settled(memory, 'success', of).transitions).toEqual([]);
    expect(totalsIn(memory, of)).toEqual({ calls: 2, failures: 1, slow: 0 });
  });
});

it('an outcome that is to count as nothing does not count in a closed circuit', () => {
  const memory = closed(1);
  const of = settings({ window: tenCalls });
  expect(writesDuring(memory, (it) => expect(settled(it, 'neutral', of).counted).toBe(false))).toBe(0);
});

describe('a success by the short path', () => {
  const succeed = (memory: Memory, of = settings(), tag = TAG): void =>
    settleSuccess(memory, record, of, tag, NOW);

  it('makes the circuit forget the failures before', () => {
    const memory = closed(7);
    succeed(memory);
    expect(wordIn(memory)).toEqual(closedWord(Phase.closed, GENERATION, 0));
  });

  it('leaves a shadow a shadow', () => {
    const memory = closed(7, Phase.shadowClosed);
    succeed(memory, settings(), tagOf(Phase.shadowClosed, GENERATION));
    expect(wordIn(memory)).toEqual(closedWord(Phase.shadowClosed, GENERATION, 0));
  });

  it('writes nothing where there are none and no window', () => {
    expect(writesDuring(closed(), succeed)).toBe(0);
  });

  it('writes nothing where they are forgotten in the meantime', () => {
    const memory = closed(7);
    const late = interrupted(memory, 'loadWide', () => settled(memory, 'success'));
    expect(writesDuring(late, succeed)).toBe(0);
  });

  it('forgets a failure that comes in between', () => {
    const memory = closed(1);
    const of = settings({ failureThreshold: 9 });
    succeed(interrupted(memory, 'compareAndSetWide', () => settled(memory, 'failure', of)));
    expect(failuresOf(wordIn(memory))).toBe(0);
  });

  it('leaves a circuit alone that opens in between', () => {
    const memory = closed(1);
    const opened = (): void => void settled(memory, 'failure');
    succeed(interrupted(memory, 'loadWide', opened));
    expect([phaseIn(memory), deadlineIn(memory)]).toEqual([Phase.open, NOW + 100]);
  });

  it('leaves a circuit alone that is in another generation', () => {
    const memory = closed(3);
    const of = settings({ window: tenCalls });
    expect(writesDuring(memory, (it) => succeed(it, of, tagOf(Phase.closed, GENERATION - 1)))).toBe(0);
  });

  it.each([Phase.forcedClosed, Phase.shadowOpen, Phase.open])(
    'leaves a circuit of phase %d alone',
    (phase) => {
      const memory = closed(3, phase);
      const of = settings({ window: tenCalls });
      expect(writesDuring(memory, (it) => succeed(it, of, tagOf(phase, GENERATION)))).toBe(0);
    },
  );

  it('is recorded in the window', () => {
    const memory = closed();
    const of = settings({ window: tenCalls });
    succeed(memory, of);
    succeed(memory, of);
    expect(totalsIn(memory, of)).toEqual({ calls: 2, failures: 0, slow: 0 });
  });
});

describe('the outcome of a probe', () => {
  const halfOpen = (successes = 0, reopenings = 0, phase: Phase = Phase.halfOpen): SharedMemory =>
    memoryOf(halfOpenWord(phase, GENERATION, successes, reopenings));

  it('that succeeds is one more, and the reopenings stay', () => {
    const memory = halfOpen(0, 3);
    const hands = new Hands(memory, settings({ successThreshold: 3 }));
    hands.call('success', NOW);
    expect(hands.did.counted).toEqual([true]);
    expect([successesOf(wordIn(memory)), reopeningsOf(wordIn(memory))]).toEqual([1, 3]);
  });

  it('that succeeds in a shadow leaves it a shadow', () => {
    const memory = halfOpen(0, 3, Phase.shadowHalfOpen);
    new Hands(memory, settings()).call('success', NOW);
    expect(wordIn(memory)).toEqual(halfOpenWord(Phase.shadowHalfOpen, GENERATION, 1, 3));
  });

  it('closes the circuit at the threshold', () => {
    const memory = halfOpen(1);
    const hands = new Hands(memory, settings());
    hands.call('success', NOW);
    expect(hands.did).toMatchObject({
      counted: [true],
      transitions: [{ to: Phase.closed, failures: 0, at: NOW }],
    });
  });

  it('closes a shadow as a shadow', () => {
    const memory = halfOpen(1, 0, Phase.shadowHalfOpen);
    new Hands(memory, settings()).call('success', NOW);
    expect(phaseIn(memory)).toBe(Phase.shadowClosed);
  });

  it('that fails opens the circuit, for longer each time', () => {
    const memory = halfOpen(1, 1);
    const hands = new Hands(memory, settings({ resetTimeouts: [100, 200, 400] }));
    hands.call('failure', NOW);
    expect(hands.did).toMatchObject({
      counted: [true],
      transitions: [{ to: Phase.open, failures: 1, at: NOW }],
    });
    expect([deadlineIn(memory), reopeningsOf(wordIn(memory))]).toEqual([NOW + 400, 2]);
  });

  it('that is to count as nothing gives the permit back', () => {
    const memory = halfOpen(1, 2);
    const hands = new Hands(memory, settings({ permits: 1 }));
    hands.call('neutral', NOW);
    expect(wordIn(memory)).toEqual(halfOpenWord(Phase.halfOpen, GENERATION, 1, 2));
    expect(hands.did.counted).toEqual([true]);
    expect(hands.admit(NOW)).toBeDefined();
  });

  it.each(['success', 'neutral'] as const)(
    'opens the circuit as of the expiry of another probe, if it is %s',
    (kind) => {
      const memory = halfOpen(0);
      const hands = new Hands(memory, settings());
      hands.admit(NOW);
      const second = hands.admit(NOW + 20);
      hands.settle(second, kind, NOW + 60);
      expect(hands.did).toMatchObject({ counted: [true], transitions: [{ to: Phase.open, at: NOW + 50 }] });
      expect(deadlineIn(memory)).toBe(NOW + 150);
    },
  );

  it('opens the circuit as of now if it is a failure, whatever has expired', () => {
    const memory = halfOpen(0);
    const hands = new Hands(memory, settings());
    hands.admit(NOW);
    const second = hands.admit(NOW + 20);
    hands.settle(second, 'failure', NOW + 60);
    expect(deadlineIn(memory)).toBe(NOW + 160);
  });

  it('does not count once its permit is gone', () => {
    const memory = halfOpen(0);
    const hands = new Hands(memory, settings());
    const probe = hands.admit(NOW);
    hands.settle(probe, 'success', NOW);
    hands.settle(probe, 'success', NOW);
    expect(hands.did.counted).toEqual([true, false]);
    expect([phaseIn(memory), successesOf(wordIn(memory))]).toEqual([Phase.halfOpen, 1]);
  });

  it('touches nothing once the circuit is in another generation', () => {
    const memory = halfOpen(0);
    const probe = new Hands(memory, settings()).admit(NOW);
    begin(halfOpenWord(Phase.halfOpen, GENERATION + 2, 0, 0))(memory);
    const writes = writesDuring(memory, (it) => {
      const hands = new Hands(it, settings());
      hands.settle(probe, 'success', NOW);
      expect(hands.did.counted).toEqual([false]);
    });
    expect(writes).toBe(0);
  });

  it('counts on top of a success that comes in between', () => {
    const memory = halfOpen(0);
    const of = settings({ successThreshold: 9 });
    const hands = new Hands(memory, of);
    const [first, second] = [hands.admit(NOW), hands.admit(NOW)];
    // The first compare-and-set gives the permit back, the second counts.
    const late = new Hands(
      interrupted(memory, 'compareAndSetWide', () => hands.settle(second, 'success', NOW), 2),
      of,
    );
    late.settle(first, 'success', NOW);
    expect(late.did.counted).toEqual([true]);
    expect(successesOf(wordIn(memory))).toBe(2);
  });

  it.each(['success', 'failure'] as const)(
    'does not count as a %s where the circuit opens in between',
    (kind) => {
      const memory = halfOpen(1);
      const hands = new Hands(memory, settings());
      const [first, second] = [hands.admit(NOW), hands.admit(NOW)];
      const late = new Hands(
        interrupted(memory, 'compareAndSetWide', () => hands.settle(second, 'failure', NOW), 2),
        settings(),
      );
      late.settle(first, kind, NOW + 10);
      expect(late.did).toMatchObject({ counted: [false], transitions: [] });
      expect([phaseOf(wordIn(memory).low), deadlineIn(memory)]).toEqual([Phase.open, NOW + 100]);
    },
  );
});
