import { isStanding, type Place } from '../memory/record.js';
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
import { type Admitted, type Machine, move, type Moved, permitsOf, reopen } from './transition.js';

export type Admission =
  | { readonly kind: 'admitted'; readonly permit: Admitted }
  /** `until`: whole ms since the panel was made, or undefined where only an operator lets calls through again. */
  | { readonly kind: 'refused'; readonly word: Word; readonly until: number | undefined }
  /** The circuit was removed, and its place may serve another by now. */
  | { readonly kind: 'gone' };

/**
 * Asks for one call.
 *
 * @param now whole ms since the panel was made
 */
export function admit(machine: Machine, now: number, moved: Moved): Admission {
  const { memory, place } = machine;
  for (;;) {
    const word = readWord(memory, place.at);
    const phase = phaseOf(word.low);
    if (!isStanding(memory, place, word)) return { kind: 'gone' };
    switch (machinePhase(phase)) {
      case Phase.closed:
      case Phase.forcedClosed:
        return freely(place, word);
      case Phase.forcedOpen:
        return refused(place, word, undefined);
      case Phase.open: {
        const deadline = deadlineOf(word);
        if (now < deadline) return refused(place, word, deadline);
        const next = halfOpenWord(
          phaseLike(Phase.halfOpen, phase),
          nextGeneration(word.low),
          0,
          reopeningsOf(word),
        );
        move(machine, word, next, now, 0, moved);
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
function admitProbe(machine: Machine, word: Word, now: number, moved: Moved): Admission | undefined {
  const { memory, place, settings } = machine;
  const taken = takePermit(memory, permitsOf(machine), generationOf(word.low), now, settings.permitTimeout);
  switch (taken.kind) {
    case 'full':
      return refused(place, word, taken.until);
    case 'expired':
      reopen(machine, word, taken.expiry, moved);
      return undefined;
    case 'taken': {
      const { probe } = taken;
      if (memory.load(place.at) === word.low)
        return { kind: 'admitted', permit: { status: 'admitted', place, tag: word.low, probe } };
      // The circuit moved on between the look at it and the permit, which is worth nothing now.
      freePermit(memory, probe);
      return undefined;
    }
  }
}

function freely(place: Place, word: Word): Admission {
  return { kind: 'admitted', permit: { status: 'admitted', place, tag: word.low, probe: undefined } };
}

/** A shadow circuit admits what it would have refused; the outcome counts as nothing, as that of no call would. */
function refused(place: Place, word: Word, until: number | undefined): Admission {
  return isShadow(phaseOf(word.low)) ? freely(place, word) : { kind: 'refused', word, until };
}
