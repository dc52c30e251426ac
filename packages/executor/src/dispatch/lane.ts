import { fromErrorRecord } from '@switchgear/core';
import { NotCloneableError, TargetError } from '../errors.js';
import type { EventLoop } from '../event-loop.js';
import type { Item } from '../job/item.js';
import type { Job, JobOptions } from '../job/job.js';
import { MAX_CHUNKS_IN_HAND } from '../protocol/lane-memory.js';
import type { FromWorker } from '../protocol/messages.js';
import type { Channel, ChannelListener, OpenChannel } from './channel.js';
import type { Chunk } from './chunk.js';
import { Hand } from './hand.js';
import type { LaneEnd } from './lane-end.js';
import { type PendingLoad, StartWatch } from './start-watch.js';
import { buffersOf, returnUnsent } from './unsendable.js';

/** The life of one worker. It is `closing` once it was told to close; it has nothing in hand then. */
type LaneState = 'starting' | 'running' | 'closing' | 'ended';

export interface LaneListener {
  /** The lane has room for more, or is about to. */
  ready(lane: Lane): void;
  /** Its worker took `elapsed` ms for items of a job. */
  measured(job: Job, items: number, elapsed: number): void;
  /** Its worker cannot load the class of a target, or make the instance. */
  targetFailed(target: number, error: unknown): void;
  /** Its worker did not load something in time. The lane has terminated it. */
  startFailed(load: PendingLoad, error: unknown): void;
  ended(lane: Lane, end: LaneEnd): void;
}

/** A busy worker gets a second chunk only if items take less than this: for longer ones, waiting for a message does not matter. */
const SHORT_ITEM_MS = 2;

/** One worker, from its start to its end, and the chunks that it has in hand. */
export class Lane {
  readonly #channel: Channel;
  readonly #listener: LaneListener;
  readonly #loop: EventLoop;
  readonly #hand = new Hand();
  readonly #startWatch: StartWatch;
  /** The targets that were sent to the worker. */
  readonly #targets = new Set<number>();
  #state: LaneState = 'starting';
  #error: unknown;
  #isTerminated = false;
  #chunkStartedAt = 0;
  #lastMessageAt = 0;

  /** @param startTimeout how long the worker may take to import modules and make instances, in ms */
  constructor(
    open: OpenChannel,
    module: string,
    startTimeout: number,
    listener: LaneListener,
    loop: EventLoop,
  ) {
    this.#listener = listener;
    this.#loop = loop;
    this.#startWatch = new StartWatch(startTimeout, this.#hand, loop, (jobs, error) =>
      this.#onStartTimeout(jobs, error),
    );
    const channelListener: ChannelListener = {
      onMessage: (message) => this.#onMessage(message),
      onError: (error) => (this.#error = error),
      onExit: (code) => this.#onExit(code),
    };
    this.#channel = open(this.#hand.memory.cells, module, channelListener);
    this.#channel.keepAlive(false);
    this.#startWatch.begin(this.#channel.imports);
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

  /**
   * Whether it should get a chunk of a job. A starting worker gets its first one, which then waits for it. A running one gets a second
   * chunk if all items are short, so that it never waits for messages. Long items would only wait for each other.
   */
  hasRoomFor(job: Job): boolean {
    if (this.#isTerminated) return false;
    const { chunks } = this;
    if (chunks.length === 0) return this.#state === 'starting' || this.#state === 'running';
    if (this.#state !== 'running' || chunks.length === MAX_CHUNKS_IN_HAND) return false;
    return isShort(job) && chunks.every((chunk) => isShort(chunk.job));
  }

  /** Sends a chunk, and before it the target if the worker does not have it yet. */
  send(chunk: Chunk, instance: number): void {
    const { job, id, items, target } = chunk;
    const { options } = job;
    const wasIdle = this.isIdle;
    this.#channel.keepAlive(true);
    const slot = this.#hand.add(chunk);
    if (wasIdle) this.#lastMessageAt = this.#onNextChunk();
    try {
      this.#sendTarget(target, options, instance);
    } catch (cause) {
      this.#forget(chunk);
      const what = `${options.target.name}: its constructorArgs cannot go to another thread: ${String(cause)}`;
      job.end({ thrown: new NotCloneableError(what, { cause }) });
      return;
    }
    try {
      const transfer = buffersOf(items, options);
      const calls = items.map(({ args }) => args);
      this.#channel.post({ kind: 'chunk', id, slot, target, calls }, transfer);
    } catch (cause) {
      this.#forget(chunk);
      returnUnsent(chunk, cause);
      this.#listener.ready(this);
    }
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

  /** Has the worker close, which has nothing in hand. */
  close(): void {
    if (this.#state === 'ended') return;
    this.#state = 'closing';
    // Whoever closes the pool awaits the worker's end, so the process must not end before.
    this.#channel.keepAlive(true);
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
      }
    }
  }

  #onChunkDone(chunk: Chunk): void {
    this.#listener.measured(chunk.job, chunk.items.length, this.#loop.now() - this.#chunkStartedAt);
    this.#startWatch.loaded(chunk.target);
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
    if (this.isIdle) this.#channel.keepAlive(false);
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
    this.#state = 'ended';
    this.#startWatch.stop();
    const { chunks, running } = this.#hand;
    this.#hand.clear();
    this.#listener.ended(this, {
      wasStarting,
      wasTerminated: this.#isTerminated,
      exitCode,
      error: this.#error,
      chunks,
      running,
    });
  }
}

function isShort({ itemTime }: Job): boolean {
  return itemTime !== undefined && itemTime < SHORT_ITEM_MS;
}

/** The error of a worker that cannot load a target. If it could not import a module at its start, the error does not say which one yet. */
function reasonOf({ error, module }: Extract<FromWorker, { kind: 'target-failed' }>): unknown {
  const cause = fromErrorRecord(error);
  if (module === undefined) return cause;
  return new TargetError(`the worker could not load ${module}: ${String(cause)}`, { cause });
}
