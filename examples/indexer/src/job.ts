import type { ParallelExecutor, Plan } from '@switchgear/executor';
import type { FileRecord } from './file-record.js';
import type { Files } from './files.js';
import type { Received } from './index-service.js';
import { Indexer } from './indexer.js';
import type { Phase } from './outage.js';
import { ServiceProcess } from './service-process.js';
import { type Counts, Tally } from './tally.js';

export interface JobOptions {
  readonly files: Files;
  readonly isGuarded: boolean;
  readonly signal: AbortSignal;
}

/** Hears of a job as it goes. */
export interface JobListener {
  serviceStarted(service: ServiceProcess): void;
  phaseBegan(phase: Phase, at: number): void;
  planned(plan: Plan): void;
  progressed(done: number, counts: Counts): void;
}

/** What became of a job. */
export interface JobResult {
  /** What is in the index. */
  readonly records: ReadonlyMap<string, FileRecord>;
  readonly counts: Counts;
  /** The requests that the service saw, by its own count. */
  readonly received: Received;
  /** How many files were tried to the end. */
  readonly settled: number;
  /** In ms. */
  readonly elapsed: number;
  /** What the first file that failed failed with. */
  readonly failure: unknown;
}

/** After so many ms it has been decided whether the work goes to threads. */
const MEASURED = 250;

/** Indexes the files, with an index service that goes through an outage when a third is done. If the signal aborts, it ends early. */
export async function runJob(
  executor: ParallelExecutor,
  { files, isGuarded, signal }: JobOptions,
  listener: Partial<JobListener>,
): Promise<JobResult> {
  const { folder, paths } = files;
  const tally = new Tally();
  await using service = await ServiceProcess.start(Math.ceil(paths.length / 3), (phase, at) => {
    listener.phaseBegan?.(phase, at);
  });
  listener.serviceStarted?.(service);
  const { url } = service;
  // The first request of a thread takes long. The plan should not take that for what a file costs.
  await fetch(`${url}/records/none`);

  let announced: Plan['placement'] | undefined;
  const run = executor.mapSettled(Indexer, 'index', paths, {
    constructorArgs: [{ folder, url, isGuarded, tally: tally.cells }],
    signal,
    onProgress({ done, total, elapsed }) {
      // If it had aborted before it began, there is no run to ask yet.
      if (signal.aborted) return;
      // It begins in this thread. Whether it stays is known when a few files have been measured.
      const isKnown = run.plan.placement === 'workers' || elapsed > MEASURED || done === total;
      if (isKnown && run.plan.placement !== announced) {
        announced = run.plan.placement;
        listener.planned?.(run.plan);
      }
      listener.progressed?.(done, tally.counts);
    },
  });
  const outcomes = await run.catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return [];
  });
  const { elapsed, done } = run.progress;
  // What workers have in hand may still end, and be in the index, while there is a service to take it.
  if (signal.aborted) await executor.close();
  const failed = outcomes.find(({ status }) => status !== 'succeeded');
  const { records, received } = await service.report();
  return {
    records: new Map(records.map((record) => [record.path, record])),
    received,
    counts: tally.counts,
    settled: done,
    elapsed,
    failure: failed !== undefined && 'error' in failed ? failed.error : undefined,
  };
}
