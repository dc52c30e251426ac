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
import { readCall } from './target/call-arguments.js';
import { assertClass, methodOf } from './target/class-method.js';
import type {
  CalledArguments,
  CalledItem,
  CalledResult,
  CallText,
  Constructor,
  ItemFunction,
  ItemText,
  NameOrArguments,
  NameOrItems,
  OptionsFor,
  Remote,
  RestOf,
} from './target/methods.js';

/** The items of a map are arguments of one call each. */
const ITEMS = { isSpread: false, defaultPlacement: 'auto' } as const;

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
  map<C extends Constructor | ItemFunction, K extends ItemText<C>>(
    owner: C,
    method: NameOrItems<C, K, Iterable<CalledItem<C, K>>>,
    ...rest: RestOf<C, Iterable<CalledItem<C, K>>, MapOptions<CalledItem<C, K>>>
  ): ParallelRun<CalledResult<C, K>[]> {
    return this.#collect('map', [owner, method, ...rest], resultsOf) as ParallelRun<CalledResult<C, K>[]>;
  }

  /** Runs a method for each item, whatever fails. Resolves with the outcome of each item, in order. */
  mapSettled<C extends Constructor | ItemFunction, K extends ItemText<C>>(
    owner: C,
    method: NameOrItems<C, K, Iterable<CalledItem<C, K>>>,
    ...rest: RestOf<C, Iterable<CalledItem<C, K>>, MapOptions<CalledItem<C, K>>>
  ): ParallelRun<Outcome<CalledResult<C, K>>[]> {
    return this.#collect('mapSettled', [owner, method, ...rest], outcomesOf) as ParallelRun<
      Outcome<CalledResult<C, K>>[]
    >;
  }

  /**
   * Yields outcomes as they come, in order unless `ordered: false`. It begins with the first read, runs at most 256 items ahead of the reader,
   * and is cancelled when the reader leaves.
   *
   * @example
   * for await (const { index, status } of executor.stream(Thumbnails, 'make', paths)) console.log(index, status);
   */
  async *stream<C extends Constructor | ItemFunction, K extends ItemText<C>>(
    owner: C,
    method: NameOrItems<C, K, Iterable<CalledItem<C, K>>>,
    ...rest: RestOf<C, Iterable<CalledItem<C, K>>, StreamOptions<CalledItem<C, K>>>
  ): AsyncGenerator<ItemResult<CalledResult<C, K>>, void, undefined> {
    const call = readCall([owner, method, ...rest]);
    const settings = this.#launcher.read('stream', call.options);
    const source = sourceOf(call.input as Iterable<unknown>);
    const total = source.left;
    const meter = new ProgressMeter(() => total ?? runningJob.job.total, settings.onProgress);
    const buffer = new StreamBuffer(settings.ordered, meter, (credit) =>
      this.#launcher.allow(runningJob.job, credit),
    );
    const work = { ...call, settings, source, ...ITEMS, isFailFast: false };
    const runningJob: RunningJob = this.#launcher.begin(work, buffer, meter, STREAM_WINDOW);
    try {
      yield* buffer.read() as AsyncGenerator<ItemResult<CalledResult<C, K>>, void, undefined>;
    } finally {
      runningJob.job.cancel(undefined);
    }
  }

  /** Runs a method once, in a worker. */
  run<C extends Constructor | ((...args: never[]) => unknown), K extends CallText<C>>(
    owner: C,
    method: NameOrArguments<C, K, CalledArguments<C, K>>,
    ...rest: RestOf<C, CalledArguments<C, K>, CallOptions>
  ): Promise<CalledResult<C, K>> {
    return this.#call([owner, method, ...rest]) as Promise<CalledResult<C, K>>;
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
        isMethod(name) ? (...args: unknown[]) => this.#call([owner, name, args, options[0]]) : undefined,
      has: (_, name) => isMethod(name),
    }) as Remote<InstanceType<C>>;
  }

  /**
   * Says where a map of these items would run, and why. Runs the first items in this thread, for about 10 ms, and discards their results.
   *
   * @throws TargetError if workers cannot find the method
   */
  async plan<C extends Constructor | ItemFunction, K extends ItemText<C>>(
    owner: C,
    method: NameOrItems<C, K, Iterable<CalledItem<C, K>>>,
    ...rest: RestOf<C, Iterable<CalledItem<C, K>>, MapOptions<CalledItem<C, K>>>
  ): Promise<Plan> {
    const call = readCall([owner, method, ...rest]);
    const settings = this.#launcher.read('plan', call.options);
    const source = sourceOf(call.input as Iterable<unknown>);
    return this.#launcher.plan({ ...call, settings, source, ...ITEMS, isFailFast: false });
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
    args: readonly unknown[],
    collect: (total: number | undefined, meter: ProgressMeter) => Collector,
  ): ParallelRun<unknown> {
    let runningJob: RunningJob | undefined;
    let meter = new ProgressMeter(() => undefined, undefined);
    const begin = async (): Promise<unknown> => {
      const call = readCall(args);
      const settings = this.#launcher.read(subject, call.options);
      const source = sourceOf(call.input as Iterable<unknown>);
      const total = source.left;
      meter = new ProgressMeter(() => total ?? runningJob?.job.total, settings.onProgress);
      const collector = collect(total, meter);
      const work = { ...call, settings, source, ...ITEMS, isFailFast: subject === 'map' };
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

  async #call(args: readonly unknown[]): Promise<unknown> {
    const call = readCall(args);
    const settings = this.#launcher.read('run', call.options);
    const { input } = call;
    if (!Array.isArray(input)) throw new TypeError(`args: expected an array, received ${typeof input}`);
    const collector = resultsOf(1, UNWATCHED);
    const source = sourceOf([input]);
    const once = { isSpread: true, isFailFast: true, defaultPlacement: 'workers' } as const;
    this.#launcher.begin({ ...call, settings, source, ...once }, collector, UNWATCHED);
    const [result] = (await collector.result) as readonly unknown[];
    return result;
  }
}
