import { type AdmissionResult, admit } from '../../src/circuit/machine/admission.js';
import { settle, settleSuccess, type OutcomeKind } from '../../src/circuit/machine/settlement.js';
import type {
  Admission,
  Machine,
  MachineSettings,
  Transition,
} from '../../src/circuit/machine/transition.js';
import type { Memory } from '../../src/panel/memory.js';
import { Field, type PanelRecord } from '../../src/panel/record.js';
import { deadlineOf, type Phase, phaseOf } from '../../src/circuit/memory/word.js';
import { generationOf, readWord, type Word } from '../../src/panel/word.js';

/** A circuit at the beginning of memory: its record, then its permits and its window. */
export const record: PanelRecord = { at: 0, incarnation: 1, parts: 64 };

export const BIRTH = 1;

export function settings(overrides: Partial<MachineSettings> = {}): MachineSettings {
  return {
    failureThreshold: 2,
    successThreshold: 2,
    resetTimeouts: [100],
    permits: 2,
    permitTimeout: 50,
    window: undefined,
    ...overrides,
  };
}

/** Writes a live circuit with the given word into empty memory. */
export function begin(word: Word): (memory: Memory) => void {
  return (memory) => {
    memory.store(record.at + Field.incarnation, BIRTH);
    memory.storeWide(record.at, word.low, word.high);
  };
}

/** What one thread did to the circuit. */
export interface Did {
  readonly transitions: readonly Transition[];
  readonly admissions: readonly AdmissionResult['kind'][];
  readonly counted: readonly boolean[];
}

/** A thread's hands: the machine of production, and notes of what happened to it. */
export class Hands {
  readonly machine: Machine;
  readonly #transitions: Transition[] = [];
  readonly #admissions: AdmissionResult['kind'][] = [];
  readonly #counted: boolean[] = [];

  constructor(memory: Memory, of: MachineSettings, thread = 0) {
    this.machine = { memory, record, settings: of, thread };
  }

  admit(now: number): Admission | undefined {
    const admission = admit(this.machine, now, (transition) => this.#transitions.push(transition));
    this.#admissions.push(admission.kind);
    return admission.kind === 'admitted' ? admission.admission : undefined;
  }

  settle(admission: Admission | undefined, verdict: OutcomeKind, now: number, isSlow = false): void {
    if (admission === undefined) return;
    this.#counted.push(
      settle(this.machine, admission, verdict, isSlow, now, (transition) =>
        this.#transitions.push(transition),
      ),
    );
  }

  /** Settles a success the way breakers do: by the short path, unless it is a probe's. */
  succeed(admission: Admission | undefined, now: number): void {
    if (admission === undefined) return;
    const { memory, settings: of } = this.machine;
    if (admission.probe !== undefined) this.settle(admission, 'success', now);
    else settleSuccess(memory, record, of, admission.tag, now);
  }

  call(verdict: OutcomeKind, now: number): void {
    this.settle(this.admit(now), verdict, now);
  }

  get did(): Did {
    return { transitions: this.#transitions, admissions: this.#admissions, counted: this.#counted };
  }
}

export function wordIn(memory: Memory): Word {
  return readWord(memory, record.at);
}

export function phaseIn(memory: Memory): Phase {
  return phaseOf(wordIn(memory).low);
}

export function generationIn(memory: Memory): number {
  return generationOf(wordIn(memory).low);
}

export function deadlineIn(memory: Memory): number {
  return deadlineOf(wordIn(memory));
}

/** Whatever threads left behind, a circuit that is called long enough after lets calls through and closes on successes. */
export function recovers(memory: Memory, of: MachineSettings): boolean {
  const hands = new Hands(memory, of);
  let now = 1_000_000;
  for (let i = 0; i < 10; i++) {
    hands.call('success', now);
    now += 1_000;
  }
  const last = hands.did.admissions.slice(-2);
  return last.every((kind) => kind === 'admitted') && phaseIn(memory) === 2;
}
