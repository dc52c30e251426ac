import type { Memory } from '../memory/memory.js';
import { type Place } from '../memory/record.js';
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
  type Admitted,
  close,
  type Machine,
  type MachineSettings,
  type Moved,
  permitsOf,
  reopen,
  trip,
  windowAt,
} from './transition.js';
import { exceedsLimits, recordOutcome, windowTotals } from './window.js';

export type Verdict = 'success' | 'failure' | 'neutral';

/**
 * Counts the outcome of an admitted call, if the circuit is still in the generation that admitted it.
 *
 * @returns whether it counted
 */
export function settle(
  machine: Machine,
  permit: Admitted,
  verdict: Verdict,
  isSlow: boolean,
  now: number,
  moved: Moved,
): boolean {
  const { memory, place, settings } = machine;
  if (permit.probe !== undefined) return settleProbe(machine, permit.tag, permit.probe, verdict, now, moved);
  if (machinePhase(phaseOf(permit.tag)) !== Phase.closed || verdict === 'neutral') return false;
  if (memory.load(place.at) !== permit.tag) return false;
  const outcome = (verdict === 'failure' ? FAILED : 0) | (isSlow ? SLOW : 0);
  // Recorded before it is judged: of several threads that fail at once, the last to judge has all of it before it.
  const tooMany = recordAndJudge(machine, permit.tag, outcome, now);
  for (;;) {
    const word = readWord(memory, place.at);
    if (word.low !== permit.tag) return false;
    const failures = verdict === 'failure' ? failuresOf(word) + 1 : 0;
    if (tooMany !== undefined || failures >= settings.failureThreshold) {
      if (trip(machine, word, now, tooMany ?? failures, moved)) return true;
    } else {
      if (failures === failuresOf(word)) return true;
      if (
        replaceWord(memory, place.at, word, closedWord(phaseOf(word.low), generationOf(word.low), failures))
      )
        return true;
    }
  }
}

/** The same for what nearly every call is: a success, not slow, of a circuit that is closed and stays so. */
export function settleSuccess(
  memory: Memory,
  place: Place,
  settings: MachineSettings,
  tag: number,
  now: number,
): void {
  // A plain read: had another thread just now moved the circuit on, this outcome might as well have come before that.
  if (memory.peek(place.at) !== tag || machinePhase(phaseOf(tag)) !== Phase.closed) return;
  const { window } = settings;
  if (window !== undefined)
    recordOutcome(memory, windowAt(place, settings), window, generationOf(tag), 0, now, place.at);
  while (memory.peek(place.at + 1) !== 0) {
    const word = readWord(memory, place.at);
    if (word.low !== tag || word.high === 0) return;
    if (replaceWord(memory, place.at, word, closedWord(phaseOf(tag), generationOf(tag), 0))) return;
  }
}

function settleProbe(
  machine: Machine,
  tag: number,
  probe: Probe,
  verdict: Verdict,
  now: number,
  moved: Moved,
): boolean {
  const { memory, place, settings } = machine;
  if (memory.load(place.at) !== tag) return false;
  // First the slot, then the count: a thread that dies in between loses one success. The other way round, the expiry of
  // the permit it left behind would count the same probe a second time.
  if (!freePermit(memory, probe)) return false;
  const failedAt = Math.min(
    verdict === 'failure' ? now : Infinity,
    expiredBy(now, probe.expiry),
    // A probe that expired before this one ended has failed first, though nobody has come to see it yet.
    expiredBy(now, survey(memory, permitsOf(machine), generationOf(tag)).earliest),
  );
  if (verdict === 'neutral' && failedAt === Infinity) return true;
  for (;;) {
    const word = readWord(memory, place.at);
    if (word.low !== tag) return false;
    const successes = successesOf(word) + 1;
    if (failedAt !== Infinity) {
      if (reopen(machine, word, failedAt, moved)) return true;
    } else if (successes >= settings.successThreshold) {
      if (close(machine, word, phaseLike(Phase.closed, phaseOf(tag)), now, moved)) return true;
    } else {
      const next = halfOpenWord(phaseOf(tag), generationOf(tag), successes, reopeningsOf(word));
      if (replaceWord(memory, place.at, word, next)) return true;
    }
  }
}

/** The moment of an expiry that has passed, else never. */
function expiredBy(now: number, expiry: number): number {
  return hasExpired(expiry, now) ? expiry : Infinity;
}

/** Records in the window; the failures, or slow calls, that are reason to open, or undefined. */
function recordAndJudge(
  { memory, place, settings }: Machine,
  tag: number,
  outcome: OutcomeBits,
  now: number,
): number | undefined {
  const { window } = settings;
  if (window === undefined) return undefined;
  const at = windowAt(place, settings);
  const generation = generationOf(tag);
  recordOutcome(memory, at, window, generation, outcome, now, place.at);
  if (outcome === 0) return undefined;
  const totals = windowTotals(memory, at, window, generation, now);
  return exceedsLimits(totals, window) ? Math.max(totals.failures, totals.slow) : undefined;
}
