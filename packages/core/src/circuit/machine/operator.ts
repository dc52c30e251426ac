import { showValue } from '../../errors/show-value.js';
import { isAlive } from '../memory/record.js';
import { isShadow, Phase, phaseOf, readWord } from '../memory/word.js';
import { close, type Machine, openByHand, type OnTransition } from './transition.js';

/** What an operator's hand can do to a circuit; `auto` takes the hand away. */
export type ForceMode = 'open' | 'closed' | 'shadow' | 'auto';

/** A circuit as an operator sees it: no policy is needed to take it in hand. */
type Held = Omit<Machine, 'settings'>;

const PHASES = {
  open: Phase.forcedOpen,
  closed: Phase.forcedClosed,
  shadow: Phase.shadowClosed,
  auto: Phase.closed,
};

/**
 * Puts a circuit into an operator's mode, or out of it; nothing happens where it is in that mode already.
 *
 * @returns false if the circuit was removed
 * @throws TypeError for anything that is no mode
 */
export function force(circuit: Held, mode: ForceMode, now: number, moved: OnTransition): boolean {
  if (!Object.hasOwn(PHASES, mode)) {
    const modes = Object.keys(PHASES).join(', ');
    throw new TypeError(`force: expected one of ${modes}, received ${showValue(mode)}`);
  }
  return moveTo(circuit, PHASES[mode], now, moved, (phase) => {
    if (mode === 'auto') return phase === Phase.forcedOpen || phase === Phase.forcedClosed || isShadow(phase);
    return mode === 'shadow' ? !isShadow(phase) : phase !== PHASES[mode];
  });
}

/**
 * Closes a circuit and forgets everything, as if it had just been made.
 *
 * @returns false if the circuit was removed
 */
export function reset(circuit: Held, now: number, moved: OnTransition): boolean {
  return moveTo(circuit, Phase.closed, now, moved, () => true);
}

function moveTo(
  circuit: Held,
  phase: Phase,
  now: number,
  moved: OnTransition,
  isWanted: (from: Phase) => boolean,
): boolean {
  const { memory, record } = circuit;
  for (;;) {
    const word = readWord(memory, record.at);
    const from = phaseOf(word.low);
    if (!isAlive(memory, record, word)) return false;
    if (!isWanted(from)) return true;
    const hasMoved =
      phase === Phase.forcedOpen
        ? openByHand(circuit, word, now, moved)
        : close(circuit, word, phase, now, moved);
    if (hasMoved) return true;
  }
}
