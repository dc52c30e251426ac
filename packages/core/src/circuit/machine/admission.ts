import { isAlive, type PanelRecord } from '../../panel/record.js';
import {
  deadlineOf,
  halfOpenWord,
  isShadow,
  machinePhase,
  Phase,
  phaseLike,
  phaseOf,
  reopeningsOf,
} from '../memory/word.js';
import { generationOf, nextGeneration, readWord, type Word } from '../../panel/word.js';
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
  /** `until`: whole ms since the panel was made; undefined where only an operator lets calls through again. */
  | { readonly kind: 'refused'; readonly word: Word; readonly until: number | undefined }
  /** The circuit was removed, and another circuit may have its record. */
  | { readonly kind: 'gone' };

/**
 * Decides whether to admit one call.
 *
 * @param now whole ms since the panel was made
 */
export function admit(machine: Machine, now: number, onTransition: OnTransition): AdmissionResult {
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
        transition(machine, word, next, now, 0, onTransition);
        break;
      }
      default: {
        const admission = admitProbe(machine, word, now, onTransition);
        if (admission !== undefined) return admission;
      }
    }
  }
}

/** Undefined where the circuit has changed, and the caller has to read its word again. */
function admitProbe(
  machine: Machine,
  word: Word,
  now: number,
  onTransition: OnTransition,
): AdmissionResult | undefined {
  const { memory, record, settings } = machine;
  const result = takePermit(memory, permitsOf(machine), generationOf(word.low), now, settings.permitTimeout);
  switch (result.kind) {
    case 'full':
      return refused(record, word, result.until);
    case 'expired':
      reopen(machine, word, result.expiry, onTransition);
      return undefined;
    case 'passed':
      return undefined;
    case 'taken': {
      const { probe } = result;
      if (memory.load(record.at) === word.low)
        return { kind: 'admitted', admission: { status: 'admitted', record, tag: word.low, probe } };
      // The circuit changed between the read of its word and the permit, so the permit is of an old generation.
      freePermit(memory, probe);
      return undefined;
    }
  }
}

function freely(record: PanelRecord, word: Word): AdmissionResult {
  return { kind: 'admitted', admission: { status: 'admitted', record, tag: word.low, probe: undefined } };
}

/** Refuses the call. A shadow circuit admits it instead, and does not count its outcome. */
function refused(record: PanelRecord, word: Word, until: number | undefined): AdmissionResult {
  return isShadow(phaseOf(word.low)) ? freely(record, word) : { kind: 'refused', word, until };
}
