import { isWorkerStartError, TargetError, WorkerCrashError } from '../errors.js';
import type { Item } from '../job/item.js';
import type { Job } from '../job/job.js';
import type { Chunk } from './chunk.js';
import { reasonOfDeath } from './death-reason.js';
import type { LaneEnd } from './lane-end.js';
import { isSendable } from './unsendable.js';

/** A job fails when this many workers in a row died before they had run any of its items. */
const MAX_DEATHS_IN_VAIN = 3;

/** Counts, for each job, the workers in a row that died before they ran any of its items. */
export class DeathsInVain {
  readonly #counts = new WeakMap<Job, number>();

  /** A worker has run items of the job. */
  reset(job: Job): void {
    this.#counts.delete(job);
  }

  /** Counts a worker that has ended, and ends each job that has reached {@link MAX_DEATHS_IN_VAIN}. */
  count(end: LaneEnd): void {
    if (!isInVain(end)) return;
    // A worker may have had two chunks of one job.
    for (const job of new Set(end.chunks.map((chunk) => chunk.job))) {
      const deaths = (this.#counts.get(job) ?? 0) + 1;
      this.#counts.set(job, deaths);
      if (deaths >= MAX_DEATHS_IN_VAIN) job.end({ thrown: reasonOf(job, deaths, end) });
    }
  }
}

/** Whether a worker died before it ran anything of what it had in hand: the next one will probably do the same. */
function isInVain({ wasStarting, wasTerminated, running, chunks, error }: LaneEnd): boolean {
  if (wasStarting || isWorkerStartError(error)) return true;
  if (wasTerminated) return false;
  return running === undefined && chunks.length > 0 && chunks.every(({ settledCount }) => settledCount === 0);
}

function reasonOf(job: Job, deaths: number, end: LaneEnd): Error {
  const { error } = end;
  if (isWorkerStartError(error)) return error;
  const { name, address } = job.options.target;
  const message = `${name}: ${deaths} workers died one after the other before they ran anything of ${address.module}: ${reasonOfDeath(end)}`;
  return new TargetError(message, { cause: error });
}

/**
 * Gives back the items that a worker had in hand when it ended. The item that was running has one retry less. An item without retries
 * fails, and so does one whose buffers went to the worker.
 */
export function takeBack({ job, unsettledItems }: Chunk, end: LaneEnd): void {
  const { running, exitCode, error } = end;
  const { crashRetries, target } = job.options;
  const rest: Item[] = [];
  for (const item of unsettledItems) {
    const crashes = item === running ? item.crashes + 1 : item.crashes;
    if (crashes <= crashRetries && job.inContext(() => isSendable(item, job.options)))
      rest.push({ ...item, crashes });
    else {
      const data = {
        index: item.index,
        attempts: crashes,
        exitCode,
        method: target.name,
        reason: reasonOfDeath(end),
        cause: error,
      };
      job.fail(item, new WorkerCrashError(data));
    }
  }
  job.giveBack(rest);
}
