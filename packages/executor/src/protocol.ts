import type { ErrorRecord } from '@switchgear/core';
import type { Address } from './registrations.js';

/** Which method of which class. */
export interface Target {
  readonly address: Address;
  readonly method: string;
  /** As people know it, `Class.method`. */
  readonly name: string;
}

/** Every message from the pool to a worker. */
export type ToWorker =
  | {
      readonly kind: 'target';
      readonly id: number;
      readonly target: Target;
      /** Targets with one number share an instance. */
      readonly instance: number;
      readonly constructorArgs: readonly unknown[];
    }
  | {
      readonly kind: 'chunk';
      readonly id: number;
      readonly target: number;
      /** The arguments of one call each. */
      readonly calls: readonly (readonly unknown[])[];
      /** Not 0 when the rest is not wanted any more. */
      readonly stop: Int32Array;
    }
  | { readonly kind: 'close' };

/** Every message from a worker to the pool. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'target-failed'; readonly id: number; readonly error: ErrorRecord }
  /** Outcomes of the next items of a chunk, in order. */
  | { readonly kind: 'outcomes'; readonly chunk: number; readonly outcomes: readonly ItemOutcome[] };

/** What became of one item. */
export type ItemOutcome =
  | { readonly value: unknown }
  | { readonly error: ErrorRecord }
  /** It was not run: the job had stopped. */
  | 'skipped';

/** Cells of the memory that a worker shares with its lane: what it was running when it died. */
export const Running = { chunk: 0, offset: 1, cells: 2 } as const;

/** Between items. */
export const NOTHING = -1;
