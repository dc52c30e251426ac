import { isAlive, type CircuitRecord } from '../memory/record.js';
import {
  deadlineOf,
  generationOf,
  halfOpenWord,
  isShadow,
  machinePhase,
  nextGeneration,
  Phase,
  phaseLike,
  phaseOf,
  readWord,
  reopeningsOf,
  type Word,
} from '../memory/word.js';
import { freePermit, takePermit } from './probe-permits.js';
import {
  type Admission,
  type Machine,
  transition,
  type OnTransition,
  permitsOf,
  reopen,
} from './transition.js';

export type AdmissionResult =
  | { readonly kind: 'admitted'; readonly admission: Admission }
  /** `until`: whole ms since the panel was made, or undefined where only an operator lets calls through again. */
  | { readonly kind: 'refused'; readonly word: Word; readonly until: number | undefined }
  /** The circuit was removed, and its place may serve another by now. */
  | { readonly kind: 'gone' };

/**
 * Asks for one call.
 *
 * @param now whole ms since the panel was made
 */
export function admit(machine: Machine, now: number, moved: OnTransition): AdmissionResult {
  const { memory, record } = machine;
  for (;;) {
    const word = readWord(memory, record.at);
    const phase = phaseOf(word.low);
    if (!isAlive(memory, record, word)) return { kind: 'gone' };
    switch (machinePhase(phase)) {
      case Phase.closed:
      case Phase.forcedClosed:
        return freely(record, word);
      case Phase.forcedOpen:
        return refused(record, word, undefined);
      case Phase.open: {
        const deadline = deadlineOf(word);
        if (now < deadline) return refused(record, word, deadline);
        const next = halfOpenWord(
          phaseLike(Phase.halfOpen, phase),
          nextGeneration(word.low),
          0,
          reopeningsOf(word),
        );
        transition(machine, word, next, now, 0, moved);
        break;
      }
      default: {
        const admission = admitProbe(machine, word, now, moved);
        if (admission !== undefined) return admission;
      }
    }
  }
}

/** Undefined where the circuit moved on, and is to be looked at again. */
function admitProbe(
  machine: Machine,
  word: Word,
  now: number,
  moved: OnTransition,
): AdmissionResult | undefined {
  const { memory, record, settings } = machine;
  const taken = takePermit(memory, permitsOf(machine), generationOf(word.low), now, settings.permitTimeout);
  switch (taken.kind) {
    case 'full':
      return refused(record, word, taken.until);
    case 'expired':
      reopen(machine, word, taken.expiry, moved);
      return undefined;
    case 'passed':
      return undefined;
    case 'taken': {
      const { probe } = taken;
      if (memory.load(record.at) === word.low)
        return { kind: 'admitted', admission: { status: 'admitted', record, tag: word.low, probe } };
      // The circuit moved on between the look at it and the permit, which is worth nothing now.
      freePermit(memory, probe);
      return undefined;
    }
  }
}

function freely(record: CircuitRecord, word: Word): AdmissionResult {
  return { kind: 'admitted', admission: { status: 'admitted', record, tag: word.low, probe: undefined } };
}

/** A shadow circuit admits what it would have refused; the outcome counts as nothing, as that of no call would. */
function refused(record: CircuitRecord, word: Word, until: number | undefined): AdmissionResult {
  return isShadow(phaseOf(word.low)) ? freely(record, word) : { kind: 'refused', word, until };
}
