import { getHeapStatistics } from 'node:v8';
import { toErrorRecord } from '@switchgear/core';
import { isThenable } from '@switchgear/core/kit';
import { NotCloneableError } from '../errors.js';
import { type EventLoop, eventLoop, type Timer } from '../event-loop.js';
import { type AsyncContext, currentContext } from '../job/async-context.js';
import type { Target } from '../protocol/address.js';
import type { HostChannel, WorkerHost } from '../protocol/host-channel.js';
import { LaneMemory } from '../protocol/lane-memory.js';
import { DISPOSAL, type ItemOutcome, type ToWorker } from '../protocol/messages.js';
import { assertPresent } from '../protocol/transfers.js';
import type { FoundOwner, LoadedTarget } from '../target/loaded-target.js';
import { ThreadInstances } from '../target/thread-instances.js';
import { loadTarget } from './load-class.js';

type ChunkMessage = Extract<ToWorker, { kind: 'chunk' }>;

/** Outcomes are collected into one message for at most this long … */
const MAX_WAIT_MS = 8;
/** … and up to this many. */
const MAX_WAITING_OUTCOMES = 1_024;

/** A chunk that waits, with the async context in which it came: in this thread, that of whoever began the job. */
interface WaitingChunk {
  readonly chunk: ChunkMessage;
  readonly context: AsyncContext;
  next: WaitingChunk | undefined;
}

/**
 * Runs in a worker: takes chunks, runs their items one after the other and sends their outcomes.
 *
 * The user's code may have replaced the methods of arrays and promises. So what runs for each item uses none of them.
 */
export class Host implements WorkerHost {
  readonly #channel: HostChannel;
  readonly #memory: LaneMemory;
  readonly #loop: EventLoop;
  readonly #findOwner: (target: Target) => Promise<FoundOwner>;
  /** By their numbers. */
  readonly #targets: Record<number, Promise<LoadedTarget | undefined> | undefined> = {};
  readonly #instances = new ThreadInstances();
  #firstWaiting: WaitingChunk | undefined;
  #lastWaiting: WaitingChunk | undefined;
  #isWorking = false;
  #chunk = 0;
  #waiting: ItemOutcome[] = [];
  #transfers: ArrayBuffer[] = [];
  #lastFlush = 0;
  #timer: Timer | undefined;

  /**
   * @param cells the memory that it shares with its lane
   * @param findOwner finds the class or function of a target in this thread
   */
  constructor(
    channel: HostChannel,
    cells: Int32Array,
    findOwner: (target: Target) => Promise<FoundOwner>,
    loop: EventLoop = eventLoop,
  ) {
    this.#loop = loop;
    this.#channel = channel;
    this.#memory = new LaneMemory(cells);
    this.#findOwner = findOwner;
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'target':
        this.#targets[message.id] = this.#load(message);
        break;
      case 'chunk':
        this.#enqueue({ chunk: message, context: currentContext(), next: undefined });
        if (!this.#isWorking) void this.#work();
        break;
      case 'close':
        void this.#close();
    }
  }

  /** Disposes of the instances, and lets the worker end. */
  async #close(): Promise<void> {
    let failure: { readonly thrown: unknown } | undefined;
    try {
      await this.#instances.dispose(() => this.#channel.post({ kind: 'closing', resources: [DISPOSAL] }));
    } catch (thrown) {
      failure = { thrown };
    }
    this.#channel.close(failure);
  }

  /**
   * Sends the outcomes that are waiting.
   *
   * @param isLast whether the host is done with the chunk
   */
  flush(isLast = false): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const outcomes = this.#waiting;
    if (outcomes.length === 0 && !isLast) return;
    // A set: results may share a buffer.
    const transfer = this.#transfers.length === 0 ? [] : [...new Set(this.#transfers)];
    this.#waiting = [];
    this.#transfers = [];
    this.#lastFlush = this.#loop.now();
    try {
      assertPresent(transfer);
      this.#channel.post({ kind: 'outcomes', chunk: this.#chunk, outcomes, isLast }, transfer);
    } catch {
      // One of the results cannot be cloned. Sent one by one, only that one fails.
      for (const [i, outcome] of outcomes.entries()) {
        this.#flushAlone(outcome, transfer, isLast && i === outcomes.length - 1);
      }
    }
  }

  #flushAlone(outcome: ItemOutcome, transfer: readonly ArrayBuffer[], isLast: boolean): void {
    const { value } = outcome as { readonly value?: { readonly buffer?: unknown } | undefined };
    const own = transfer.filter((buffer) => value === (buffer as unknown) || value?.buffer === buffer);
    const kind = 'outcomes';
    const chunk = this.#chunk;
    try {
      assertPresent(own);
      this.#channel.post({ kind, chunk, outcomes: [outcome], isLast }, own);
    } catch (cause) {
      const error = toErrorRecord(
        new NotCloneableError(`the result cannot go to another thread: ${String(cause)}`, { cause }),
      );
      this.#channel.post({ kind, chunk, outcomes: [{ error }], isLast });
    }
  }

  async #load(message: Extract<ToWorker, { kind: 'target' }>): Promise<LoadedTarget | undefined> {
    try {
      return await loadTarget(message, this.#instances, this.#findOwner);
    } catch (error) {
      this.#channel.post({ kind: 'target-failed', id: message.id, error: toErrorRecord(error) });
      return undefined;
    }
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#firstWaiting !== undefined) {
      const { chunk, context, next } = this.#firstWaiting;
      this.#firstWaiting = next;
      await context(() => this.#runChunk(chunk));
      // Lets messages, timers and unhandled rejections have their turn.
      if (!this.#hasWaiting) await this.#channel.turn();
    }
    this.#isWorking = false;
  }

  get #hasWaiting(): boolean {
    return this.#firstWaiting !== undefined;
  }

  #enqueue(waiting: WaitingChunk): void {
    if (this.#firstWaiting === undefined || this.#lastWaiting === undefined) this.#firstWaiting = waiting;
    else this.#lastWaiting.next = waiting;
    this.#lastWaiting = waiting;
  }

  async #runChunk(chunk: ChunkMessage): Promise<void> {
    const target = await this.#targets[chunk.target];
    // The lane has got a `target-failed`, and has given the chunk back.
    if (target === undefined) return;
    this.#chunk = chunk.id;
    this.#lastFlush = this.#loop.now();
    for (let offset = 0; offset < chunk.calls.length; offset++) {
      // The lane has taken the rest back.
      if (!this.#memory.begin(chunk.slot, offset)) break;
      const result = this.#call(target, chunk.calls[offset]);
      // A statement of its own: a flush during the await replaces `#waiting`.
      const outcome = isThenable(result) ? await this.#awaited(result) : result;
      this.#waiting[this.#waiting.length] = outcome;
      this.#memory.end();
      const waited = this.#loop.now() - this.#lastFlush;
      if (waited >= MAX_WAIT_MS || this.#waiting.length >= MAX_WAITING_OUTCOMES) this.flush();
    }
    this.#memory.reportHeap(() => getHeapStatistics().used_heap_size);
    this.flush(true);
  }

  /** Makes sure that outcomes do not wait for long behind an item that is awaited. */
  #awaited(call: PromiseLike<ItemOutcome>): PromiseLike<ItemOutcome> {
    if (this.#waiting.length > 0) this.#timer ??= this.#loop.setTimer(() => this.flush(), MAX_WAIT_MS, true);
    return call;
  }

  /** Runs an item. Returns a promise only if the method returns one. */
  #call(target: LoadedTarget, args: readonly unknown[]): ItemOutcome | Promise<ItemOutcome> {
    try {
      const result = target.call(args);
      return isThenable(result) ? this.#settled(target, result) : this.#returned(target, result);
    } catch (error) {
      return { error: toErrorRecord(error) };
    }
  }

  /** By `await`, which needs no method of a promise that the user's code may have replaced. */
  async #settled(target: LoadedTarget, result: PromiseLike<unknown>): Promise<ItemOutcome> {
    try {
      return this.#returned(target, await result);
    } catch (error) {
      return { error: toErrorRecord(error) };
    }
  }

  #returned(target: LoadedTarget, value: unknown): ItemOutcome {
    try {
      const transfers = target.transferOf(value);
      for (let i = 0; i < transfers.length; i++) this.#transfers[this.#transfers.length] = transfers[i];
      return { value };
    } catch (error) {
      return { error: toErrorRecord(error) };
    }
  }
}
