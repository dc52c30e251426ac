import { circuits } from '@switchgear/core';
import { inlineChannels } from './dispatch/inline-channel.js';
import { Pool } from './dispatch/pool.js';
import { WorkerReports } from './dispatch/worker-reports.js';
import { workerChannels } from './dispatch/worker-channel.js';
import { ExecutorClosedError } from './errors.js';
import { eventLoop, soon, type Timer } from './event-loop.js';
import type { ExecutorEvent } from './executor-event.js';
import { type AsyncContext, currentContext } from './job/async-context.js';
import { AbortListeners } from './job/abort-listeners.js';
import { Job, type JobListener, type JobOptions } from './job/job.js';
import type { ProgressMeter } from './job/progress.js';
import type { Source } from './job/source.js';
import type { CloseResult, Placement } from './options/executor-options.js';
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
import type { Target } from './protocol/address.js';
import { LocalTargets } from './target/local-targets.js';
import type { Constructor } from './target/methods.js';
import type { ParallelOptions } from './target/parallel-mark.js';
import { targetFor } from './target/target.js';
import { assertMayStart } from './worker/nesting.js';

/** What a caller asked for, before it is decided where it runs. */
export interface Work {
  readonly owner: Constructor;
  readonly method: string;
  readonly settings: CallSettings;
  readonly source: Source;
  readonly isSpread: boolean;
  readonly isFailFast: boolean;
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
  /** The options of a call that gives none. */
  readonly #defaults: CallSettings;
  readonly #threads: Pool;
  readonly #inline: Pool;
  readonly #local = new LocalTargets();
  readonly #aborts = new AbortListeners();
  /** The jobs that have begun and not ended, wherever they run. */
  readonly #jobs = new Set<Job>();
  readonly #reports = new WorkerReports();
  readonly #deadlines = new Set<Timer>();
  /** Counts the items of the jobs that the executor has ended. */
  #unfinished = 0;
  #isStopped = false;
  #beginnings: (() => void)[] = [];
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(settings: ExecutorSettings) {
    const reclaim = (threadId: number): void => void circuits.reclaim(threadId);
    this.#settings = settings;
    this.#defaults = readCallOptions('ParallelExecutor', undefined, settings.job);
    const { workers, startTimeout, idleTimeout, recycle } = settings;
    this.#threads = new Pool({
      workers,
      open: workerChannels(settings),
      startTimeout,
      idleTimeout,
      recycle,
      reclaim,
      listener: this.#reports,
    });
    const open = inlineChannels((target) => this.#local.classOf(target));
    this.#inline = new Pool({ workers: 1, open, startTimeout, reclaim });
  }

  /** @throws TypeError for what is no function */
  subscribe(listener: (event: ExecutorEvent) => void): () => void {
    return this.#reports.subscribe(listener);
  }

  /**
   * The options of a call.
   *
   * @throws NestedExecutorError, ExecutorClosedError, PolicyError
   */
  read(subject: string, options: object | undefined): CallSettings {
    assertMayStart(this.#settings.nested);
    if (this.#closing !== undefined) throw new ExecutorClosedError();
    if (options === undefined) return this.#defaults;
    return readCallOptions(`ParallelExecutor.${subject}`, options, this.#settings.job);
  }

  /**
   * Makes the job at once and begins it in a microtask, so that the caller has its promise before the job can end.
   *
   * @param credit how many items may run ahead of the reader of the outcomes; default all
   * @throws TargetError
   */
  begin(work: Work, listener: JobListener, meter: ProgressMeter, credit?: number): RunningJob {
    const { target, options } = targetFor(work.owner, work.method);
    this.#local.remember(work.owner, target);
    const { signal, placement = 'auto' } = work.settings;
    const fixed = this.#fixedPlan(placement, options);
    const abort = (): void => job.cancel({ thrown: signal?.reason });
    const jobListener: JobListener = {
      succeeded: (first, values) => {
        listener.succeeded(first, values);
        if (meter.hasListener) job.inContext(() => meter.publish());
      },
      failed: (index, outcome) => {
        listener.failed(index, outcome);
        if (meter.hasListener) job.inContext(() => meter.publish());
      },
      ended: (error) => {
        stopListening();
        this.#jobs.delete(job);
        if (job.isStopped) this.#unfinished += job.unfinished;
        if (this.#jobs.size === 0) this.#onIdle?.();
        if (meter.hasListener) job.inContext(() => meter.publish(true));
        listener.ended(error);
      },
    };
    // A single call that goes to a worker has no callbacks, and there may be many at once.
    const context = work.isSpread && fixed?.placement === 'workers' ? undefined : currentContext();
    const job = new Job(jobOptions(work, target, context), jobListener, credit);
    this.#jobs.add(job);
    const stopListening = this.#aborts.add(signal, abort);
    const plan = fixed ?? measuredPlan('loop', { ...NO_MEASUREMENT, left: work.source.left }, this.#cost());
    const runningJob: RunningJob = { job, plan };
    this.#beginSoon(() => {
      if (signal?.aborted === true) abort();
      if (this.#isStopped) job.stop(closedError);
      job.endIfDone();
      if (job.isEnded) return;
      if (fixed === undefined) void job.inContext(() => this.#runInThisThread(runningJob));
      else (fixed.placement === 'inline' ? this.#inline : this.#threads).add(job);
    });
    return runningJob;
  }

  /** Begins in a microtask, which all jobs share that are begun before it. */
  #beginSoon(begin: () => void): void {
    this.#beginnings.push(begin);
    if (this.#beginnings.length > 1) return;
    soon(() => {
      const beginnings = this.#beginnings;
      this.#beginnings = [];
      for (const each of beginnings) each();
    });
  }

  /** Lets `credit` more items of a job begin. */
  allow(job: Job, credit: number): void {
    job.allow(credit);
    this.#threads.pump();
    this.#inline.pump();
  }

  /** Runs a few items and discards their results. */
  async plan(work: Work): Promise<Plan> {
    const { target, options } = targetFor(work.owner, work.method);
    const { placement = 'auto', constructorArgs } = work.settings;
    const fixed = this.#fixedPlan(placement, options);
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
        { ...work.settings, ...work, target },
        { succeeded: ignore, failed: ignore, ended },
      );
      const abort = (): void => job.cancel({ thrown: signal?.reason });
      const stopListening = this.#aborts.add(signal, abort);
      if (signal?.aborted === true) {
        abort();
        return;
      }
      job.endIfDone();
      const local = this.#local.get(work.owner, target, constructorArgs);
      void loop(job, local, undefined, (measurement, elapsed) => {
        plan = measuredPlan(decide(measurement, this.#cost()), measurement, this.#cost());
        if (elapsed >= ADVICE_SAMPLE_MS) job.end(undefined);
      });
    });
  }

  /**
   * Takes no more jobs, waits for those that have begun, and ends the workers. A second call can end sooner what the first one waits for.
   *
   * @param within how long the items that run may go on, in ms; undefined where all items are to run
   */
  async close(within: number | undefined): Promise<CloseResult> {
    this.#closing ??= this.#close();
    if (within !== undefined) this.#stop(within);
    await this.#closing;
    return { unfinished: this.#unfinished };
  }

  /** Begins no further item, and ends after `within` ms whatever still runs. */
  #stop(within: number): void {
    this.#isStopped = true;
    for (const job of [...this.#jobs]) job.stop(closedError);
    for (const pool of [this.#threads, this.#inline]) pool.recallAll();
    // Someone waits for it.
    const keepsAlive = true;
    this.#deadlines.add(eventLoop.setTimer(() => this.#endAll(), within, keepsAlive));
  }

  #endAll(): void {
    for (const job of [...this.#jobs]) job.cancel({ thrown: closedError(job) });
    for (const pool of [this.#threads, this.#inline]) pool.terminate();
  }

  async #close(): Promise<void> {
    // A job that runs in a loop, or is about to begin, is in no pool yet.
    if (this.#jobs.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await Promise.all([this.#threads.close(), this.#inline.close()]);
    for (const timer of this.#deadlines) timer.cancel();
  }

  /** Runs the first items in this thread, and the others too unless threads would be faster. */
  async #runInThisThread(runningJob: RunningJob): Promise<void> {
    const { job } = runningJob;
    const { owner, target, constructorArgs } = job.options;
    let measurement = NO_MEASUREMENT;
    try {
      const local = this.#local.get(owner, target, constructorArgs);
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
  #fixedPlan(placement: Placement, { cpu }: ParallelOptions): Plan | undefined {
    const { workers } = this.#settings;
    if (placement === 'inline') return fixedPlan('inline', 0, 'as the options say');
    if (placement === 'workers') return fixedPlan('workers', workers, 'as the options say');
    // In a worker the test runner's transforms and mocks would be missing.
    if (isTest()) return fixedPlan('inline', 0, 'this is a test of Jest or Vitest');
    return cpu === true
      ? fixedPlan('workers', workers, 'the method says that it computes for long')
      : undefined;
  }

  #cost(): ThreadCost {
    return { workers: this.#settings.workers, isStarted: this.#threads.isStarted };
  }
}

function jobOptions(work: Work, target: Target, context: AsyncContext | undefined): JobOptions {
  const { owner, settings, source, isSpread, isFailFast } = work;
  const { constructorArgs, crashRetries, grace, chunk, transfer } = settings;
  return {
    owner,
    target,
    constructorArgs,
    source,
    isSpread,
    isFailFast,
    crashRetries,
    grace,
    chunk,
    transfer,
    context,
  };
}

/** The error of a job that the executor ends before all its items have run. */
function closedError({ options, completed, unfinished }: Job): ExecutorClosedError {
  const total = options.source.left === undefined ? undefined : completed + unfinished;
  return new ExecutorClosedError({ name: options.target.name, completed, total });
}

/** Whether this code runs in a test. Processes that a test starts inherit the variables, but have no matchers. */
function isTest(): boolean {
  const { JEST_WORKER_ID, VITEST } = process.env;
  return (JEST_WORKER_ID ?? VITEST) !== undefined && Symbol.for('$$jest-matchers-object') in globalThis;
}

function ignore(): void {
  // The results of a sample are discarded.
}
