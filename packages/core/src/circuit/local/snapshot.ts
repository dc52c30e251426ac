import type { CircuitOpening } from '../circuit-opening.js';
import { hasExpired, survey } from '../machine/probe-permits.js';
import { permitsOf, resetTimeout, windowAt } from '../machine/transition.js';
import { windowTotals } from '../machine/window.js';
import type { Memory } from '../../panel/memory.js';
import { isAlive, type PanelRecord } from '../../panel/record.js';
import { openedWith } from '../memory/circuit-record.js';
import {
  type CircuitState,
  closedWord,
  deadlineOf,
  failuresOf,
  isShadow,
  machinePhase,
  Phase,
  phaseOf,
  reopeningsOf,
  stateOf,
  successesOf,
} from '../memory/word.js';
import { generationOf, readWord, type Word } from '../../panel/word.js';
import type { Panel } from '../../panel/panel.js';
import type { CircuitBreakerSettings } from '../policy/settings.js';
import { openedIn, type Opening, openingShown } from './opening.js';

/** A circuit as it is now. Times are epoch milliseconds, durations milliseconds, rates 0 to 1. */
export interface CircuitSnapshot {
  readonly key: string;
  readonly state: CircuitState;
  /** What a shadow circuit would be if it acted. */
  readonly shadow: 'closed' | 'open' | 'half-open' | undefined;
  /** Consecutive counted failures while closed. */
  readonly failures: number;
  /** Probes that succeeded while half-open. */
  readonly successes: number;
  /** When it last opened; only while open, half-open or forced open. */
  readonly openedAt: number | undefined;
  /** What opened it; only while open, half-open or forced open. */
  readonly opening: CircuitOpening | undefined;
  /** How long until a call may be admitted; 0 if now, undefined where that is up to an operator. */
  readonly retryAfter: number | undefined;
  /** Counts transitions. */
  readonly generation: number;
  readonly window: WindowSnapshot | undefined;
}

export interface WindowSnapshot {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  readonly failureRate: number;
  readonly slowRate: number;
}

/** Everything a report is made from. */
export interface Subject {
  readonly key: string;
  readonly panel: Panel;
  readonly memory: Memory;
  readonly record: PanelRecord;
  readonly settings: CircuitBreakerSettings;
  /** What this thread knows of the last opening. */
  readonly opening?: Opening | undefined;
}

/** A circuit's word; where it was removed that of a new one, which is what a call would make. */
export function wordOf({ memory, record }: Pick<Subject, 'memory' | 'record'>): Word {
  const word = readWord(memory, record.at);
  return isAlive(memory, record, word) ? word : closedWord(Phase.closed, record.incarnation, 0);
}

export function snapshotOf(subject: Subject): CircuitSnapshot {
  const { key, panel } = subject;
  const word = wordOf(subject);
  const phase = phaseOf(word.low);
  const machine = machinePhase(phase);
  const opened = openedAt(subject, word);
  return {
    key,
    state: stateOf(phase),
    shadow: isShadow(phase) ? (stateOf(machine) as 'closed' | 'open' | 'half-open') : undefined,
    failures: machine === Phase.closed ? failuresOf(word) : 0,
    successes: machine === Phase.halfOpen ? successesOf(word) : 0,
    openedAt: opened === undefined ? undefined : panel.toEpoch(opened),
    opening: openingShown(subject, word, subject.opening),
    retryAfter: waitFor(subject, word, panel.now()),
    generation: generationOf(word.low),
    window: windowOf(subject, word),
  };
}

/** When the circuit opened, in ms since the panel was made; the half-open phase still knows. */
function openedAt({ panel, record }: Subject, word: Word): number | undefined {
  const generation = openedIn(word);
  return generation === undefined ? undefined : openedWith(panel.memory, record.at, generation);
}

/** Whole ms until a call may be admitted; undefined where that is up to an operator. */
export function waitFor(subject: Subject, word: Word, now: number): number | undefined {
  switch (phaseOf(word.low)) {
    case Phase.open:
      return Math.max(0, deadlineOf(word) - now);
    case Phase.halfOpen: {
      const { earliest, free } = survey(subject.memory, permitsOf(subject), generationOf(word.low));
      // A probe that expired has reopened the circuit, though nobody has come to see it yet.
      if (hasExpired(earliest, now))
        return Math.max(0, earliest + resetTimeout(subject.settings, reopeningsOf(word) + 1) - now);
      return free === undefined ? Math.max(0, earliest - now) : 0;
    }
    case Phase.forcedOpen:
      return undefined;
    default:
      return 0;
  }
}

export function windowOf({ panel, record, settings }: Subject, word: Word): WindowSnapshot | undefined {
  const { window } = settings;
  if (window === undefined) return undefined;
  const totals = windowTotals(
    panel.memory,
    windowAt(record, settings),
    window,
    generationOf(word.low),
    panel.now(),
  );
  const rate = (part: number): number => (totals.calls === 0 ? 0 : part / totals.calls);
  return { ...totals, failureRate: rate(totals.failures), slowRate: rate(totals.slow) };
}
