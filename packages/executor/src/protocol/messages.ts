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
      /** Where in the shared memory the worker counts the items that it has begun. */
      readonly slot: number;
      readonly target: number;
      /** The arguments of each call. */
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
      /** The module that could not be imported; only from the bootstrap, whose errors do not say it. */
      readonly module?: string | undefined;
    }
  /** Outcomes of the next items of a chunk, in order. Items that were taken back have none. */
  | {
      readonly kind: 'outcomes';
      readonly chunk: number;
      readonly outcomes: readonly ItemOutcome[];
      /** Whether the worker is done with the chunk. */
      readonly isLast: boolean;
    }
  /**
   * The worker was told to close, and cannot end yet: these kinds of resources are open in it. {@link DISPOSAL} among them says that it is
   * disposing of its instances.
   */
  | { readonly kind: 'closing'; readonly resources: readonly string[] };

export const DISPOSAL = 'disposal of an instance';

/** The outcome of one item. */
export type ItemOutcome = { readonly value: unknown } | { readonly error: ErrorRecord };
