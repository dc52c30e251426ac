import { Emitter, warnUser } from '@switchgear/core/kit';
import type { ExecutorEvent } from '../executor-event.js';
import { currentContext } from '../job/async-context.js';
import { reasonOfDeath } from './death-reason.js';
import type { LaneEnd } from './lane-end.js';
import type { PoolListener } from './pool.js';
import { DISPOSAL } from '../protocol/messages.js';

/** Publishes what no job can tell about the workers. What no one listens to becomes a warning of the process. */
export class WorkerReports implements PoolListener {
  readonly #emitter = new Emitter<ExecutorEvent>();

  /** @throws TypeError for what is no function */
  subscribe(listener: (event: ExecutorEvent) => void): () => void {
    if (typeof listener !== 'function') {
      throw new TypeError(`ParallelExecutor.subscribe: expected a function, received ${typeof listener}`);
    }
    const inContext = currentContext();
    return this.#emitter.subscribe(this, (event) => inContext(() => listener(event)));
  }

  ended(thread: number, end: LaneEnd): void {
    const { wasTerminated, wasClosing, exitCode, error } = end;
    if (wasTerminated || (wasClosing && exitCode === 0 && error === undefined)) return;
    const reason = reasonOfDeath(end);
    this.#emitter.publish(this, {
      type: 'worker-died',
      thread,
      reason,
      cause: error,
      exitCode,
      item: itemOf(end),
    });
    if (this.#emitter.hasListeners(this) || isOfJob(end)) return;
    const message = `worker thread ${thread} died while it ran no item`;
    if (error === undefined) warnUser(`${message}: ${reason}`);
    else warnUser(message, { error });
  }

  terminated(thread: number, resources: readonly string[]): void {
    const reason = waitedFor(resources);
    this.#emitter.publish(this, { type: 'worker-terminated', thread, reason, resources });
    if (this.#emitter.hasListeners(this)) return;
    warnUser(`worker thread ${thread} was terminated 1s after it was told to close: ${reason}`);
  }
}

function itemOf({
  running,
  chunks,
}: LaneEnd): { readonly method: string; readonly index: number } | undefined {
  if (running === undefined) return undefined;
  const chunk = chunks.find(({ items }) => items.includes(running));
  return { method: chunk?.job.options.target.name ?? '', index: running.index };
}

/** Whether a job tells of the death: by the item that is charged with it, or since workers die before they run any of its items. */
function isOfJob({ running, hasRun, chunks }: LaneEnd): boolean {
  return running !== undefined || (!hasRun && chunks.length > 0);
}

/** What keeps a worker from ending, in words. */
function waitedFor(resources: readonly string[]): string {
  if (resources.length === 0) return 'it did not answer, since it computes or waits';
  if (resources.includes(DISPOSAL)) return 'it took too long to dispose of an instance';
  const counts = new Map<string, number>();
  for (const resource of resources) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  const list = [...counts].map(([resource, count]) => `${count} ${resource}`).join(', ');
  return `a method has left open ${list}`;
}
