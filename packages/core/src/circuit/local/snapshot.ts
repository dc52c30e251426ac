import { formatDuration } from '../../time/duration.js';
import { shownName } from '../circuit-name.js';
import type { CircuitOpening } from '../circuit-opening.js';
import { hasExpired, survey } from '../machine/probe-permits.js';
import { permitsOf, resetTimeout, windowAt } from '../machine/transition.js';
import { windowTotals } from '../machine/window.js';
import type { Memory } from '../memory/memory.js';
import { isAlive, openedWith, type CircuitRecord } from '../memory/record.js';
import {
  type CircuitState,
  closedWord,
  deadlineOf,
  failuresOf,
  generationOf,
  isShadow,
  machinePhase,
  Phase,
  phaseOf,
  readWord,
  reopeningsOf,
  stateOf,
  successesOf,
  type Word,
} from '../memory/word.js';
import type { Panel } from '../panel/panel.js';
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

/** Whether a call would be admitted now, and why. */
export interface CircuitExplanation {
  readonly admits: boolean;
  readonly reason:
    'closed' | 'open' | 'probe-due' | 'probing' | 'probing-full' | 'forced-open' | 'forced-closed' | 'shadow';
  /** The same as a sentence. */
  readonly text: string;
  readonly failures: number;
  /** Consecutive failures that open it; undefined where only the window decides. */
  readonly threshold: number | undefined;
  /** Milliseconds until the next probe may be admitted; undefined where none is awaited. */
  readonly nextProbeIn: number | undefined;
}

/** Everything a report is made from. */
export interface Subject {
  readonly key: string;
  readonly panel: Panel;
  readonly memory: Memory;
  readonly record: CircuitRecord;
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
  const { key, panel, record, settings } = subject;
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
    window: windowOf(panel, record, settings, word),
  };
}

export function explanationOf(subject: Subject): CircuitExplanation {
  const { key, panel, settings } = subject;
  const now = panel.now();
  const word = wordOf(subject);
  const failures = machinePhase(phaseOf(word.low)) === Phase.closed ? failuresOf(word) : 0;
  const wait = waitFor(subject, word, now);
  const threshold = Number.isFinite(settings.failureThreshold) ? settings.failureThreshold : undefined;
  const explain = (
    reason: CircuitExplanation['reason'],
    text: string,
    nextProbeIn?: number,
  ): CircuitExplanation => ({
    admits: !['open', 'probing-full', 'forced-open'].includes(reason),
    reason,
    text: `Circuit "${shownName(key)}" ${text}`,
    failures,
    threshold,
    nextProbeIn,
  });
  switch (stateOf(phaseOf(word.low))) {
    case 'closed': {
      const limit =
        threshold === undefined ? 'its window decides when it opens' : `it opens at ${threshold} in a row`;
      return explain('closed', `is closed with ${count(failures, 'failure')} in a row; ${limit}.`);
    }
    case 'open':
      return wait === 0
        ? explain('probe-due', 'is open, and the next call will be let through as a probe.', 0)
        : explain(
            'open',
            `is open and refuses calls; the first probe is let through in ${formatDuration(wait ?? 0)}.`,
            wait,
          );
    case 'half-open': {
      const progress = `${successesOf(word)} of ${count(settings.successThreshold, 'probe')} succeeded`;
      return wait === 0
        ? explain('probing', `is half-open: ${progress}, and the next call is let through as a probe.`, 0)
        : explain(
            'probing-full',
            `is half-open: ${progress}, and all permits are out for ${formatDuration(wait ?? 0)} at most.`,
            wait,
          );
    }
    case 'forced-open':
      return explain(
        'forced-open',
        'is forced open: it refuses every call until an operator says otherwise.',
      );
    case 'forced-closed':
      return explain('forced-closed', 'is forced closed: it admits every call and counts nothing.');
    case 'shadow': {
      const machine = stateOf(machinePhase(phaseOf(word.low)));
      return explain('shadow', `is a shadow: it admits every call, and would be ${machine} otherwise.`);
    }
  }
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

function windowOf(
  panel: Panel,
  record: CircuitRecord,
  settings: CircuitBreakerSettings,
  word: Word,
): WindowSnapshot | undefined {
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

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
