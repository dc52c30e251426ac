import { toErrorRecord } from '@switchgear/core';
import { isThenable } from '@switchgear/core/kit';
import { NotCloneableError } from '../errors.js';
import type { Target } from '../protocol/address.js';
import type { HostChannel, WorkerHost } from '../protocol/host-channel.js';
import { LaneMemory } from '../protocol/lane-memory.js';
import type { ItemOutcome, ToWorker } from '../protocol/messages.js';
import { assertPresent } from '../protocol/transfers.js';
import type { FoundOwner, LoadedTarget } from '../target/loaded-target.js';
import { ThreadInstances } from '../target/thread-instances.js';
import { loadTarget } from './load-class.js';

type ChunkMessage = Extract<ToWorker, { kind: 'chunk' }>;

/** Outcomes are collected into one message for at most this long … */
const MAX_WAIT_MS = 8;
/** … and up to this many. */
const MAX_WAITING_OUTCOMES = 1_024;

/** Runs in a worker: takes chunks, runs their items one after the other and sends their outcomes. */
export class Host implements WorkerHost {
  readonly #channel: HostChannel;
  readonly #memory: LaneMemory;
  readonly #findOwner: (target: Target) => Promise<FoundOwner>;
  readonly #targets = new Map<number, Promise<LoadedTarget | undefined>>();
  readonly #instances = new ThreadInstances();
  readonly #queue: ChunkMessage[] = [];
  #isWorking = false;
  #chunk = 0;
  #waiting: ItemOutcome[] = [];
  #transfers: ArrayBuffer[] = [];
  #lastFlush = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param cells the memory that it shares with its lane
   * @param findOwner finds the class or function of a target in this thread
   */
  constructor(channel: HostChannel, cells: Int32Array, findOwner: (target: Target) => Promise<FoundOwner>) {
    this.#channel = channel;
    this.#memory = new LaneMemory(cells);
    this.#findOwner = findOwner;
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'target':
        this.#targets.set(message.id, this.#load(message));
        break;
      case 'chunk':
        this.#queue.push(message);
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
      await this.#instances.dispose();
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
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const outcomes = this.#waiting;
    if (outcomes.length === 0 && !isLast) return;
    // A set: results may share a buffer.
    const transfer = [...new Set(this.#transfers)];
    this.#waiting = [];
    this.#transfers = [];
    this.#lastFlush = performance.now();
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
    for (let chunk = this.#queue.shift(); chunk !== undefined; chunk = this.#queue.shift()) {
      await this.#runChunk(chunk);
      // Lets messages, timers and unhandled rejections have their turn.
      if (this.#queue.length === 0) await this.#channel.turn();
    }
    this.#isWorking = false;
  }

  async #runChunk(chunk: ChunkMessage): Promise<void> {
    const target = await this.#targets.get(chunk.target);
    // The lane has got a `target-failed`, and has given the chunk back.
    if (target === undefined) return;
    this.#chunk = chunk.id;
    this.#lastFlush = performance.now();
    for (const [offset, args] of chunk.calls.entries()) {
      // The lane has taken the rest back.
      if (!this.#memory.begin(chunk.slot, offset)) break;
      const result = this.#call(target, args);
      // A statement of its own: a flush during the await replaces `#waiting`.
      const outcome = result instanceof Promise ? await this.#awaited(result) : result;
      this.#waiting.push(outcome);
      this.#memory.end();
      const waited = performance.now() - this.#lastFlush;
      if (waited >= MAX_WAIT_MS || this.#waiting.length >= MAX_WAITING_OUTCOMES) this.flush();
    }
    this.flush(true);
  }

  /** Makes sure that outcomes do not wait for long behind an item that is awaited. */
  #awaited(call: Promise<ItemOutcome>): Promise<ItemOutcome> {
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.flush(), MAX_WAIT_MS);
    return call;
  }

  /** Runs an item. Returns a promise only if the method returns one. */
  #call(target: LoadedTarget, args: readonly unknown[]): ItemOutcome | Promise<ItemOutcome> {
    try {
      const result = target.call(args);
      if (!isThenable(result)) return this.#returned(target, result);
      return Promise.resolve(result).then(
        (value) => this.#returned(target, value),
        (error: unknown) => ({ error: toErrorRecord(error) }),
      );
    } catch (error) {
      return { error: toErrorRecord(error) };
    }
  }

  #returned(target: LoadedTarget, value: unknown): ItemOutcome {
    try {
      this.#transfers.push(...target.transferOf(value));
      return { value };
    } catch (error) {
      return { error: toErrorRecord(error) };
    }
  }
}
