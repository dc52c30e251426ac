import { fromErrorRecord, toErrorRecord } from '@switchgear/core';
import { NotCloneableError } from '../errors.js';
import type { Job, JobOptions } from '../job.js';
import { type FromWorker, NOTHING, Running } from '../protocol.js';
import { assertPresent } from '../transfers.js';
import type { Channel, ChannelListener, OpenChannel } from './channel.js';
import type { Chunk, Item } from './chunk.js';

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
  readonly wasClosing: boolean;
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

/** A worker at work may have one chunk waiting, … */
const IN_HAND = 2;
/** … if its items take no longer than this, in ms: then a message would take long in comparison. */
const SHORT = 2;

/** One worker, from its start to its end, and what it has in hand. */
export class Lane {
  readonly #channel: Channel;
  readonly #listener: LaneListener;
  readonly #running = new Int32Array(new SharedArrayBuffer(Running.cells * 4)).fill(NOTHING);
  readonly #chunks = new Map<number, Chunk>();
  readonly #targets = new Set<number>();
  #state: LaneState = { name: 'starting' };
  #error: unknown;
  #beganAt = 0;

  constructor(open: OpenChannel, module: string, listener: LaneListener) {
    this.#listener = listener;
    const listens: ChannelListener = {
      heard: (message) => this.#heard(message),
      failed: (error) => (this.#error = error),
      ended: (code) => this.#ended(code),
    };
    this.#channel = open(this.#running, module, listens);
    this.#channel.keepAlive(false);
  }

  get threadId(): number | undefined {
    return this.#channel.threadId;
  }

  get isIdle(): boolean {
    return this.#chunks.size === 0;
  }

  get isEnded(): boolean {
    return this.#state.name === 'ended';
  }

  /**
   * Whether it should get a chunk. A worker that is starting gets its first one: it will have it at once. One that is running gets a second
   * while its items are short, so that it never waits; long ones would wait for it.
   */
  hasRoomFor({ itemTime }: Job): boolean {
    if (this.#chunks.size === 0) return this.#state.name === 'starting' || this.#state.name === 'running';
    if (this.#state.name !== 'running' || this.#chunks.size >= IN_HAND) return false;
    return itemTime !== undefined && itemTime < SHORT;
  }

  /** Sends a chunk, and before it what the worker needs to know of its target. */
  send(chunk: Chunk, instance: number): void {
    const { job, id, items, target } = chunk;
    const { options } = job;
    this.#channel.keepAlive(true);
    if (this.#chunks.size === 0) this.#beganAt = performance.now();
    this.#chunks.set(id, chunk);
    try {
      this.#introduce(target, options, instance);
      // Items may share what is handed over.
      const transfer = new Set(items.flatMap(({ args: [item] }) => options.transfer?.(item as never) ?? []));
      assertPresent(transfer);
      const calls = items.map(({ args }) => args);
      this.#channel.post({ kind: 'chunk', id, target, calls, stop: job.stop }, [...transfer]);
    } catch (cause) {
      this.#chunks.delete(id);
      if (this.#chunks.size === 0) this.#channel.keepAlive(false);
      this.#failToSend(chunk, cause);
    }
  }

  #introduce(id: number, { target, constructorArgs }: JobOptions, instance: number): void {
    if (this.#targets.has(id)) return;
    this.#channel.post({ kind: 'target', id, target, instance, constructorArgs }, []);
    this.#targets.add(id);
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
    if (this.#state.name !== 'ended') this.#channel.terminate();
  }

  #heard(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        if (this.#state.name === 'starting') this.#state = { name: 'running' };
        this.#beganAt = performance.now();
        this.#listener.ready(this);
        break;
      case 'target-failed':
        this.#drop(message.id);
        this.#listener.targetFailed(message.id, fromErrorRecord(message.error));
        break;
      case 'outcomes': {
        const chunk = this.#chunks.get(message.chunk);
        if (chunk === undefined) break;
        for (const outcome of message.outcomes) {
          chunk.job.settle(chunk.items[chunk.settled], outcome);
          chunk.settled++;
        }
        if (chunk.settled === chunk.items.length) this.#done(chunk);
      }
    }
  }

  #done(chunk: Chunk): void {
    const now = performance.now();
    this.#listener.measured(chunk.job, chunk.items.length, now - this.#beganAt);
    this.#beganAt = now;
    this.#chunks.delete(chunk.id);
    if (this.#chunks.size === 0) this.#channel.keepAlive(false);
    this.#listener.ready(this);
  }

  /** Forgets a target, and what was to be done with it: another job may try anew. */
  #drop(target: number): void {
    this.#targets.delete(target);
    for (const chunk of this.#chunks.values()) {
      if (chunk.target !== target) continue;
      this.#chunks.delete(chunk.id);
      chunk.job.giveBack(chunk.unsettled);
    }
    if (this.#chunks.size === 0) this.#channel.keepAlive(false);
  }

  /**
   * One of its items cannot be cloned: it fails, and the others are sent again. Where it is none of them, it is what is to be handed over, or
   * the arguments of the constructor, and all fail.
   */
  #failToSend({ job, items }: Chunk, cause: unknown): void {
    const cloneable = new Set(items.filter(({ args }) => isCloneable(args)));
    if (cloneable.size === items.length) cloneable.clear();
    for (const item of items) {
      if (!cloneable.has(item)) {
        const error = new NotCloneableError(
          `item ${item.index} cannot go to another thread: ${String(cause)}`,
          { cause },
        );
        job.settle(item, { error: toErrorRecord(error) });
      }
    }
    job.giveBack([...cloneable]);
    this.#listener.ready(this);
  }

  #ended(exitCode: number): void {
    const { name } = this.#state;
    this.#state = { name: 'ended' };
    const chunks = [...this.#chunks.values()];
    const current = this.#chunks.get(Atomics.load(this.#running, Running.chunk));
    const offset = Atomics.load(this.#running, Running.offset);
    const running = current !== undefined && offset >= current.settled ? current.items[offset] : undefined;
    this.#chunks.clear();
    this.#listener.ended(this, {
      wasStarting: name === 'starting',
      wasClosing: name === 'closing',
      exitCode,
      error: this.#error,
      chunks,
      running,
    });
  }
}

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
