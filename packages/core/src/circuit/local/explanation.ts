import { isErrorLike } from '../../errors/error-shape.js';
import { showValue } from '../../errors/show-value.js';
import { tryRead } from '../../errors/try-read.js';
import { shownName } from '../circuit-name.js';
import type { CircuitOpening } from '../circuit-opening.js';
import { PERMIT_CELLS, survey } from '../machine/probe-permits.js';
import { permitsOf } from '../machine/transition.js';
import type { WindowSettings } from '../machine/window.js';
import { failuresOf, machinePhase, Phase, phaseOf, stateOf, successesOf } from '../memory/word.js';
import { generationOf, type Word } from '../../panel/word.js';
import { shownWait } from '../shown-wait.js';
import { openingShown } from './opening.js';
import { type Subject, waitFor, windowOf, type WindowSnapshot, wordOf } from './snapshot.js';

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
  /** Milliseconds until a call may be admitted; undefined where the circuit is not open, or that is up to an operator. */
  readonly retryAfter: number | undefined;
}

export function explanationOf(subject: Subject): CircuitExplanation {
  const { key, panel, settings } = subject;
  const word = wordOf(subject);
  const failures = machinePhase(phaseOf(word.low)) === Phase.closed ? failuresOf(word) : 0;
  const wait = waitFor(subject, word, panel.now());
  const threshold = Number.isFinite(settings.failureThreshold) ? settings.failureThreshold : undefined;
  const explain = (
    reason: CircuitExplanation['reason'],
    text: string,
    retryAfter?: number,
  ): CircuitExplanation => ({
    admits: !['open', 'probing-full', 'forced-open'].includes(reason),
    reason,
    text: `Circuit "${shownName(key)}" ${text}`,
    failures,
    threshold,
    retryAfter,
  });
  switch (stateOf(phaseOf(word.low))) {
    case 'closed':
      return explain('closed', `is closed${closedText(subject, word)}.`);
    case 'open':
      return wait === 0
        ? explain(
            'probe-due',
            `is open${openText(subject, word)} The next call is let through as a probe.`,
            0,
          )
        : explain(
            'open',
            `is open${openText(subject, word)} It lets the first probe through in ${shownWait(wait ?? 0)}.`,
            wait,
          );
    case 'half-open': {
      const progress = `is half-open: ${successesOf(word)} of ${count(settings.successThreshold, 'probe')} succeeded`;
      return wait === 0
        ? explain('probing', `${progress}, and the next call is let through as a probe.`, 0)
        : explain('probing-full', `${progress}. ${probesText(subject, word, wait ?? 0)}`, wait);
    }
    case 'forced-open':
      return explain(
        'forced-open',
        `is forced open: an operator opened it${sinceText(subject, word)}, and it refuses every call until an operator says otherwise.`,
      );
    case 'forced-closed':
      return explain('forced-closed', 'is forced closed: it admits every call and counts nothing.');
    case 'shadow': {
      const machine = stateOf(machinePhase(phaseOf(word.low)));
      const why = machine === 'closed' ? '.' : openText(subject, word);
      return explain('shadow', `is a shadow: it admits every call, and would be ${machine} otherwise${why}`);
    }
  }
}

/** How far a closed circuit is from opening. */
function closedText(subject: Subject, word: Word): string {
  const { settings } = subject;
  const row = `${count(failuresOf(word), 'failure')} in a row; it opens at ${settings.failureThreshold} in a row`;
  const totals = windowOf(subject, word);
  if (settings.window === undefined || totals === undefined) return ` with ${row}`;
  const window = windowText(totals, settings.window);
  return Number.isFinite(settings.failureThreshold) ? `: ${window}; ${row}` : `: ${window}`;
}

function windowText({ calls, failureRate, slowRate }: WindowSnapshot, window: WindowSettings): string {
  const { minimumCalls } = window;
  const seen =
    calls < minimumCalls
      ? `its window has ${calls} of the ${minimumCalls} calls it needs`
      : `its window has ${count(calls, 'call')}`;
  const rates = [
    [window.failureRate, failureRate, 'failed'],
    [window.slowRate, slowRate, 'slow'],
  ] as const;
  const shares = rates.flatMap(([limit, rate, what]) =>
    limit === undefined ? [] : [`${percent(rate)} ${what}, limit ${percent(limit)}`],
  );
  return [seen, ...shares].join('; ');
}

/** Why it opened and since when, as what follows "is open". */
function openText(subject: Subject, word: Word): string {
  const opening = openingShown(subject, word, subject.opening);
  if (opening === undefined) return '.';
  return `: ${reasonText(opening)} opened it ${shownWait(ageOf(subject, opening))} ago${causeText(opening)}.`;
}

function reasonText({ by, failures, calls, slowRate }: CircuitOpening): string {
  switch (by) {
    case 'failures':
      return `${count(failures, 'failure')} in a row`;
    case 'failure-rate':
      return `${count(failures, 'failure')} in ${count(calls, 'call')}`;
    case 'slow-rate':
      return `${count(Math.round(slowRate * calls), 'slow call')} in ${calls}`;
    case 'probe':
      return 'a probe that did not succeed';
    case 'operator':
      return 'an operator';
  }
}

function causeText({ by, cause }: CircuitOpening): string {
  if (cause === undefined) return '';
  const message = isErrorLike(cause) ? tryRead(() => cause.message) : undefined;
  const text = showValue(typeof message === 'string' ? message : cause);
  return by === 'failures' || by === 'failure-rate' ? ` (the last of them: ${text})` : ` (${text})`;
}

function sinceText(subject: Subject, word: Word): string {
  const opening = openingShown(subject, word, subject.opening);
  return opening === undefined ? '' : ` ${shownWait(ageOf(subject, opening))} ago`;
}

function ageOf({ panel }: Subject, { at }: CircuitOpening): number {
  return Math.max(0, panel.toEpoch(panel.now()) - at);
}

/** Which probes a half-open circuit that refuses calls waits for. */
function probesText(subject: Subject, word: Word, wait: number): string {
  const permits = permitsOf(subject);
  const isOut = (index: number): boolean =>
    survey(
      subject.memory,
      { ...permits, at: permits.at + index * PERMIT_CELLS, count: 1 },
      generationOf(word.low),
    ).earliest < Infinity;
  const out = Array.from({ length: permits.count }, (_, index) => index).filter(isOut).length;
  const who = out === 1 ? 'one probe, which gives up' : `${out} probes, the first gives up`;
  return `It waits for ${who} in ${shownWait(wait)}.`;
}

function percent(rate: number): string {
  return `${Math.round(rate * 1_000) / 10} %`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
