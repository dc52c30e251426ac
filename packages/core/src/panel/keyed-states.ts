import { KeyConflictError } from './key-conflict-error.js';
import { differences, type Identified } from './fingerprint.js';

/** The settings of a policy, by which two declarations of a key are compared. */
export interface KeyedSettings extends Identified {
  readonly fingerprint: number;
}

/** What this thread knows of something that has a key. */
export interface KeyedState {
  readonly settings: KeyedSettings;
  readonly declaredAt: string;
}

/** What this thread has declared of one kind in one panel, by key. */
export class KeyedStates<State extends KeyedState> {
  readonly #kind: string;
  readonly #states = new Map<string, State>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  get(key: string): State | undefined {
    return this.#states.get(key);
  }

  keys(): readonly string[] {
    return [...this.#states.keys()];
  }

  /**
   * The state under a key, made by the first declaration.
   *
   * @throws KeyConflictError if the key was declared with another policy
   */
  declare(key: string, settings: KeyedSettings, here: string, make: () => State): State {
    const state = this.#states.get(key);
    if (state === undefined) {
      const made = make();
      this.#states.set(key, made);
      return made;
    }
    if (state.settings.fingerprint === settings.fingerprint) return state;
    throw new KeyConflictError({
      key,
      policy: this.#kind,
      here,
      there: state.declaredAt,
      differences: differences(state.settings, settings),
    });
  }
}
