import type { ItemResult, MapFailure } from '@switchgear/executor';

/** How a job ended: with what its caller got. */
export type JobEnd =
  | { readonly kind: 'resolved'; readonly values: readonly unknown[] }
  | { readonly kind: 'settled'; readonly results: readonly ItemResult<unknown>[] }
  | {
      readonly kind: 'rejected';
      readonly error: unknown;
      readonly failure: MapFailure | undefined;
      /** What a stream had yielded by then. */
      readonly results: readonly ItemResult<unknown>[];
    }
  | { readonly kind: 'hangs' };

export interface Observation {
  readonly end: JobEnd;
  /** How often each item was begun. */
  readonly runs: readonly number[];
}
