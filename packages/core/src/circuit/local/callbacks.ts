import { callUser } from '../../call/user-callback.js';
import { circuitOpening } from '../circuit-opening.js';
import type { Transition } from '../machine/transition.js';
import { Phase } from '../memory/word.js';
import type { Callbacks } from '../policy/settings.js';

/**
 * Calls the callbacks of policies for a transition that this thread made. Between `onOpen` and `onClose` calls are refused, whether
 * failures have brought that about or an operator.
 *
 * @param at the moment of the transition, in epoch ms
 */
export function callBack(
  callbacks: Iterable<Callbacks>,
  { from, to, failures, opening }: Transition,
  at: number,
  cause: unknown,
): void {
  for (const { onOpen, onHalfOpen, onClose } of callbacks) {
    if (to === Phase.halfOpen) callUser(() => onHalfOpen?.());
    else if (opening !== undefined && isRefusing(to))
      callUser(() => onOpen?.(failures, cause, circuitOpening(opening, at, cause)));
    else if (isRefusing(from)) callUser(() => onClose?.());
  }
}

/** Whether a circuit in this phase refuses calls. A shadow never does. */
function isRefusing(phase: Phase): boolean {
  return phase === Phase.open || phase === Phase.halfOpen || phase === Phase.forcedOpen;
}
