import { singleton } from '../../process/thread-singleton.js';
import { KeyConflictError } from '../errors.js';
import { type Hub, hubOf } from '../events/transition-feed.js';
import type { Panel } from '../panel/panel.js';
import { differences } from '../policy/fingerprint.js';
import type { Callbacks, CircuitBreakerSettings } from '../policy/settings.js';
import { Gate } from './local-circuit.js';

/** The circuits of one panel that this thread has declared, by key. */
export class Gates {
  readonly #hub: Hub;
  readonly #gates = new Map<string, Gate>();
  readonly #warned = new WeakSet<Gate>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get(key: string): Gate | undefined {
    return this.#gates.get(key);
  }

  keys(): readonly string[] {
    return [...this.#gates.keys()];
  }

  /**
   * The gate of a circuit that is declared here, for the first time or again.
   *
   * @param isKept false where it was an argument that named it: then it may make room for another
   * @throws KeyConflictError if the key stands for another policy
   */
  declare(
    key: string,
    settings: CircuitBreakerSettings,
    callbacks: Callbacks | undefined,
    here: string,
    isKept = true,
  ): Gate {
    let gate = this.#gates.get(key);
    if (gate === undefined) {
      this.#gates.set(key, (gate = new Gate(key, settings, this.#hub, here, isKept)));
      const { panel } = this.#hub;
      // Another thread may have declared it before, with functions of its own.
      if (panel.sourcesOf(gate.place) !== settings.sources)
        this.#warn(gate, panel.declaredAt(gate.place), here);
    } else {
      if (gate.settings !== settings) this.#compare(gate, settings, here);
      if (isKept) gate.keep();
    }
    if (callbacks !== undefined) gate.listen(callbacks, here);
    return gate;
  }

  delete(key: string): void {
    this.#gates.delete(key);
  }

  /**
   * Declares all that is declared here in another panel. The circuits here are taken away, so that whoever holds the memory
   * of one sees at the next call that it has gone.
   */
  moveTo(others: Gates): void {
    for (const [key, gate] of this.#gates) {
      if (!gate.isKept || others.get(key) !== undefined) continue;
      const { settings, callbacks, declaredAt = '' } = gate;
      const moved = others.declare(key, settings, undefined, declaredAt);
      for (const [here, those] of callbacks ?? []) moved.listen(those, here);
    }
    // Last, for there may be no room for all of them over there: then nothing has moved.
    for (const [key, gate] of this.#gates) {
      gate.panel.remove(gate.place, () => true);
      if (!gate.isKept) this.#gates.delete(key);
    }
  }

  #compare(gate: Gate, settings: CircuitBreakerSettings, here: string): void {
    const { key, declaredAt: there } = gate;
    if (gate.settings.fingerprint !== settings.fingerprint) {
      throw new KeyConflictError({ key, here, there, differences: differences(gate.settings, settings) });
    }
    if (gate.settings.sources !== settings.sources) this.#warn(gate, there, here);
  }

  #warn(gate: Gate, there: string | undefined, here: string): void {
    if (this.#warned.has(gate)) return;
    this.#warned.add(gate);
    const { key } = gate;
    const message =
      `circuit "${key}" is declared at ${there ?? 'an unknown place'} and at ${here} with different functions; ` +
      'in each thread the first ones decide';
    if (!this.#hub.isHeard(key)) process.emitWarning(message, { type: 'SwitchgearWarning' });
    this.#hub.publish(key, {
      type: 'warning',
      circuit: key,
      code: 'functions-differ',
      message,
      cause: undefined,
    });
  }
}

/** The gates of a panel in this thread; several objects for one buffer share them. */
export function gatesOf(panel: Panel): Gates {
  const all = singleton('gates', () => new WeakMap<ArrayBufferLike, Gates>());
  let gates = all.get(panel.buffer);
  if (gates === undefined) all.set(panel.buffer, (gates = new Gates(hubOf(panel))));
  return gates;
}
