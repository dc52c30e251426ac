import { fromErrorRecord } from '@switchgear/core';
import { NotCloneableError, TargetError } from '../errors.js';
import type { EventLoop } from '../event-loop.js';
import type { Item } from '../job/item.js';
import type { Job, JobOptions } from '../job/job.js';
import type { FromWorker } from '../protocol/messages.js';
import type { Channel, ChannelListener, OpenChannel } from './channel.js';
import type { Chunk } from './chunk.js';
import { Hand } from './hand.js';
import type { ItemTimes } from './item-times.js';
import type { LaneEnd } from './lane-end.js';
import { isDue, type Recycling } from './recycling.js';
import { type PendingLoad, StartWatch } from './start-watch.js';
import { buffersOf, returnUnsent } from './unsendable.js';

/**
 * The life of one worker. It is `retiring` once it has run enough: it finishes what it has in hand and gets no more. It is `closing` once it
 * was told to close; it has nothing in hand then.
 */
type LaneState = 'starting' | 'running' | 'retiring' | 'closing' | 'ended';

export interface LaneOptions {
  readonly open: OpenChannel;
  /** The module that the worker is started for. */
  readonly module: string;
  /** How long the worker may take to import modules and make instances, in ms. */
  readonly startTimeout: number;
  readonly recycle: Recycling | undefined;
  readonly loop: EventLoop;
}

export interface LaneListener {
  /** The lane has room for more, or is about to. */
  ready(lane: Lane): void;
  /** Its worker took `elapsed` ms for a chunk. */
  measured(chunk: Chunk, elapsed: number): void;
  /** Its worker cannot load the class of a target, or make the instance. */
  targetFailed(target: number, error: unknown): void;
  /** Its worker did not load something in time. The lane has terminated it. */
  startFailed(load: PendingLoad, error: unknown): void;
  /** It has nothing in hand. */
  idle(lane: Lane): void;
  ended(lane: Lane, end: LaneEnd): void;
}

/** A busy worker gets a second chunk only if items take less than this: for longer ones, waiting for a message does not matter. */
const SHORT_ITEM_MS = 2;

/** A chunk that was sent in less time than this is read at once … */
const LARGE_CHUNK_MS = 1;
/** … and for a larger one a worker may take this many times as long as it took to send it. */
const READ_TIME_FACTOR = 20;

/** One worker, from its start to its end, and the chunks that it has in hand. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #channel: Channel;
  readonly #listener: LaneListener;
  readonly #loop: EventLoop;
  readonly #hand: Hand;
  readonly #startWatch: StartWatch;
  /** The targets that were sent to the worker. */
  readonly #targets = new Set<number>();
  #state: LaneState = 'starting';
  #error: unknown;
  #isTerminated = false;
  #chunkStartedAt = 0;
  #lastMessageAt = 0;
  #postTime = 0;
  #ranCount = 0;
  #openResources: readonly string[] = [];

  constructor(options: LaneOptions, listener: LaneListener) {
    const { open, module, startTimeout, loop } = options;
    this.#options = options;
    this.#listener = listener;
    this.#loop = loop;
    this.#hand = new Hand(options.recycle?.heap !== undefined);
    this.#startWatch = new StartWatch(startTimeout, this.#hand, loop, (load, error) =>
      this.#onStartTimeout(load, error),
    );
    const channelListener: ChannelListener = {
      onMessage: (message) => this.#onMessage(message),
      onError: (error) => (this.#error ??= error),
      onExit: (code) => this.#onExit(code),
    };
    this.#channel = open(this.#hand.memory.cells, module, channelListener);
    this.#channel.keepAlive(false);
    this.#lastMessageAt = loop.now();
    this.#startWatch.begin(this.#channel.imports);
  }

  /** What is open in a worker that was told to close, and keeps it from ending. */
  get openResources(): readonly string[] {
    return this.#openResources;
  }

  get threadId(): number | undefined {
    return this.#channel.threadId;
  }

  get isIdle(): boolean {
    return this.#hand.isEmpty;
  }

  get isClosing(): boolean {
    return this.#state === 'closing';
  }

  /** Whether it gets no more chunks, and closes when it has nothing in hand. */
  get isRetiring(): boolean {
    return this.#state === 'retiring';
  }

  get isStarting(): boolean {
    return this.#state === 'starting';
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Whether its worker has nothing to do, and could begin at once. */
  get isFree(): boolean {
    return this.isRunning && this.isIdle;
  }

  /** The chunks in hand, in the order in which the worker takes them. */
  get chunks(): readonly Chunk[] {
    return this.#hand.chunks;
  }

  /** When the last message came, or the worker got a chunk while it was idle; in ms of the event loop's clock. */
  get lastMessageAt(): number {
    return this.#lastMessageAt;
  }

  /** How long the worker may take to read the chunk that it got while it was idle, in ms. */
  get patience(): number {
    return this.#postTime < LARGE_CHUNK_MS ? 0 : READ_TIME_FACTOR * this.#postTime;
  }

  /**
   * Whether it should get a chunk of a job. A starting worker gets its first one, which then waits for it. A running one gets a second
   * chunk if all items are short, so that it never waits for messages. Long items would only wait for each other.
   */
  hasRoomFor(job: Job, target: number, times: ItemTimes): boolean {
    if (this.#isTerminated) return false;
    if (this.isIdle) return this.#state === 'starting' || this.#state === 'running';
    if (this.#state !== 'running' || this.#hand.isFull) return false;
    const isShort = (time: number | undefined): boolean => time !== undefined && time < SHORT_ITEM_MS;
    return (
      isShort(times.of(job, target)) &&
      this.chunks.every((chunk) => isShort(times.of(chunk.job, chunk.target)))
    );
  }

  /** Sends a chunk, and before it the target if the worker does not have it yet. */
  send(chunk: Chunk, instance: number): void {
    const { job, id, items, target } = chunk;
    const { options } = job;
    const wasIdle = this.isIdle;
    this.#channel.keepAlive(true);
    const slot = this.#hand.add(chunk);
    const startedAt = this.#loop.now();
    try {
      this.#sendTarget(target, options, instance);
    } catch (cause) {
      this.#forget(chunk);
      const what = `${options.target.name}: its constructorArgs cannot go to another thread: ${String(cause)}`;
      job.end({ thrown: new NotCloneableError(what, { cause }) });
      return;
    }
    try {
      const calls = items.map(({ args }) => args);
      // Getters of items, and `transfer`, are functions of the user.
      job.inContext(() =>
        this.#channel.post({ kind: 'chunk', id, slot, target, calls }, buffersOf(items, options)),
      );
    } catch (cause) {
      this.#forget(chunk);
      job.inContext(() => returnUnsent(chunk, cause));
      this.#listener.ready(this);
      return;
    }
    if (!wasIdle) return;
    this.#lastMessageAt = this.#onNextChunk();
    this.#postTime = this.#lastMessageAt - startedAt;
  }

  #sendTarget(id: number, { target, constructorArgs }: JobOptions, instance: number): void {
    if (this.#targets.has(id)) return;
    this.#channel.post({ kind: 'target', id, target, instance, constructorArgs }, []);
    this.#targets.add(id);
  }

  begunCount(chunk: Chunk): number {
    return this.#hand.begunCount(chunk);
  }

  recall(chunk: Chunk): readonly Item[] {
    return this.#hand.recall(chunk);
  }

  /**
   * Has the worker close, which has nothing in hand.
   *
   * @param isAwaited whether someone waits for its end, so that the process must not end before
   */
  close(isAwaited: boolean): void {
    if (this.#state === 'ended') return;
    if (isAwaited) this.#channel.keepAlive(true);
    if (this.#state === 'closing') return;
    this.#state = 'closing';
    this.#channel.post({ kind: 'close' }, []);
  }

  terminate(): void {
    if (this.#state === 'ended') return;
    this.#isTerminated = true;
    this.#channel.terminate();
  }

  #onMessage(message: FromWorker): void {
    this.#lastMessageAt = this.#loop.now();
    switch (message.kind) {
      case 'ready':
        if (this.#state === 'starting') this.#state = 'running';
        this.#startWatch.ready();
        this.#onNextChunk();
        this.#listener.ready(this);
        break;
      case 'target-failed':
        this.#dropTarget(message.id);
        this.#listener.targetFailed(message.id, reasonOf(message));
        break;
      case 'outcomes': {
        const chunk = this.chunks.find(({ id }) => id === message.chunk);
        if (chunk === undefined) break;
        for (const outcome of message.outcomes) chunk.settle(outcome);
        if (message.isLast) this.#onChunkDone(chunk);
        break;
      }
      case 'closing':
        this.#openResources = message.resources;
    }
  }

  #onChunkDone(chunk: Chunk): void {
    this.#listener.measured(chunk, this.#loop.now() - this.#chunkStartedAt);
    this.#startWatch.loaded(chunk.target);
    this.#ranCount += chunk.items.length;
    const { recycle } = this.#options;
    if (this.isRunning && isDue(recycle, this.#ranCount, this.#hand.memory.heap)) this.#state = 'retiring';
    this.#forget(chunk);
    this.#onNextChunk();
    this.#listener.ready(this);
  }

  /** The worker turns to its next chunk, if there is one. Returns the time. */
  #onNextChunk(): number {
    this.#startWatch.restart();
    return (this.#chunkStartedAt = this.#loop.now());
  }

  #forget(chunk: Chunk): void {
    this.#hand.remove(chunk);
    if (!this.isIdle) return;
    this.#channel.keepAlive(false);
    this.#listener.idle(this);
  }

  /** Forgets a target and gives its chunks back. A later job may try it again. */
  #dropTarget(target: number): void {
    this.#targets.delete(target);
    for (const chunk of this.chunks) {
      if (chunk.target !== target) continue;
      this.#forget(chunk);
      chunk.job.giveBack(chunk.unsettledItems);
    }
    this.#onNextChunk();
  }

  #onStartTimeout(load: PendingLoad, error: unknown): void {
    this.#error = error;
    this.terminate();
    this.#listener.startFailed(load, error);
  }

  #onExit(exitCode: number): void {
    const wasStarting = this.#state === 'starting';
    const wasClosing = this.#state === 'closing';
    this.#state = 'ended';
    this.#startWatch.stop();
    const { chunks, running } = this.#hand;
    this.#hand.clear();
    this.#listener.ended(this, {
      wasStarting,
      wasTerminated: this.#isTerminated,
      wasClosing,
      hasRun: this.#ranCount > 0 || chunks.some(({ settledCount }) => settledCount > 0),
      exitCode,
      error: this.#error,
      chunks,
      running,
    });
  }
}

/** The error of a worker that cannot load a target. If it could not import a module at its start, the error does not say which one yet. */
function reasonOf({ error, module }: Extract<FromWorker, { kind: 'target-failed' }>): unknown {
  const cause = fromErrorRecord(error);
  if (module === undefined) return cause;
  return new TargetError(`the worker could not load ${module}: ${String(cause)}`, { cause });
}
