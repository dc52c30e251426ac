import type { Memory } from '../memory/memory.js';
import type { OpeningReason } from '../memory/opening-note.js';
import { type CircuitRecord } from '../memory/record.js';
import {
  closedWord,
  failuresOf,
  generationOf,
  halfOpenWord,
  machinePhase,
  Phase,
  phaseLike,
  phaseOf,
  readWord,
  reopeningsOf,
  replaceWord,
  successesOf,
} from '../memory/word.js';
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
  moved: OnTransition,
): boolean {
  const { memory, record, settings } = machine;
  if (admission.probe !== undefined)
    return settleProbe(machine, admission.tag, admission.probe, kind, now, moved);
  if (machinePhase(phaseOf(admission.tag)) !== Phase.closed || kind === 'neutral') return false;
  if (memory.load(record.at) !== admission.tag) return false;
  const outcome = (kind === 'failure' ? FAILED : 0) | (isSlow ? SLOW : 0);
  // Recorded before it is judged: of several threads that fail at once, the last to judge has all of it before it.
  const reason = recordAndJudge(machine, admission.tag, outcome, now);
  for (;;) {
    const word = readWord(memory, record.at);
    if (word.low !== admission.tag) return false;
    const failures = kind === 'failure' ? failuresOf(word) + 1 : 0;
    if (reason !== undefined || failures >= settings.failureThreshold) {
      const why = reason ?? { by: 'failures', failures, calls: failures, slow: 0 };
      if (trip(machine, word, now, why, moved)) return true;
    } else {
      if (failures === failuresOf(word)) return true;
      if (
        replaceWord(memory, record.at, word, closedWord(phaseOf(word.low), generationOf(word.low), failures))
      )
        return true;
    }
  }
}

/** The same for what nearly every call is: a success, not slow, of a circuit that is closed and stays so. */
export function settleSuccess(
  memory: Memory,
  record: CircuitRecord,
  settings: MachineSettings,
  tag: number,
  now: number,
): void {
  // A plain read: had another thread just now moved the circuit on, this outcome might as well have come before that.
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
  moved: OnTransition,
): boolean {
  const { memory, record, settings } = machine;
  if (memory.load(record.at) !== tag) return false;
  // First the slot, then the count: a thread that dies in between loses one success. The other way round, the expiry of
  // the permit it left behind would count the same probe a second time.
  if (!freePermit(memory, probe)) return false;
  const failedAt = Math.min(
    kind === 'failure' ? now : Infinity,
    expiredBy(now, probe.expiry),
    // A probe that expired before this one ended has failed first, though nobody has come to see it yet.
    expiredBy(now, survey(memory, permitsOf(machine), generationOf(tag)).earliest),
  );
  if (kind === 'neutral' && failedAt === Infinity) return true;
  for (;;) {
    const word = readWord(memory, record.at);
    if (word.low !== tag) return false;
    const successes = successesOf(word) + 1;
    if (failedAt !== Infinity) {
      if (reopen(machine, word, failedAt, moved)) return true;
    } else if (successes >= settings.successThreshold) {
      if (close(machine, word, phaseLike(Phase.closed, phaseOf(tag)), now, moved)) return true;
    } else {
      const next = halfOpenWord(phaseOf(tag), generationOf(tag), successes, reopeningsOf(word));
      if (replaceWord(memory, record.at, word, next)) return true;
    }
  }
}

/** The moment of an expiry that has passed, else never. */
function expiredBy(now: number, expiry: number): number {
  return hasExpired(expiry, now) ? expiry : Infinity;
}

/** Records in the window; what it shows if that is reason to open, or undefined. */
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
