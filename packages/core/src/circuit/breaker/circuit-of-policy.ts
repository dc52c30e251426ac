import { callSite } from '../../call/call-site.js';
import { defaultPanel, panelFor, privatePanel } from '../../panel/default-panel.js';
import type { Panel } from '../../panel/panel.js';
import type { Clock } from '../../time/clock.js';
import { feedOf } from '../events/transition-feed.js';
import { LocalCircuit } from '../local/local-circuit.js';
import { localCircuitsOf } from '../local/local-circuits.js';
import { type CircuitBreakerPolicy } from '../policy/policy.js';
import { isKeyAlone, readPolicy } from '../policy/read-policy.js';

export interface CircuitBreakerOptions {
  /** The memory to live in. Default the panel all threads share; for a circuit without a key, one of this thread. */
  readonly panel?: Panel;
  /** Where time comes from. Circuits with one clock share a panel of their own; give this or `panel`. */
  readonly clock?: Clock;
  /** The line of code to name when the key is declared twice. Default the caller's. */
  readonly declaredAt?: string;
  /** @internal The way into a circuit that was found already. */
  readonly circuit?: LocalCircuit;
}

/** The local circuit that a policy declares, or refers to. */
export function circuitOfPolicy(
  policy: CircuitBreakerPolicy | undefined,
  options: CircuitBreakerOptions,
  constructor: object,
): LocalCircuit {
  if (options.circuit !== undefined) return options.circuit;
  const { key, settings, callbacks } = readPolicy(policy);
  const panel = panelOf(key, options);
  const isJoining = key !== undefined && policy !== undefined && isKeyAlone(policy);
  const known = isJoining ? localCircuitsOf(panel).get(key) : undefined;
  // Finding the line of code takes longer than all the rest.
  if (known?.isPinned === true) return known;
  const declaredAt = options.declaredAt ?? (key === undefined ? '' : callSite(constructor));
  if (isJoining) return localCircuitsOf(panel).join(key, declaredAt);
  if (key !== undefined) return localCircuitsOf(panel).declare(key, settings, callbacks, declaredAt);
  const circuit = new LocalCircuit(undefined, settings, feedOf(panel));
  if (callbacks !== undefined) circuit.listen(callbacks, declaredAt);
  return circuit;
}

function panelOf(key: string | undefined, { panel, clock }: CircuitBreakerOptions): Panel {
  if (panel !== undefined && clock !== undefined && panel.clock !== clock) {
    throw new TypeError(
      'CircuitBreaker: expected panel or clock, received both; the panel has its own clock',
    );
  }
  if (panel !== undefined) return panel;
  if (clock !== undefined) return panelFor(clock);
  return key === undefined ? privatePanel() : defaultPanel;
}
