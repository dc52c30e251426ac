/// <reference lib="esnext.disposable" preserve="true" />
import type { Outcome } from '@switchgear/core';
import type { ExecutorEvent } from './executor-event.js';
import { type Collector, outcomesOf, resultsOf } from './job/collectors.js';
import { type Progress, ProgressMeter } from './job/progress.js';
import { sourceOf } from './job/source.js';
import { type ItemResult, STREAM_WINDOW, StreamBuffer } from './job/stream-buffer.js';
import { Launcher, type RunningJob } from './launcher.js';
import type {
  CallOptions,
  CloseOptions,
  CloseResult,
  ExecutorOptions,
  MapOptions,
  StreamOptions,
} from './options/executor-options.js';
import { readCloseOptions, readExecutorOptions } from './options/settings.js';
import { fixedPlan, type Plan } from './plan/plan.js';
import type {
  ArgumentsOf,
  Constructor,
  FittingItemMethod,
  FittingMethod,
  ItemMethodText,
  ItemOf,
  MethodText,
  OptionsFor,
  Remote,
  RestFor,
  ResultOf,
} from './target/methods.js';
import { assertClass, methodOf } from './target/target.js';

/** What follows class and method. */
type Rest<Input> = readonly [input: Input, options?: object];

/** A job that has begun: the promise of its result, its plan and its progress. */
export interface ParallelRun<T> extends Promise<T> {
  /** Where the job runs, and why, as far as it is decided. */
  readonly plan: Plan;
  readonly progress: Progress;
}

/** The progress of single calls, which no one can ask for. */
const UNWATCHED = new ProgressMeter(() => 1, undefined);

/**
 * Runs methods of classes that are marked with `@Parallel`, in worker threads or in this thread, whichever is faster.
 *
 * @throws PolicyError for invalid options, with all their faults
 * @example
 * await using executor = new ParallelExecutor();
 * const points = await executor.map(Geocoder, 'lookup', addresses);
 */
export class ParallelExecutor implements AsyncDisposable {
  readonly #launcher: Launcher;

  constructor(options?: ExecutorOptions) {
    this.#launcher = new Launcher(readExecutorOptions(options));
  }

  /**
   * Runs a method for each item. Results come in the order of the items.
   *
   * It begins at once, and rejects with the first error that the method throws. {@link mapFailureOf} gives the index of that item and the
   * results by then. Items that are running then go on to their end; no further item begins.
   *
   * @param items an array or another iterable
   * @throws TargetError if workers cannot find the method, WorkerStartError, ExecutorClosedError, NestedExecutorError, PolicyError: all as
   * rejections
   */
  map<C extends Constructor, K extends ItemMethodText<InstanceType<C>>>(
    owner: C,
    method: FittingItemMethod<InstanceType<C>, K>,
    ...rest: RestFor<C, Iterable<ItemOf<InstanceType<C>, K>>, MapOptions<ItemOf<InstanceType<C>, K>>>
  ): ParallelRun<ResultOf<InstanceType<C>, K>[]> {
    return this.#collect('map', owner, method, rest as Rest<Iterable<unknown>>, resultsOf) as ParallelRun<
      ResultOf<InstanceType<C>, K>[]
    >;
  }

  /** Runs a method for each item, whatever fails. Resolves with the outcome of each item, in order. */
  mapSettled<C extends Constructor, K extends ItemMethodText<InstanceType<C>>>(
    owner: C,
    method: FittingItemMethod<InstanceType<C>, K>,
    ...rest: RestFor<C, Iterable<ItemOf<InstanceType<C>, K>>, MapOptions<ItemOf<InstanceType<C>, K>>>
  ): ParallelRun<Outcome<ResultOf<InstanceType<C>, K>>[]> {
    return this.#collect(
      'mapSettled',
      owner,
      method,
      rest as Rest<Iterable<unknown>>,
      outcomesOf,
    ) as ParallelRun<Outcome<ResultOf<InstanceType<C>, K>>[]>;
  }

  /**
   * Yields outcomes as they come, in order unless `ordered: false`. It begins with the first read, runs at most 256 items ahead of the reader,
   * and is cancelled when the reader leaves.
   *
   * @example
   * for await (const { index, status } of executor.stream(Thumbnails, 'make', paths)) console.log(index, status);
   */
  async *stream<C extends Constructor, K extends ItemMethodText<InstanceType<C>>>(
    owner: C,
    method: FittingItemMethod<InstanceType<C>, K>,
    ...rest: RestFor<C, Iterable<ItemOf<InstanceType<C>, K>>, StreamOptions<ItemOf<InstanceType<C>, K>>>
  ): AsyncGenerator<ItemResult<ResultOf<InstanceType<C>, K>>, void, undefined> {
    const [items, options] = rest as Rest<Iterable<unknown>>;
    const settings = this.#launcher.read('stream', options);
    const source = sourceOf(items);
    const total = source.left;
    const meter = new ProgressMeter(() => total ?? runningJob.job.total, settings.onProgress);
    const buffer = new StreamBuffer(settings.ordered, meter, (credit) =>
      this.#launcher.allow(runningJob.job, credit),
    );
    const work = { owner, method, settings, source, isSpread: false, isFailFast: false };
    const runningJob: RunningJob = this.#launcher.begin(work, buffer, meter, STREAM_WINDOW);
    try {
      yield* buffer.read() as AsyncGenerator<ItemResult<ResultOf<InstanceType<C>, K>>, void, undefined>;
    } finally {
      runningJob.job.cancel(undefined);
    }
  }

  /** Runs a method once, in a worker. */
  run<C extends Constructor, K extends MethodText<InstanceType<C>>>(
    owner: C,
    method: FittingMethod<InstanceType<C>, K>,
    ...rest: RestFor<C, Readonly<ArgumentsOf<InstanceType<C>, K>>, CallOptions>
  ): Promise<ResultOf<InstanceType<C>, K>> {
    const [args, options] = rest as Rest<readonly unknown[]>;
    return this.#call(owner, method, args, options) as Promise<ResultOf<InstanceType<C>, K>>;
  }

  /**
   * An object whose methods run in workers.
   *
   * @example
   * const geocoder = executor.proxy(Geocoder);
   * await geocoder.lookup('Karlsplatz 13');
   */
  proxy<C extends Constructor>(owner: C, ...options: OptionsFor<C, CallOptions>): Remote<InstanceType<C>> {
    assertClass(owner);
    const isMethod = (name: string | symbol): name is string =>
      typeof name === 'string' && methodOf(owner, name) !== undefined;
    return new Proxy(Object.create(null) as object, {
      // `await` and `console.log` ask for properties that are no methods.
      get: (_, name) =>
        isMethod(name) ? (...args: unknown[]) => this.#call(owner, name, args, options[0]) : undefined,
      has: (_, name) => isMethod(name),
    }) as Remote<InstanceType<C>>;
  }

  /**
   * Says where a map of these items would run, and why. Runs the first items in this thread, for about 10 ms, and discards their results.
   *
   * @throws TargetError if workers cannot find the method
   */
  async plan<C extends Constructor, K extends ItemMethodText<InstanceType<C>>>(
    owner: C,
    method: FittingItemMethod<InstanceType<C>, K>,
    ...rest: RestFor<C, Iterable<ItemOf<InstanceType<C>, K>>, MapOptions<ItemOf<InstanceType<C>, K>>>
  ): Promise<Plan> {
    const [items, options] = rest as Rest<Iterable<unknown>>;
    const settings = this.#launcher.read('plan', options);
    const source = sourceOf(items);
    return this.#launcher.plan({ owner, method, settings, source, isSpread: false, isFailFast: false });
  }

  /**
   * Calls `listener` with what no job can tell: a worker has died, perhaps of an error that belongs to no item, or had to be terminated. If
   * no one listens, an error that belongs to no item is a warning of the process.
   *
   * @returns a function that ends the subscription
   * @throws TypeError if `listener` is no function
   * @example
   * executor.subscribe((event) => {
   *   if (event.type === 'worker-died') log.error({ error: event.cause }, `worker ${event.thread} died: ${event.reason}`);
   * });
   */
  subscribe(listener: (event: ExecutorEvent) => void): () => void {
    return this.#launcher.subscribe(listener);
  }

  /**
   * Takes no more jobs, waits for those that have begun, and ends the workers.
   *
   * With `within` no further item begins, and the items that run have this long to end. Then the workers are terminated, and each job that
   * has items left rejects with `ExecutorClosedError`, whose results {@link mapFailureOf} gives. A second call can end sooner what the first
   * one waits for.
   *
   * @returns how many items have no outcome: 0 without `within` and `force`
   * @throws PolicyError for invalid options, as a rejection
   * @example
   * const { unfinished } = await executor.close({ within: '10s' });
   */
  async close(options?: CloseOptions): Promise<CloseResult> {
    return await this.#launcher.close(readCloseOptions(options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #collect(
    subject: 'map' | 'mapSettled',
    owner: Constructor,
    method: string,
    [items, options]: Rest<Iterable<unknown>>,
    collect: (total: number | undefined, meter: ProgressMeter) => Collector,
  ): ParallelRun<unknown> {
    let runningJob: RunningJob | undefined;
    let meter = new ProgressMeter(() => undefined, undefined);
    const begin = async (): Promise<unknown> => {
      const settings = this.#launcher.read(subject, options);
      const source = sourceOf(items);
      const total = source.left;
      meter = new ProgressMeter(() => total ?? runningJob?.job.total, settings.onProgress);
      const collector = collect(total, meter);
      const work = { owner, method, settings, source, isSpread: false, isFailFast: subject === 'map' };
      runningJob = this.#launcher.begin(work, collector, meter);
      // With `await`: an async function that returns a promise calls its `then`, which somebody may have replaced.
      return await collector.result;
    };
    const initialPlan = fixedPlan('inline', 0, 'it has not begun');
    return Object.defineProperties(begin(), {
      plan: { get: () => runningJob?.plan ?? initialPlan },
      progress: { get: () => meter.now },
    }) as ParallelRun<unknown>;
  }

  async #call(
    owner: Constructor,
    method: string,
    args: readonly unknown[],
    options: object | undefined,
  ): Promise<unknown> {
    const callSettings = this.#launcher.read('run', options);
    const argumentList: unknown = args;
    if (!Array.isArray(argumentList))
      throw new TypeError(`args: expected an array, received ${typeof argumentList}`);
    const settings = { ...callSettings, placement: callSettings.placement ?? 'workers' };
    const collector = resultsOf(1, UNWATCHED);
    const work = { owner, method, settings, source: sourceOf([args]), isSpread: true, isFailFast: true };
    this.#launcher.begin(work, collector, UNWATCHED);
    const [result] = (await collector.result) as readonly unknown[];
    return result;
  }
}
