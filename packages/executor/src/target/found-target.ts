import type { Owner, Target } from '../protocol/address.js';
import type { ParallelOptions } from './parallel-mark.js';

/** What a call runs: where workers find it, and what its marks say. */
export interface FoundTarget {
  readonly owner: Owner;
  readonly target: Target;
  readonly options: ParallelOptions;
}
