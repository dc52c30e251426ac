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

/** Is called with the progress of a job. */
export interface JobListener {
  serviceStarted(service: ServiceProcess): void;
  phaseBegan(phase: Phase, at: number): void;
  planned(plan: Plan): void;
  progressed(done: number, counts: Counts): void;
}

/** The result of a job. */
export interface JobResult {
  /** The records in the index. */
  readonly records: ReadonlyMap<string, FileRecord>;
  readonly counts: Counts;
  /** The number of requests, counted by the service. */
  readonly received: Received;
  /** The number of files that succeeded or failed. */
  readonly settled: number;
  /** In ms. */
  readonly elapsed: number;
  /** The error of the first file that failed. */
  readonly failure: unknown;
}

/** The time in ms after which the executor has decided where the work runs. */
const MEASURED = 250;

/** Indexes the files. The index service has an outage after a third of the files. An abort of the signal ends the job. */
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
  // The first request of a thread takes long. It is sent here, so that the plan does not measure it as part of a file.
  await fetch(`${url}/records/none`);

  let shownPlacement: Plan['placement'] | undefined;
  const run = executor.mapSettled(Indexer, 'index', paths, {
    constructorArgs: [{ folder, url, isGuarded, tally: tally.cells }],
    signal,
    onProgress({ done, total, elapsed }) {
      // After an abort before the start, there is no run yet.
      if (signal.aborted) return;
      // The job begins in this thread. After a few files the executor decides whether it stays here.
      const isKnown = run.plan.placement === 'workers' || elapsed > MEASURED || done === total;
      if (isKnown && run.plan.placement !== shownPlacement) {
        shownPlacement = run.plan.placement;
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
  // Waits for the items that workers have begun, so that these reach the index while the service runs.
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
