import { circuits } from '@switchgear/core';
import { inlineChannels } from './dispatch/inline-channel.js';
import { Pool } from './dispatch/pool.js';
import { WorkerReports } from './dispatch/worker-reports.js';
import { workerChannels } from './dispatch/worker-channel.js';
import { ExecutorClosedError } from './errors.js';
import { eventLoop, type Timer } from './event-loop.js';
import type { ExecutorEvent } from './executor-event.js';
import { currentContext } from './job/async-context.js';
import { AbortListeners } from './job/abort-listeners.js';
import { Beginnings } from './job/beginnings.js';
import { Job, type JobListener } from './job/job.js';
import { jobOptions, type Work } from './job/work.js';
import { closedError } from './job/closed-error.js';
import type { ProgressMeter } from './job/progress.js';
import type { CloseResult } from './options/executor-options.js';
import { type CallSettings, type ExecutorSettings, readCallOptions } from './options/settings.js';
import { loop } from './plan/inline-loop.js';
import { givenPlan, runsInTest } from './plan/placement.js';
import { decide, measuredPlan, type Measurement, type Plan, type ThreadCost } from './plan/plan.js';
import { LocalTargets } from './target/local-targets.js';
import { FoundTargets } from './target/found-targets.js';
import type { FoundTarget } from './target/found-target.js';
import { assertMayStart } from './worker/nesting.js';

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
  readonly #beginnings = new Beginnings();
  readonly #targets = new FoundTargets();
  readonly #isTest = runsInTest();
  readonly #local = new LocalTargets();
  readonly #aborts = new AbortListeners();
  /** The jobs that have begun and not ended, wherever they run. */
  readonly #jobs = new Set<Job>();
  readonly #reports = new WorkerReports();
  readonly #deadlines = new Set<Timer>();
  /** Counts the items of the jobs that the executor has ended. */
  #unfinished = 0;
  #isStopped = false;
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(settings: ExecutorSettings) {
    const reclaim = (threadId: number): void => void circuits.reclaim(threadId);
    this.#settings = settings;
    this.#defaults = readCallOptions('ParallelExecutor', undefined, settings.job);
    const listener = this.#reports;
    this.#threads = new Pool({ ...settings, open: workerChannels(settings), reclaim, listener });
    const open = inlineChannels((target) => this.#local.ownerOf(target));
    this.#inline = new Pool({ workers: 1, open, startTimeout: settings.startTimeout, reclaim });
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
    const { owner, target, fixed } = this.#find(work);
    const { signal } = work.settings;
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
    const job = new Job(jobOptions({ ...work, owner }, target, context), jobListener, credit);
    this.#jobs.add(job);
    const stopListening = this.#aborts.add(signal, abort);
    const plan = fixed ?? measuredPlan('loop', { ...NO_MEASUREMENT, left: work.source.left }, this.#cost());
    const runningJob: RunningJob = { job, plan };
    this.#beginnings.add(() => {
      if (signal?.aborted === true) abort();
      if (this.#isStopped) job.stop(closedError);
      job.endIfDone();
      if (job.isEnded) return;
      if (fixed === undefined) void job.inContext(() => this.#runInThisThread(runningJob));
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
    if (fixed !== undefined) return fixed;
    let plan = measuredPlan('loop', { ...NO_MEASUREMENT, left: work.source.left }, this.#cost());
    const { signal } = work.settings;
    return new Promise((resolve, reject) => {
      const ended = (error: { readonly thrown: unknown } | undefined): void => {
        stopListening();
        if (error === undefined) resolve(plan);
        else reject(error.thrown);
      };
      const options = jobOptions({ ...work, owner }, target, undefined);
      const job = new Job(options, { succeeded: ignore, failed: ignore, ended });
      const abort = (): void => job.cancel({ thrown: signal?.reason });
      const stopListening = this.#aborts.add(signal, abort);
      if (signal?.aborted === true) {
        abort();
        return;
      }
      job.endIfDone();
      const onMeasurement = (measurement: Measurement, elapsed: number): void => {
        plan = measuredPlan(decide(measurement, this.#cost()), measurement, this.#cost());
        if (elapsed >= ADVICE_SAMPLE_MS) job.end(undefined);
      };
      const sample = this.#local.get(target, work.settings.constructorArgs);
      sample
        .then((local) => loop(job, local, undefined, onMeasurement))
        .catch((thrown: unknown) => job.end({ thrown }));
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
    await this.#local.dispose();
  }

  /** @throws TargetError */
  #find(work: Work): FoundTarget & { readonly fixed: Plan | undefined } {
    const found = this.#targets.find(work.owner, work.method);
    const { workers } = this.#settings;
    const { placement } = work.settings;
    const { cpu } = found.options;
    const isTest = this.#isTest;
    const fixed = givenPlan({ placement, defaultPlacement: work.defaultPlacement, cpu, workers, isTest });
    // A test may load modules and make classes anew, and has them at hand.
    if (fixed?.placement !== 'inline' || !isTest) this.#targets.assertOne(found);
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

  #cost(): ThreadCost {
    return { workers: this.#settings.workers, isStarted: this.#threads.isStarted };
  }
}

function ignore(): void {
  // The results of a sample are discarded.
}
