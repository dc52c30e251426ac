import { NotCloneableError } from '../errors.js';
import { clone } from '../event-loop.js';
import type { Item } from '../job/item.js';
import type { JobOptions } from '../job/job.js';
import { assertPresent } from '../protocol/transfers.js';
import type { Chunk } from './chunk.js';

/**
 * The buffers of the items that are transferred.
 *
 * @throws what the user's function throws; TypeError for a buffer that was transferred before
 */
export function buffersOf(items: readonly Item[], { transfer }: JobOptions): readonly ArrayBuffer[] {
  if (transfer === undefined) return [];
  // A set: items may share a buffer.
  const buffers = new Set(items.flatMap(({ args: [item] }) => transfer(item as never)));
  assertPresent(buffers);
  return [...buffers];
}

/**
 * Returns a chunk that could not be sent. Items that cannot be sent even alone fail, and the others go back to the job. If each of them can
 * be sent alone, all fail.
 */
export function returnUnsent({ job, items }: Chunk, cause: unknown): void {
  const faults = new Map<Item, unknown>();
  for (const item of items) {
    const fault = faultOf(item, job.options);
    if (fault !== undefined) faults.set(item, fault.thrown);
  }
  const failures = faults.size === 0 ? items : [...faults.keys()];
  for (const item of failures) {
    const thrown = faults.get(item) ?? cause;
    const error = new NotCloneableError(`item ${item.index} cannot go to another thread: ${String(thrown)}`, {
      cause: thrown,
    });
    job.fail(item, error);
  }
  job.giveBack(items.filter((item) => !failures.includes(item)));
}

/** Whether an item can be sent once more: buffers that it transferred may be gone. */
export function isSendable(item: Item, options: JobOptions): boolean {
  try {
    buffersOf([item], options);
    return true;
  } catch {
    return false;
  }
}

function faultOf(item: Item, options: JobOptions): { readonly thrown: unknown } | undefined {
  try {
    buffersOf([item], options);
    clone(item.args);
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}
