import type { Memory } from '../../panel/memory.js';
import type { OpeningReason } from '../memory/opening-note.js';
import { type PanelRecord } from '../../panel/record.js';
import {
  closedWord,
  failuresOf,
  halfOpenWord,
  machinePhase,
  Phase,
  phaseLike,
  phaseOf,
  reopeningsOf,
  successesOf,
} from '../memory/word.js';
import { generationOf, readWord, replaceWord } from '../../panel/word.js';
import { FAILED, type OutcomeBits, SLOW } from './count-window.js';
import { freePermit, hasExpired, type Probe, survey } from './probe-permits.js';
import {
  type Admission,
  close,
  type Machine,
  type MachineSettings,
  type OnTransition,
  permitsOf,
  reopen,
  trip,
  windowAt,
} from './transition.js';
import { exceededLimit, recordOutcome, windowTotals } from './window.js';

export type OutcomeKind = 'success' | 'failure' | 'neutral';

/**
 * Counts the outcome of an admitted call, if the circuit is still in the generation that admitted it.
 *
 * @returns whether it counted
 */
export function settle(
  machine: Machine,
  admission: Admission,
  kind: OutcomeKind,
  isSlow: boolean,
  now: number,
  onTransition: OnTransition,
): boolean {
  const { memory, record, settings } = machine;
  if (admission.probe !== undefined)
    return settleProbe(machine, admission.tag, admission.probe, kind, now, onTransition);
  if (machinePhase(phaseOf(admission.tag)) !== Phase.closed || kind === 'neutral') return false;
  if (memory.load(record.at) !== admission.tag) return false;
  const outcome = (kind === 'failure' ? FAILED : 0) | (isSlow ? SLOW : 0);
  // Recorded before it is judged: if several threads fail at once, the last of them to judge sees all the failures.
  const reason = recordAndJudge(machine, admission.tag, outcome, now);
  for (;;) {
    const word = readWord(memory, record.at);
    if (word.low !== admission.tag) return false;
    const failures = kind === 'failure' ? failuresOf(word) + 1 : 0;
    if (reason !== undefined || failures >= settings.failureThreshold) {
      const why = reason ?? { by: 'failures', failures, calls: failures, slow: 0 };
      if (trip(machine, word, now, why, onTransition)) return true;
    } else {
      if (failures === failuresOf(word)) return true;
      if (
        replaceWord(memory, record.at, word, closedWord(phaseOf(word.low), generationOf(word.low), failures))
      )
        return true;
    }
  }
}

/** The same for nearly all calls: a success that is not slow, of a closed circuit. */
export function settleSuccess(
  memory: Memory,
  record: PanelRecord,
  settings: MachineSettings,
  tag: number,
  now: number,
): void {
  // A plain read. If another thread has changed the circuit just now, this outcome counts as if it had come before.
  if (memory.peek(record.at) !== tag || machinePhase(phaseOf(tag)) !== Phase.closed) return;
  const { window } = settings;
  if (window !== undefined)
    recordOutcome(memory, windowAt(record, settings), window, generationOf(tag), 0, now, record.at);
  while (memory.peek(record.at + 1) !== 0) {
    const word = readWord(memory, record.at);
    if (word.low !== tag || word.high === 0) return;
    if (replaceWord(memory, record.at, word, closedWord(phaseOf(tag), generationOf(tag), 0))) return;
  }
}

function settleProbe(
  machine: Machine,
  tag: number,
  probe: Probe,
  kind: OutcomeKind,
  now: number,
  onTransition: OnTransition,
): boolean {
  const { memory, record, settings } = machine;
  if (memory.load(record.at) !== tag) return false;
  // First the slot, then the count: if the thread dies in between, one success is lost. In the other order the permit
  // would expire, and the probe would count a second time.
  if (!freePermit(memory, probe)) return false;
  // A probe that fails reopens the circuit from now on, however late it is. A probe that succeeds after its permit expired
  // counts: the permit was still there, so no thread has acted on its expiry. If the permit of another probe has expired,
  // that probe has failed before this one ended.
  const failedAt =
    kind === 'failure' ? now : expiredBy(now, survey(memory, permitsOf(machine), generationOf(tag)).earliest);
  if (kind === 'neutral' && failedAt === Infinity) return true;
  for (;;) {
    const word = readWord(memory, record.at);
    if (word.low !== tag) return false;
    const successes = successesOf(word) + 1;
    if (failedAt !== Infinity) {
      if (reopen(machine, word, failedAt, onTransition)) return true;
    } else if (successes >= settings.successThreshold) {
      if (close(machine, word, phaseLike(Phase.closed, phaseOf(tag)), now, onTransition)) return true;
    } else {
      const next = halfOpenWord(phaseOf(tag), generationOf(tag), successes, reopeningsOf(word));
      if (replaceWord(memory, record.at, word, next)) return true;
    }
  }
}

/** `expiry` if that moment has passed, otherwise `Infinity`. */
function expiredBy(now: number, expiry: number): number {
  return hasExpired(expiry, now) ? expiry : Infinity;
}

/** Records in the window. Returns the reason for which to open the circuit, or undefined. */
function recordAndJudge(
  { memory, record, settings }: Machine,
  tag: number,
  outcome: OutcomeBits,
  now: number,
): OpeningReason | undefined {
  const { window } = settings;
  if (window === undefined) return undefined;
  const at = windowAt(record, settings);
  const generation = generationOf(tag);
  recordOutcome(memory, at, window, generation, outcome, now, record.at);
  if (outcome === 0) return undefined;
  const totals = windowTotals(memory, at, window, generation, now);
  const by = exceededLimit(totals, window);
  return by === undefined ? undefined : { by, ...totals };
}
