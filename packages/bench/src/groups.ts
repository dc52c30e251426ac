import type { Group } from './contestant.js';
import { bounds } from './groups/bounds.js';
import { closed } from './groups/closed.js';
import { contention } from './groups/contention.js';
import { decorators } from './groups/decorators.js';
import { executor } from './groups/executor.js';
import { failures } from './groups/failures.js';
import { memory } from './groups/memory.js';
import { refusals } from './groups/refusals.js';
import { retry } from './groups/retry.js';
import { timeout } from './groups/timeout.js';
import { windows } from './groups/windows.js';

/** All groups, in the order of the page. */
export const groups: readonly Group[] = [
  closed,
  windows,
  refusals,
  contention,
  memory,
  retry,
  timeout,
  bounds,
  failures,
  decorators,
  executor,
];
