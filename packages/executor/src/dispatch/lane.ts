import { fromErrorRecord } from '@switchgear/core';
import { NotCloneableError, TargetError } from '../errors.js';
import type { Item } from '../job/item.js';
import type { Job, JobOptions } from '../job/job.js';
import { LaneMemory, MAX_CHUNKS_IN_HAND } from '../protocol/lane-memory.js';
import type { FromWorker } from '../protocol/messages.js';
import type { Channel, ChannelListener, OpenChannel } from './channel.js';
import type { Chunk } from './chunk.js';
import { buffersOf, returnUnsent } from './unsendable.js';

/** The life of one worker. */
type LaneState =
  | { readonly name: 'starting' }
  | { readonly name: 'running' }
  /** It was told to go, and has nothing in hand. */
  | { readonly name: 'closing' }
  | { readonly name: 'ended' };

/** What became of a worker that has ended. */
export interface LaneEnd {
  readonly wasStarting: boolean;
  /** Whether it was ended from here. */
  readonly wasTerminated: boolean;
  readonly exitCode: number;
  readonly error: unknown;
  readonly chunks: readonly Chunk[];
  /** The item that was running. */
  readonly running: Item | undefined;
}

export interface LaneListener {
  /** It has room for more, or is about to. */
  ready(lane: Lane): void;
  measured(job: Job, items: number, elapsed: number): void;
  /** Its worker has nothing to run the method with. */
  targetFailed(target: number, error: unknown): void;
  ended(lane: Lane, end: LaneEnd): void;
}

/** A busy worker gets a second chunk only if items take less than this: for longer ones, waiting for a message does not matter. */
const SHORT_ITEM_MS = 2;

/** One worker, from its start to its end, and what it has in hand. */
export class Lane {
  readonly #channel: Channel;
  readonly #listener: LaneListener;
  readonly #memory = new LaneMemory();
  readonly #slots = new Array<Chunk | undefined>(MAX_CHUNKS_IN_HAND).fill(undefined);
  readonly #targets = new Set<number>();
  #state: LaneState = { name: 'starting' };
  #error: unknown;
  #isTerminated = false;
  #chunkStartedAt = 0;
  #lastMessageAt = 0;

  constructor(open: OpenChannel, module: string, listener: LaneListener) {
    this.#listener = listener;
    const channelListener: ChannelListener = {
      onMessage: (message) => this.#onMessage(message),
      onError: (error) => (this.#error = error),
      onExit: (code) => this.#onExit(code),
    };
    this.#channel = open(this.#memory.cells, module, channelListener);
    this.#channel.keepAlive(false);
  }

  get threadId(): number | undefined {
    return this.#channel.threadId;
  }

  get isIdle(): boolean {
    return this.#slots.every((chunk) => chunk === undefined);
  }

  get isClosing(): boolean {
    return this.#state.name === 'closing';
  }

  get isStarting(): boolean {
    return this.#state.name === 'starting';
  }

  /** Whether its worker has nothing to do, and could begin at once. */
  get isFree(): boolean {
    return this.#state.name === 'running' && this.isIdle;
  }

  /** What it has in hand, in the order in which the worker takes it. */
  get chunks(): readonly Chunk[] {
    return this.#slots.filter((chunk) => chunk !== undefined).sort((one, other) => one.id - other.id);
  }

  /** When it was last heard of, or got something to do; in ms of `performance.now`. */
  get lastMessageAt(): number {
    return this.#lastMessageAt;
  }

  /**
   * Whether it should get a chunk. A worker that is starting gets its first one: it will have it at once. One that is running gets a second
   * while all items are short, so that it never waits; long ones would wait for it, or it for them.
   */
  hasRoomFor(job: Job): boolean {
    const { chunks } = this;
    if (chunks.length === 0) return this.#state.name === 'starting' || this.#state.name === 'running';
    if (this.#state.name !== 'running' || chunks.length === MAX_CHUNKS_IN_HAND) return false;
    return isShort(job) && chunks.every((chunk) => isShort(chunk.job));
  }

  /** Sends a chunk, and before it what the worker needs to know of its target. */
  send(chunk: Chunk, instance: number): void {
    const { job, id, items, target } = chunk;
    const { options } = job;
    this.#channel.keepAlive(true);
    if (this.isIdle) this.#chunkStartedAt = this.#lastMessageAt = performance.now();
    const slot = this.#slots.indexOf(undefined);
    this.#slots[slot] = chunk;
    this.#memory.offer(slot);
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

  /** How many items of a chunk the worker has begun. */
  begunCount(chunk: Chunk): number {
    return this.#memory.begunCount(this.#slots.indexOf(chunk));
  }

  /** Takes back the items of a chunk that the worker has not begun: it will not. The chunk stays in hand until the worker is done with it. */
  recall(chunk: Chunk): readonly Item[] {
    return chunk.removeFrom(this.#memory.recall(this.#slots.indexOf(chunk)));
  }

  /** Ends the worker; it has nothing to do. */
  close(): void {
    if (this.#state.name === 'ended') return;
    this.#state = { name: 'closing' };
    // Who closes it waits for its end.
    this.#channel.keepAlive(true);
    this.#channel.post({ kind: 'close' }, []);
  }

  terminate(): void {
    if (this.#state.name === 'ended') return;
    this.#isTerminated = true;
    this.#channel.terminate();
  }

  #onMessage(message: FromWorker): void {
    this.#lastMessageAt = performance.now();
    switch (message.kind) {
      case 'ready':
        if (this.#state.name === 'starting') this.#state = { name: 'running' };
        this.#chunkStartedAt = this.#lastMessageAt;
        this.#listener.ready(this);
        break;
      case 'target-failed':
        this.#drop(message.id);
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
    const now = performance.now();
    this.#listener.measured(chunk.job, chunk.items.length, now - this.#chunkStartedAt);
    this.#chunkStartedAt = now;
    this.#forget(chunk);
    this.#listener.ready(this);
  }

  #forget(chunk: Chunk): void {
    this.#slots[this.#slots.indexOf(chunk)] = undefined;
    if (this.isIdle) this.#channel.keepAlive(false);
  }

  /** Forgets a target, and what was to be done with it: another job may try anew. */
  #drop(target: number): void {
    this.#targets.delete(target);
    for (const chunk of this.chunks) {
      if (chunk.target !== target) continue;
      this.#forget(chunk);
      chunk.job.giveBack(chunk.unsettledItems);
    }
  }

  #onExit(exitCode: number): void {
    const { name } = this.#state;
    this.#state = { name: 'ended' };
    const { chunks, running } = { chunks: this.chunks, running: this.#running };
    this.#slots.fill(undefined);
    this.#listener.ended(this, {
      wasStarting: name === 'starting',
      wasTerminated: this.#isTerminated,
      exitCode,
      error: this.#error,
      chunks,
      running,
    });
  }

  get #running(): Item | undefined {
    const { running } = this.#memory;
    if (running === undefined) return undefined;
    const chunk = this.#slots[running.slot];
    const offset = running.begunCount - 1;
    return chunk !== undefined && offset >= chunk.settledCount ? chunk.items[offset] : undefined;
  }
}

function isShort({ itemTime }: Job): boolean {
  return itemTime !== undefined && itemTime < SHORT_ITEM_MS;
}

/** The worker itself says what is wrong, unless it could not even load a module. */
function reasonOf({ error, module }: Extract<FromWorker, { kind: 'target-failed' }>): unknown {
  const cause = fromErrorRecord(error);
  if (module === undefined) return cause;
  return new TargetError(`the worker could not load ${module}: ${String(cause)}`, { cause });
}
