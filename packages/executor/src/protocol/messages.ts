import type { ErrorRecord } from '@switchgear/core';
import type { Target } from './address.js';

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
      /** Where in the lane's memory it says how far it is. */
      readonly slot: number;
      readonly target: number;
      /** The arguments of one call each. */
      readonly calls: readonly (readonly unknown[])[];
    }
  | { readonly kind: 'close' };

/** Every message from a worker to the pool. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'target-failed';
      readonly id: number;
      readonly error: ErrorRecord;
      /** The one that could not be loaded, where there was nobody yet to say so. */
      readonly module?: string | undefined;
    }
  /** Outcomes of the next items of a chunk, in order; of those that were taken back there are none. */
  | {
      readonly kind: 'outcomes';
      readonly chunk: number;
      readonly outcomes: readonly ItemOutcome[];
      /** Whether the worker is done with the chunk, and will not look at it again. */
      readonly isLast: boolean;
    };

/** What became of one item. */
export type ItemOutcome = { readonly value: unknown } | { readonly error: ErrorRecord };
