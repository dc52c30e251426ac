import { type EventLoop, eventLoop, soon, type Timer } from '../event-loop.js';
import type { Item } from '../job/item.js';
import type { Job, JobWatcher } from '../job/job.js';
import { chunkSize } from '../plan/chunk-size.js';
import type { OpenChannel } from './channel.js';
import { Chunk } from './chunk.js';
import { DeathsInVain, takeBack } from './deaths.js';
import { ItemTimes } from './item-times.js';
import { JobQueue } from './job-queue.js';
import { Lane, type LaneListener } from './lane.js';
import type { LaneEnd } from './lane-end.js';
import { Retirement } from './retirement.js';
import type { Recycling } from './recycling.js';
import type { PendingLoad } from './start-watch.js';
import { hasUnbegun, SILENT_MS, surplusOf } from './steal.js';
import { TargetNumbers } from './target-numbers.js';

/** Gets what no job can tell. */
export interface PoolListener {
  /** A worker has died, or was ended; `thread` is its id. */
  ended(thread: number, end: LaneEnd): void;
  /** A worker that was told to close was terminated, since these kinds of resources were open in it. */
  terminated(thread: number, resources: readonly string[]): void;
}

export interface PoolOptions {
  readonly workers: number;
  readonly open: OpenChannel;
  /** How long a worker may take until it is ready, and later to load the class of a job; in ms. */
  readonly startTimeout: number;
  /** How long a worker may be idle, in ms; default for ever. */
  readonly idleTimeout?: number;
  readonly recycle?: Recycling | undefined;
  /** Frees what a thread that has ended held in the circuits' memory. */
  readonly reclaim: (threadId: number) => void;
  readonly listener?: PoolListener;
  /** Default the event loop of this thread. */
  readonly loop?: EventLoop;
}

/** Items are taken from a busy lane only if that saves this much: it costs two messages. */
const MIN_SURPLUS_MS = 1;

/** Gives the items of jobs to lanes, and starts and ends the lanes. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #loop: EventLoop;
  readonly #lanes = new Set<Lane>();
  /** The jobs that have not ended. */
  readonly #jobs = new Set<Job>();
  readonly #queue = new JobQueue();
  readonly #numbers = new TargetNumbers();
  readonly #times = new ItemTimes();
  readonly #deathsInVain = new DeathsInVain();
  readonly #retirement: Retirement;
  /** The jobs of which a worker has run items. */
  readonly #workedOn = new WeakSet<Job>();
  #chunks = 0;
  #closing: (() => void) | undefined;
  #rebalanceTimer: Timer | undefined;
  #willPump = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#loop = options.loop ?? eventLoop;
    this.#retirement = new Retirement(
      this.#lanes,
      options.idleTimeout ?? Infinity,
      this.#loop,
      (thread, resources) => options.listener?.terminated(thread, resources),
    );
  }

  get isStarted(): boolean {
    return [...this.#lanes].some(({ isClosing }) => !isClosing);
  }

  /** Works on a job until it ends. */
  add(job: Job): void {
    this.#jobs.add(job);
    this.#queue.add(job);
    job.watch(this.#watcher);
    this.pump();
  }

  /** Takes no more jobs, waits for those there are, and ends the workers. */
  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => (this.#closing = resolve));
    this.pump();
    await ended;
  }

  /** Takes back the items that the workers have not begun. Their jobs have stopped. */
  recallAll(): void {
    for (const lane of this.#lanes) {
      for (const chunk of lane.chunks) chunk.job.giveBack(lane.recall(chunk));
    }
  }

  /** Ends all workers, whatever they do. */
  terminate(): void {
    for (const lane of this.#lanes) lane.terminate();
  }

  /** Gives chunks to all lanes that have room, and starts lanes while there is more work than they can take. */
  pump(): void {
    while (this.#feed()) {
      // Each call gives one chunk to one lane, so that all lanes have one before any has two.
    }
    if (this.#jobs.size === 0 && this.#closing !== undefined) this.#closeLanes();
  }

  #feed(): boolean {
    const job = this.#queue.first;
    if (job === undefined) return this.#rebalance();
    // All jobs wait with this one. Otherwise others would go ahead of it for ever.
    const lane = this.#freeLane(job);
    if (lane === undefined) return false;
    // Moves the job to the end, so that jobs take turns. While it gives out items, it is in the queue no more: its iterable may begin jobs.
    this.#queue.remove();
    const items = job.take(chunkSize(job, this.#options.workers));
    if (job.isReady) this.#queue.add(job);
    if (items.length > 0) this.#send(lane, job, items);
    return true;
  }

  /** No item is left to give out. Takes back items from the lane with the greatest surplus if another lane is idle. */
  #rebalance(): boolean {
    const lanes = [...this.#lanes];
    if (!lanes.some((lane) => lane.isFree)) return false;
    const surplus = surplusOf(lanes, this.#loop.now());
    if (surplus === undefined || surplus.time < MIN_SURPLUS_MS) {
      // An item before it may take longer than the ones that were measured, or a worker may not begin what it has just got.
      if (lanes.some(hasUnbegun)) this.#rebalanceLater();
      return false;
    }
    const { lane, chunk, isStuck } = surplus;
    const items = lane.recall(chunk);
    const isLate = isStuck && !lane.isStarting;
    chunk.job.giveBack(isLate ? items.map((item) => ({ ...item, wasStuck: true })) : items);
    return true;
  }

  #rebalanceLater(): void {
    if (this.#rebalanceTimer !== undefined) return;
    this.#rebalanceTimer = this.#loop.setTimer(() => {
      this.#rebalanceTimer = undefined;
      this.pump();
    }, SILENT_MS);
  }

  /** A job has ended. Takes back its items that have not begun. */
  #onJobEnd(job: Job): void {
    this.#jobs.delete(job);
    this.#numbers.forget(job);
    for (const lane of this.#lanes) {
      for (const chunk of lane.chunks) {
        if (chunk.job !== job) continue;
        job.giveBack(lane.recall(chunk));
        if (job.isCancelled) this.#giveGrace(lane, chunk, job.options.grace);
      }
    }
    // Other jobs may have waited behind it.
    this.#pumpSoon();
  }

  /** Pumps once in a microtask, however many jobs end before it. */
  #pumpSoon(): void {
    if (this.#willPump) return;
    this.#willPump = true;
    soon(() => {
      this.#willPump = false;
      this.pump();
    });
  }

  /** Terminates a worker that still runs a chunk of a cancelled job after `ms`. */
  #giveGrace(lane: Lane, chunk: Chunk, ms: number): void {
    if (ms === Infinity) return;
    this.#loop.setTimer(() => {
      if (lane.chunks[0] === chunk) lane.terminate();
      // The worker is busy with a chunk of another job: this one gets its grace after that.
      else if (lane.chunks.includes(chunk)) this.#giveGrace(lane, chunk, Math.max(ms, SILENT_MS));
    }, ms);
  }

  #freeLane(job: Job): Lane | undefined {
    const { target } = this.#numbers.of(job);
    let lanes = 0;
    let free: Lane | undefined;
    for (const lane of this.#lanes) {
      // One that ends needs no processor, and may take its time.
      if (!lane.isClosing) lanes++;
      if (!lane.hasRoomFor(job, target, this.#times)) continue;
      if (lane.isIdle) return lane;
      free ??= lane;
    }
    return lanes < this.#options.workers ? this.#start(job) : free;
  }

  #start(job: Job): Lane | undefined {
    try {
      const { open, startTimeout, recycle } = this.#options;
      const { module } = job.options.target.address;
      const lane = new Lane({ open, module, startTimeout, recycle, loop: this.#loop }, this.#laneListener);
      this.#lanes.add(lane);
      return lane;
    } catch (thrown) {
      // Node refused the options.
      job.end({ thrown });
      return undefined;
    }
  }

  readonly #watcher: JobWatcher = {
    ready: (job) => this.#queue.add(job),
    returned: (job) => this.#queue.addFirst(job),
    ended: (job) => this.#onJobEnd(job),
  };

  readonly #laneListener: LaneListener = {
    ready: () => this.pump(),
    idle: (lane) => this.#retirement.idle(lane),
    measured: (chunk, elapsed) => {
      if (!chunk.job.isEnded) this.#workedOn.add(chunk.job);
      this.#deathsInVain.reset(chunk.job);
      this.#times.add(chunk, elapsed);
    },
    targetFailed: (target, error) => this.#targetFailed(target, error),
    startFailed: (load, error) => this.#startFailed(load, error),
    ended: (lane, end) => this.#ended(lane, end),
  };

  #send(lane: Lane, job: Job, items: readonly Item[]): void {
    const { instance, target } = this.#numbers.of(job);
    lane.send(new Chunk(++this.#chunks, job, items, target), instance);
  }

  /** A worker cannot load a class, or make its instance. Ends the jobs that need it. */
  #targetFailed(target: number, thrown: unknown): void {
    for (const job of this.#jobs) if (this.#numbers.of(job).target === target) job.end({ thrown });
    this.pump();
  }

  /** A worker did not load something in time. Ends the jobs that need it, except those that go on in other workers. */
  #startFailed(load: PendingLoad, thrown: unknown): void {
    for (const job of this.#jobs) {
      if (!this.#workedOn.has(job) && this.#isNeeded(load, job)) job.end({ thrown });
    }
  }

  #isNeeded(load: PendingLoad, job: Job): boolean {
    switch (load.kind) {
      case 'target':
        return this.#numbers.of(job).target === load.target;
      case 'module':
        return job.options.target.address.module === load.module;
      case 'preload':
        // Where another worker has imported the preloads, the next one probably will.
        return ![...this.#lanes].some((lane) => lane.isRunning);
    }
  }

  #ended(lane: Lane, end: LaneEnd): void {
    this.#lanes.delete(lane);
    if (lane.threadId !== undefined) {
      this.#options.reclaim(lane.threadId);
      this.#options.listener?.ended(lane.threadId, end);
    }
    for (const chunk of end.chunks) takeBack(chunk, end);
    this.#deathsInVain.count(end);
    this.pump();
  }

  /** Closes the workers that have nothing in hand. The others are closed when they are done. */
  #closeLanes(): void {
    for (const lane of this.#lanes) if (lane.isIdle) this.#retirement.close(lane, true);
    if (this.#lanes.size === 0) this.#closing?.();
  }
}
