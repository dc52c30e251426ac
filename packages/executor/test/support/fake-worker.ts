import type { Channel, ChannelListener, OpenChannel } from '../../src/dispatch/channel.js';
import { ALL_IMPORTED, IMPORTING_CELL, LaneMemory } from '../../src/protocol/lane-memory.js';
import type { FromWorker, ItemOutcome, ToWorker } from '../../src/protocol/messages.js';

/** What every fake worker imports before its module. */
export const PRELOAD = '/preload.mjs';

export type SentChunk = Extract<ToWorker, { kind: 'chunk' }>;

/** A worker at the other end of a lane's channel, that does what the spec says, when it says so. */
export class FakeWorker implements Channel {
  readonly threadId: number;
  readonly module: string;
  readonly imports: readonly string[];
  readonly received: ToWorker[] = [];
  /** As a worker of Node begins. */
  keepsAlive = true;
  isTerminated = false;
  readonly #memory: LaneMemory;
  readonly #outcomeCounts = new Map<number, number>();
  readonly #listener: ChannelListener;

  constructor(threadId: number, memory: Int32Array, module: string, listener: ChannelListener) {
    this.threadId = threadId;
    this.module = module;
    this.imports = [PRELOAD, module];
    this.#memory = new LaneMemory(memory);
    this.#listener = listener;
  }

  post(message: ToWorker, transfer: readonly ArrayBuffer[]): void {
    this.received.push(structuredClone(message, { transfer: [...transfer] }));
  }

  keepAlive(isNeeded: boolean): void {
    this.keepsAlive = isNeeded;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  get chunks(): readonly SentChunk[] {
    return this.received.filter((message) => message.kind === 'chunk');
  }

  /** The sizes of the chunks that came here. */
  get sizes(): readonly number[] {
    return this.chunks.map(({ calls }) => calls.length);
  }

  /** How often it was told of a target. */
  get introductions(): number {
    return this.received.filter(({ kind }) => kind === 'target').length;
  }

  get wasToldToClose(): boolean {
    return this.received.some(({ kind }) => kind === 'close');
  }

  says(message: FromWorker): void {
    this.#listener.onMessage(message);
  }

  /** Says how large its heap is, in bytes, if its lane wants to know. */
  heapIs(bytes: number): void {
    this.#memory.reportHeap(() => bytes);
  }

  /** Begins to import one of its modules. */
  importsNow(module: string): void {
    this.#importing(this.imports.indexOf(module));
  }

  /** Has imported its modules, and has not said so yet. */
  hasImported(): void {
    this.#importing(ALL_IMPORTED);
  }

  isReady(): void {
    this.hasImported();
    this.says({ kind: 'ready' });
  }

  #importing(place: number): void {
    Atomics.store(this.#memory.cells, IMPORTING_CELL, place);
  }

  /** Has run the next items of a chunk, and tells of them; it is done with the chunk when none is left, or wanted. */
  tells(chunk: SentChunk, ...outcomes: readonly ItemOutcome[]): void {
    for (let i = 0; i < outcomes.length; i++) this.begins(chunk);
    this.#memory.end();
    const count = (this.#outcomeCounts.get(chunk.id) ?? 0) + outcomes.length;
    this.#outcomeCounts.set(chunk.id, count);
    this.says({ kind: 'outcomes', chunk: chunk.id, outcomes, isLast: count === chunk.calls.length });
  }

  /** Looks at a chunk of which the rest was taken back, and is done with it. */
  passes({ id }: SentChunk): void {
    this.says({ kind: 'outcomes', chunk: id, outcomes: [], isLast: true });
  }

  /** Returns each item of a chunk. */
  returns(chunk: SentChunk): void {
    this.tells(chunk, ...chunk.calls.map(([value]) => ({ value })));
  }

  /** Runs the next item of a chunk, unless that is no longer wanted. */
  begins({ slot, id }: SentChunk): boolean {
    const count = this.#outcomeCounts.get(id) ?? 0;
    return this.#memory.begin(slot, Math.max(count, this.#memory.begunCount(slot)));
  }

  fails(error: unknown): void {
    this.#listener.onError(error);
  }

  ends(exitCode = 0): void {
    this.#listener.onExit(exitCode);
  }
}

/** Hires a fake worker for each channel that is opened. */
export function fakeWorkers(): { readonly open: OpenChannel; readonly hired: readonly FakeWorker[] } {
  const hired: FakeWorker[] = [];
  const open: OpenChannel = (memory, module, listener) => {
    const worker = new FakeWorker(hired.length + 1, memory, module, listener);
    hired.push(worker);
    return worker;
  };
  return { open, hired };
}
