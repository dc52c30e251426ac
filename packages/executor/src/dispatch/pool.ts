import { type EventLoop, eventLoop, soon, type Timer } from '../event-loop.js';
import type { Item } from '../job/item.js';
import type { Job } from '../job/job.js';
import { chunkSize } from '../plan/chunk-size.js';
import type { OpenChannel } from './channel.js';
import { Chunk } from './chunk.js';
import { DeathsInVain, takeBack } from './deaths.js';
import { Lane, type LaneListener } from './lane.js';
import type { LaneEnd } from './lane-end.js';
import type { PendingLoad } from './start-watch.js';
import { SILENT_MS, surplusOf } from './steal.js';
import { TargetNumbers } from './target-numbers.js';

export interface PoolOptions {
  readonly workers: number;
  readonly open: OpenChannel;
  /** How long a worker may take until it is ready, and later to load the class of a job; in ms. */
  readonly startTimeout: number;
  /** Frees what a thread that has ended held in the circuits' memory. */
  readonly reclaim: (threadId: number) => void;
  /** Default the event loop of this thread. */
  readonly loop?: EventLoop;
}

/** Items are taken from a busy lane only if that saves this much: it costs two messages. */
const MIN_SURPLUS_MS = 1;

/** A worker that was told to close, and still has timers or sockets open, is terminated after this time. */
const TERMINATION_GRACE_MS = 1_000;

/** Gives the items of jobs to lanes, and starts and ends the lanes. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #loop: EventLoop;
  readonly #lanes = new Set<Lane>();
  readonly #jobs: Job[] = [];
  readonly #numbers = new TargetNumbers();
  readonly #deathsInVain = new DeathsInVain();
  /** The jobs of which a worker has run items. */
  readonly #workedOn = new WeakSet<Job>();
  #chunks = 0;
  #closing: (() => void) | undefined;
  #rebalanceTimer: Timer | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#loop = options.loop ?? eventLoop;
  }

  get isStarted(): boolean {
    return this.#lanes.size > 0;
  }

  /** Works on a job until it ends. */
  add(job: Job): void {
    this.#jobs.push(job);
    job.onEnd(() => this.#onJobEnd(job));
    this.pump();
  }

  /** Takes no more jobs, waits for those there are, and ends the workers. */
  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => (this.#closing = resolve));
    this.pump();
    await ended;
  }

  /** Gives chunks to all lanes that have room, and starts lanes while there is more work than they can take. */
  pump(): void {
    this.#forgetEnded();
    while (this.#feed()) {
      // Each call gives one chunk to one lane, so that all lanes have one before any has two.
    }
    if (this.#jobs.length === 0 && this.#closing !== undefined) this.#closeLanes();
  }

  #feed(): boolean {
    const job = this.#jobs.find(({ isReady }) => isReady);
    if (job === undefined) return this.#rebalance();
    // All jobs wait with this one. Otherwise others would go ahead of it for ever.
    const lane = this.#freeLane(job);
    if (lane === undefined) return false;
    const items = job.take(chunkSize(job, this.#options.workers));
    // Moves the job to the end, so that jobs take turns.
    this.#jobs.push(...this.#jobs.splice(this.#jobs.indexOf(job), 1));
    if (items.length > 0) this.#send(lane, job, items);
    this.#forgetEnded();
    return true;
  }

  /** No item is left to give out. Takes back items from the lane with the greatest surplus if another lane is idle. */
  #rebalance(): boolean {
    const lanes = [...this.#lanes];
    if (!lanes.some((lane) => lane.isFree)) return false;
    const surplus = surplusOf(lanes, this.#loop.now());
    if (surplus === undefined) return false;
    if (surplus.time < MIN_SURPLUS_MS) {
      // An item before it may take longer than the ones that were measured.
      this.#rebalanceLater();
      return false;
    }
    const { lane, chunk } = surplus;
    chunk.job.giveBack(lane.recall(chunk));
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
    for (const lane of this.#lanes) {
      for (const chunk of lane.chunks) {
        if (chunk.job !== job) continue;
        job.giveBack(lane.recall(chunk));
        if (job.isCancelled) this.#giveGrace(lane, chunk, job.options.grace);
      }
    }
    // Other jobs may have waited behind it.
    soon(() => this.pump());
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
    const lanes = [...this.#lanes].filter((lane) => lane.hasRoomFor(job));
    const idle = lanes.find((lane) => lane.isIdle);
    if (idle !== undefined) return idle;
    if (this.#lanes.size < this.#options.workers) return this.#start(job);
    return lanes[0];
  }

  #start(job: Job): Lane | undefined {
    try {
      const { open, startTimeout } = this.#options;
      const listener: LaneListener = {
        ready: () => this.pump(),
        measured: (measured, items, elapsed) => {
          this.#workedOn.add(measured);
          this.#deathsInVain.reset(measured);
          measured.measure(items, elapsed);
        },
        targetFailed: (target, error) => this.#targetFailed(target, error),
        startFailed: (load, error) => this.#startFailed(load, error),
        ended: (ended, end) => this.#ended(ended, end),
      };
      const lane = new Lane(open, job.options.target.address.module, startTimeout, listener, this.#loop);
      this.#lanes.add(lane);
      return lane;
    } catch (thrown) {
      // Node refused the options.
      job.end({ thrown });
      return undefined;
    }
  }

  #send(lane: Lane, job: Job, items: readonly Item[]): void {
    const { instance, target } = this.#numbers.of(job);
    lane.send(new Chunk(++this.#chunks, job, items, target), instance);
  }

  /** A worker cannot load a class, or make its instance. Ends the jobs that need it. */
  #targetFailed(target: number, thrown: unknown): void {
    for (const job of [...this.#jobs]) if (this.#numbers.of(job).target === target) job.end({ thrown });
    this.pump();
  }

  /** A worker did not load something in time. Ends the jobs that need it, except those that go on in other workers. */
  #startFailed(load: PendingLoad, thrown: unknown): void {
    for (const job of [...this.#jobs]) {
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
    if (lane.threadId !== undefined) this.#options.reclaim(lane.threadId);
    for (const chunk of end.chunks) takeBack(chunk, end);
    this.#deathsInVain.count(end);
    this.pump();
  }

  #forgetEnded(): void {
    for (let i = this.#jobs.length - 1; i >= 0; i--) if (this.#jobs[i].isEnded) this.#jobs.splice(i, 1);
  }

  /** Closes the workers that have nothing in hand. The others are closed when they are done. */
  #closeLanes(): void {
    for (const lane of this.#lanes) {
      if (!lane.isIdle || lane.isClosing) continue;
      lane.close();
      this.#loop.setTimer(() => lane.terminate(), TERMINATION_GRACE_MS);
    }
    if (this.#lanes.size === 0) this.#closing?.();
  }
}
