import { circuits } from '@switchgear/core';
import { inlineChannels } from './dispatch/inline-channel.js';
import { Pool } from './dispatch/pool.js';
import { workerChannels } from './dispatch/worker-channel.js';
import { ExecutorClosedError } from './errors.js';
import { AbortListeners } from './job/abort-listeners.js';
import { Job, type JobListener } from './job/job.js';
import type { ProgressMeter } from './job/progress.js';
import type { Source } from './job/source.js';
import { type CallSettings, type ExecutorSettings, readCallOptions } from './options/settings.js';
import { loop } from './plan/inline-loop.js';
import {
  decide,
  fixedPlan,
  measuredPlan,
  type Measurement,
  type Plan,
  type ThreadCost,
} from './plan/plan.js';
import type { Owner } from './protocol/address.js';
import { LocalTargets } from './target/local-targets.js';
import type { ParallelOptions } from './target/parallel-mark.js';
import { type FoundTarget, targetFor } from './target/target.js';
import { assertOne } from './target/unambiguous.js';
import { assertMayStart } from './worker/nesting.js';

/** What a caller asked for, before it is decided where it runs. */
export interface Work {
  /** A class, or a function. */
  readonly owner: Owner;
  /** The name of the method; undefined for a function. */
  readonly method: string | undefined;
  readonly settings: CallSettings;
  readonly source: Source;
  readonly isSpread: boolean;
  readonly isFailFast: boolean;
  /** Where it runs if no option says so. In a test that is this thread. */
  readonly defaultPlacement: 'auto' | 'workers';
}

/** A job that has begun, and its plan as far as it is known. */
export interface RunningJob {
  readonly job: Job;
  plan: Plan;
}

/** `plan()` runs items in the caller's thread for this long. */
const ADVICE_SAMPLE_MS = 10;

const NO_MEASUREMENT: Measurement = { items: 0, itemTime: 0, left: undefined };

/** Runs work in a loop in this thread, in worker threads, or inline: in this thread, on the protocol of workers. */
export class Launcher {
  readonly #settings: ExecutorSettings;
  readonly #threads: Pool;
  readonly #inline: Pool;
  readonly #local = new LocalTargets();
  readonly #aborts = new AbortListeners();
  /** The jobs that have begun and not ended, wherever they run. */
  readonly #jobs = new Set<Job>();
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(settings: ExecutorSettings) {
    const reclaim = (threadId: number): void => void circuits.reclaim(threadId);
    this.#settings = settings;
    const { workers, startTimeout } = settings;
    this.#threads = new Pool({ workers, open: workerChannels(settings), startTimeout, reclaim });
    const open = inlineChannels((target) => this.#local.ownerOf(target));
    this.#inline = new Pool({ workers: 1, open, startTimeout, reclaim });
  }

  /**
   * The options of a call.
   *
   * @throws NestedExecutorError, ExecutorClosedError, PolicyError
   */
  read(subject: string, options: object | undefined): CallSettings {
    assertMayStart(this.#settings.nested);
    if (this.#closing !== undefined) throw new ExecutorClosedError();
    return readCallOptions(`ParallelExecutor.${subject}`, options, this.#settings.job);
  }

  /**
   * Makes the job at once and begins it in a microtask, so that the caller has its promise before the job can end.
   *
   * @param credit how many items may run ahead of the reader of the outcomes; default all
   * @throws TargetError
   */
  begin(work: Work, listener: JobListener, meter: ProgressMeter, credit?: number): RunningJob {
    const { owner, target, fixed } = this.#find(work);
    const { signal } = work.settings;
    const abort = (): void => job.cancel({ thrown: signal?.reason });
    const jobListener: JobListener = {
      succeeded: (first, values) => {
        listener.succeeded(first, values);
        meter.publish();
      },
      failed: (index, outcome) => {
        listener.failed(index, outcome);
        meter.publish();
      },
      ended: (error) => {
        stopListening();
        this.#jobs.delete(job);
        if (this.#jobs.size === 0) this.#onIdle?.();
        meter.publish(true);
        listener.ended(error);
      },
    };
    const job = new Job({ ...work.settings, ...work, owner, target }, jobListener, credit);
    this.#jobs.add(job);
    const stopListening = this.#aborts.add(signal, abort);
    const plan = fixed ?? measuredPlan('loop', { ...NO_MEASUREMENT, left: work.source.left }, this.#cost());
    const runningJob: RunningJob = { job, plan };
    queueMicrotask(() => {
      if (signal?.aborted === true) abort();
      job.endIfDone();
      if (job.isEnded) return;
      if (fixed === undefined) void this.#runInThisThread(runningJob);
      else (fixed.placement === 'inline' ? this.#inline : this.#threads).add(job);
    });
    return runningJob;
  }

  /** Lets `credit` more items of a job begin. */
  allow(job: Job, credit: number): void {
    job.allow(credit);
    this.#threads.pump();
    this.#inline.pump();
  }

  /** Runs a few items and discards their results. */
  async plan(work: Work): Promise<Plan> {
    const { owner, target, fixed } = this.#find(work);
    const { constructorArgs } = work.settings;
    if (fixed !== undefined) return fixed;
    let plan = measuredPlan('loop', { ...NO_MEASUREMENT, left: work.source.left }, this.#cost());
    const { signal } = work.settings;
    return new Promise((resolve, reject) => {
      const ended = (error: { readonly thrown: unknown } | undefined): void => {
        stopListening();
        if (error === undefined) resolve(plan);
        else reject(error.thrown);
      };
      const job = new Job(
        { ...work.settings, ...work, owner, target },
        { succeeded: ignore, failed: ignore, ended },
      );
      const abort = (): void => job.cancel({ thrown: signal?.reason });
      const stopListening = this.#aborts.add(signal, abort);
      if (signal?.aborted === true) {
        abort();
        return;
      }
      job.endIfDone();
      const sample = async (): Promise<void> => {
        const local = await this.#local.get(target, constructorArgs);
        await loop(job, local, undefined, (measurement, elapsed) => {
          plan = measuredPlan(decide(measurement, this.#cost()), measurement, this.#cost());
          if (elapsed >= ADVICE_SAMPLE_MS) job.end(undefined);
        });
      };
      sample().catch((thrown: unknown) => job.end({ thrown }));
    });
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    // A job that runs in a loop, or is about to begin, is in no pool yet.
    if (this.#jobs.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await Promise.all([this.#threads.close(), this.#inline.close()]);
    await this.#local.dispose();
  }

  /** @throws TargetError */
  #find(work: Work): FoundTarget & { readonly fixed: Plan | undefined } {
    const found = targetFor(work.owner, work.method);
    const fixed = this.#fixedPlan(work, found.options);
    // A test may load modules and make classes anew, and has them at hand.
    if (fixed?.placement !== 'inline' || !isTest()) assertOne(found.target);
    this.#local.remember(found);
    return { ...found, fixed };
  }

  /** Runs the first items in this thread, and the others too unless threads would be faster. */
  async #runInThisThread(runningJob: RunningJob): Promise<void> {
    const { job } = runningJob;
    const { target, constructorArgs } = job.options;
    let measurement = NO_MEASUREMENT;
    try {
      const local = await this.#local.get(target, constructorArgs);
      const threads = (): ThreadCost => this.#cost();
      const leaves = await loop(job, local, threads, (latest) => {
        measurement = latest;
        runningJob.plan = measuredPlan('loop', latest, this.#cost());
      });
      if (!leaves) return;
      runningJob.plan = measuredPlan('workers', measurement, this.#cost());
      this.#threads.add(job);
    } catch (thrown) {
      job.end({ thrown });
    }
  }

  /** The plan of work whose place is given; undefined where items have to be measured first. */
  #fixedPlan({ settings, defaultPlacement }: Work, { cpu }: ParallelOptions): Plan | undefined {
    const { workers } = this.#settings;
    const { placement } = settings;
    if (placement === 'inline') return fixedPlan('inline', 0, 'as the options say');
    if (placement === 'workers') return fixedPlan('workers', workers, 'as the options say');
    // In a worker the test runner's transforms and mocks would be missing.
    if (isTest()) return fixedPlan('inline', 0, 'this is a test of Jest or Vitest');
    if (placement === undefined && defaultPlacement === 'workers') {
      return fixedPlan('workers', workers, 'a single call runs there');
    }
    return cpu === true
      ? fixedPlan('workers', workers, 'the method says that it computes for long')
      : undefined;
  }

  #cost(): ThreadCost {
    return { workers: this.#settings.workers, isStarted: this.#threads.isStarted };
  }
}

/** Whether this code runs in a test. Processes that a test starts inherit the variables, but have no matchers. */
function isTest(): boolean {
  const { JEST_WORKER_ID, VITEST } = process.env;
  return (JEST_WORKER_ID ?? VITEST) !== undefined && Symbol.for('$$jest-matchers-object') in globalThis;
}

function ignore(): void {
  // The results of a sample are discarded.
}
