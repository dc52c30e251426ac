import { setTimeout as sleep } from 'node:timers/promises';
import { type ItemResult, mapFailureOf, ParallelExecutor } from '@switchgear/executor';
import { classOf } from '../support/workplace.js';
import type { JobEnd, Observation } from './observation.js';
import type { PlannedJob, Schedule } from './schedule.js';

interface Item {
  readonly n: number;
  readonly deed: string;
  readonly runs: Int32Array;
  readonly unsendable?: () => void;
}

type DeedsClass = new () => { do(item: Item): number | Promise<number> };

const Deeds = await classOf<DeedsClass>('deeds-worker.mjs', 'Deeds');

/** What a run uses of an executor. A spec plants faults here. */
export type Subject = Pick<ParallelExecutor, 'map' | 'mapSettled' | 'stream' | 'run' | 'close'>;

/** A job that has not ended by now never will. */
const PATIENCE_MS = 20_000;

export function executorFor(schedule: Schedule, placement: 'workers' | 'inline'): Subject {
  const { workers, crashRetries, recycle } = schedule;
  const executor = new ParallelExecutor({
    workers,
    crashRetries,
    placement,
    grace: 50,
    ...(recycle && { recycle }),
  });
  // Deaths are on purpose.
  executor.subscribe(() => undefined);
  return executor;
}

/** Does what a schedule says, and observes what came of it. */
export async function runSchedule(schedule: Schedule, subject: Subject): Promise<readonly Observation[]> {
  const closed = schedule.close && closeLater(schedule.close, subject);
  const observations = await Promise.all(schedule.jobs.map((job) => observe(job, subject)));
  await (closed ?? subject.close());
  return observations;
}

async function closeLater(
  { after, within }: NonNullable<Schedule['close']>,
  subject: Subject,
): Promise<unknown> {
  await sleep(after);
  return subject.close({ within });
}

async function observe(job: PlannedJob, subject: Subject): Promise<Observation> {
  const runs = new Int32Array(new SharedArrayBuffer(Math.max(1, job.deeds.length) * 4));
  const items = job.deeds.map((deed, n): Item => ({
    n,
    deed,
    runs,
    ...(deed === 'unsendable' && { unsendable: () => undefined }),
  }));
  const end = await Promise.race([endOf(job, items, subject), hangs()]);
  return { end, runs: Array.from(runs).slice(0, job.deeds.length) };
}

async function hangs(): Promise<JobEnd> {
  await sleep(PATIENCE_MS, undefined, { ref: false });
  return { kind: 'hangs' };
}

async function endOf(job: PlannedJob, items: readonly Item[], subject: Subject): Promise<JobEnd> {
  const { chunk, isOrdered, abortAfter } = job;
  const controller = new AbortController();
  if (abortAfter !== undefined) setTimeout(() => controller.abort(), abortAfter);
  const options = { signal: controller.signal, ...(chunk !== undefined && { chunk }) };
  const results: ItemResult<unknown>[] = [];
  try {
    switch (job.kind) {
      case 'map':
        return { kind: 'resolved', values: await subject.map(Deeds, 'do', items, options) };
      case 'run':
        return { kind: 'resolved', values: [await subject.run(Deeds, 'do', [items[0]], options)] };
      case 'mapSettled': {
        const outcomes = await subject.mapSettled(Deeds, 'do', items, options);
        return { kind: 'settled', results: outcomes.map((outcome, index) => ({ ...outcome, index })) };
      }
      case 'stream': {
        const stream = subject.stream(Deeds, 'do', items, { ...options, ordered: isOrdered });
        for await (const result of stream) results.push(result);
        return { kind: 'settled', results };
      }
    }
  } catch (error) {
    return { kind: 'rejected', error, failure: mapFailureOf(error), results };
  }
}
