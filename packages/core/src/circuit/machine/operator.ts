import { showValue } from '../../errors/show-value.js';
import { isAlive } from '../../panel/record.js';
import { isShadow, Phase, phaseOf } from '../memory/word.js';
import { readWord } from '../../panel/word.js';
import { close, type Machine, openByHand, type OnTransition } from './transition.js';

/** The modes that an operator can force on a circuit; `auto` ends forcing. */
export type ForceMode = 'open' | 'closed' | 'shadow' | 'auto';

/** A circuit that is forced or reset, which needs no policy. */
type ForcedCircuit = Omit<Machine, 'settings'>;

const PHASES = {
  open: Phase.forcedOpen,
  closed: Phase.forcedClosed,
  shadow: Phase.shadowClosed,
  auto: Phase.closed,
};

/**
 * Forces a mode on a circuit, or ends forcing. Does nothing if the circuit is in that mode already.
 *
 * @returns false if the circuit was removed
 * @throws TypeError if `mode` is no mode
 */
export function force(
  circuit: ForcedCircuit,
  mode: ForceMode,
  now: number,
  onTransition: OnTransition,
): boolean {
  if (!Object.hasOwn(PHASES, mode)) {
    const modes = Object.keys(PHASES).join(', ');
    throw new TypeError(`force: expected one of ${modes}, received ${showValue(mode)}`);
  }
  return transitionTo(circuit, PHASES[mode], now, onTransition, (phase) => {
    if (mode === 'auto') return phase === Phase.forcedOpen || phase === Phase.forcedClosed || isShadow(phase);
    return mode === 'shadow' ? !isShadow(phase) : phase !== PHASES[mode];
  });
}

/**
 * Closes a circuit and forgets all outcomes, as if the circuit had just been made.
 *
 * @returns false if the circuit was removed
 */
export function reset(circuit: ForcedCircuit, now: number, onTransition: OnTransition): boolean {
  return transitionTo(circuit, Phase.closed, now, onTransition, () => true);
}

function transitionTo(
  circuit: ForcedCircuit,
  phase: Phase,
  now: number,
  onTransition: OnTransition,
  isWanted: (from: Phase) => boolean,
): boolean {
  const { memory, record } = circuit;
  for (;;) {
    const word = readWord(memory, record.at);
    const from = phaseOf(word.low);
    if (!isAlive(memory, record, word)) return false;
    if (!isWanted(from)) return true;
    const isStored =
      phase === Phase.forcedOpen
        ? openByHand(circuit, word, now, onTransition)
        : close(circuit, word, phase, now, onTransition);
    if (isStored) return true;
  }
}
