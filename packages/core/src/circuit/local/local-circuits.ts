import { warnUser } from '../../call/user-warning.js';
import { threadSingleton } from '../../process/thread-singleton.js';
import { KeyConflictError } from '../../panel/key-conflict-error.js';
import { aboutCircuit } from '../events/circuit-event.js';
import { feedOf, type TransitionFeed } from '../events/transition-feed.js';
import type { Panel } from '../../panel/panel.js';
import { differingOptions } from '../policy/differing-options.js';
import { readPolicy } from '../policy/read-policy.js';
import type { Callbacks, CircuitBreakerSettings } from '../policy/settings.js';
import { borrowCircuit } from './borrowed-circuit.js';
import { LocalCircuit } from './local-circuit.js';

/** So many are kept without a look at whether they still stand. */
const MAX_BORROWED = 1_000;

/** The circuits of one panel that this thread has declared, by key. */
export class LocalCircuits {
  readonly #feed: TransitionFeed;
  readonly #localCircuits = new Map<string, LocalCircuit>();
  /** Circuits that only other threads have declared. */
  readonly #borrowed = new Map<string, LocalCircuit>();
  readonly #warned = new WeakSet<LocalCircuit>();

  constructor(feed: TransitionFeed) {
    this.#feed = feed;
  }

  get(key: string): LocalCircuit | undefined {
    return this.#localCircuits.get(key);
  }

  keys(): readonly string[] {
    return [...this.#localCircuits.keys()];
  }

  /**
   * The local circuit of a circuit that is declared here, for the first time or again.
   *
   * @param isPinned false where it was an argument that named it: then it may make room for another
   * @throws KeyConflictError if the key stands for another policy
   */
  declare(
    key: string,
    settings: CircuitBreakerSettings,
    callbacks: Callbacks | undefined,
    here: string,
    isPinned = true,
  ): LocalCircuit {
    let circuit = this.#localCircuits.get(key);
    if (circuit === undefined || circuit.isJoined) {
      circuit =
        this.#takeOver(key, settings, here) ?? new LocalCircuit(key, settings, this.#feed, here, isPinned);
      this.#localCircuits.set(key, circuit);
      const { panel } = this.#feed;
      // Another thread may have declared it before, with functions of its own.
      if (panel.sourcesOf(circuit.record) !== settings.sources)
        this.#warn(circuit, panel.declaredAt(circuit.record), here);
    } else if (circuit.settings !== settings) this.#compare(circuit, settings, here);
    if (isPinned && !circuit.isPinned) circuit.pin();
    if (callbacks !== undefined) circuit.listen(callbacks, here);
    return circuit;
  }

  /**
   * The circuit of a key that is named without a policy. Until another place declares it, it exists nowhere; its first call makes it,
   * with the defaults.
   */
  join(key: string, here: string): LocalCircuit {
    let circuit = this.#localCircuits.get(key);
    if (circuit === undefined) {
      circuit =
        this.#borrowed.get(key) ?? new LocalCircuit(key, readPolicy().settings, this.#feed, here, true, true);
      this.#borrowed.delete(key);
      circuit.join();
      this.#localCircuits.set(key, circuit);
    }
    if (!circuit.isPinned) circuit.pin();
    return circuit;
  }

  /**
   * A circuit that this thread has not declared, as far as it can be used here; undefined where no thread has declared it, or
   * nothing can be read of its policy.
   */
  borrow(key: string): LocalCircuit | undefined {
    const { panel } = this.#feed;
    const record = panel.find('circuit-breaker', key);
    let circuit = this.#borrowed.get(key);
    if (record !== undefined && circuit?.settings.fingerprint === panel.fingerprintOf(record)) return circuit;
    this.#borrowed.delete(key);
    if (record === undefined) return undefined;
    if (this.#borrowed.size >= MAX_BORROWED) this.#forgetRemoved();
    circuit = borrowCircuit(this.#feed, key, record);
    if (circuit !== undefined) this.#borrowed.set(key, circuit);
    return circuit;
  }

  delete(key: string): void {
    const circuit = this.#localCircuits.get(key);
    this.#localCircuits.delete(key);
    this.#borrowed.delete(key);
    // Whoever has joined it follows the next declaration.
    if (circuit?.isJoined === true) this.#borrowed.set(key, circuit);
  }

  /**
   * Declares all that is declared here in another panel. The circuits here are taken away, so that whoever holds the memory
   * of one sees at the next call that it has gone.
   */
  relocateTo(others: LocalCircuits): void {
    for (const [key, circuit] of this.#localCircuits) {
      if (!circuit.isPinned || others.get(key) !== undefined) continue;
      const { settings, callbacks, declaredAt = '' } = circuit;
      const moved = circuit.isJoined
        ? others.join(key, declaredAt)
        : others.declare(key, settings, undefined, declaredAt);
      for (const [here, those] of callbacks ?? []) moved.listen(those, here);
    }
    // Last, for there may be no room for all of them over there: then nothing has moved.
    for (const [key, circuit] of this.#localCircuits) {
      circuit.panel.remove(circuit.record, () => true);
      if (!circuit.isPinned) this.#localCircuits.delete(key);
    }
    this.#borrowed.clear();
  }

  /** A circuit that was joined or borrowed until now: whoever holds it has the one that is declared. */
  #takeOver(key: string, settings: CircuitBreakerSettings, here: string): LocalCircuit | undefined {
    const circuit = this.#localCircuits.get(key) ?? this.#borrowed.get(key);
    if (circuit?.isJoined !== true && circuit?.settings.fingerprint !== settings.fingerprint) {
      this.#borrowed.delete(key);
      return undefined;
    }
    circuit.found().declareHere(settings, here);
    this.#borrowed.delete(key);
    return circuit;
  }

  #forgetRemoved(): void {
    for (const [key, circuit] of this.#borrowed) if (!circuit.isAlive) this.#borrowed.delete(key);
  }

  #compare(circuit: LocalCircuit, settings: CircuitBreakerSettings, here: string): void {
    const { key, declaredAt: there } = circuit;
    if (circuit.settings.fingerprint !== settings.fingerprint) {
      const isDefault = circuit.settings.fingerprint === readPolicy().settings.fingerprint;
      const different = differingOptions(circuit.settings, settings);
      throw new KeyConflictError({ key, here, there, differences: different, isDefault });
    }
    if (circuit.settings.sources !== settings.sources) this.#warn(circuit, there, here);
  }

  #warn(circuit: LocalCircuit, there: string | undefined, here: string): void {
    if (this.#warned.has(circuit)) return;
    this.#warned.add(circuit);
    const { key } = circuit;
    const message =
      `circuit "${key}" is declared with different functions ` +
      `${there === here ? `twice at ${here}` : `at ${there ?? 'an unknown place'} and at ${here}`}; ` +
      'in each thread the first ones decide. Give both declarations the same functions, or give each a key of its own';
    if (!this.#feed.hasListeners(key)) warnUser(message);
    this.#feed.publish(key, {
      type: 'warning',
      ...aboutCircuit(key),
      code: 'functions-differ',
      message,
      cause: undefined,
    });
  }
}

/** The gates of a panel in this thread; several objects for one buffer share them. */
export function localCircuitsOf(panel: Panel): LocalCircuits {
  const all = threadSingleton('gates', () => new WeakMap<ArrayBufferLike, LocalCircuits>());
  let localCircuits = all.get(panel.buffer);
  if (localCircuits === undefined) all.set(panel.buffer, (localCircuits = new LocalCircuits(feedOf(panel))));
  return localCircuits;
}
