import type { FromWorker, ToWorker } from '../protocol/messages.js';

/** What a lane hears from its worker, in order; nothing after `ended`. */
export interface ChannelListener {
  onMessage(message: FromWorker): void;
  /** It failed; its end follows. */
  onError(error: unknown): void;
  onExit(exitCode: number): void;
}

/** A lane's end of the line to its worker: a thread, or this very one. */
export interface Channel {
  /** The thread's id; undefined where it is this one. */
  readonly threadId: number | undefined;
  /** @throws what the clone algorithm throws; then nothing was sent */
  post(message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  /** The modules that the worker imports before it is ready, in their order; the last one is the module that it was started for. */
  readonly imports: readonly string[];
  /** Whether the worker keeps the process alive. */
  keepAlive(isNeeded: boolean): void;
  terminate(): void;
}

/** Starts a worker that listens; `memory` are the cells that it shares with its lane. */
export type OpenChannel = (memory: Int32Array, module: string, listener: ChannelListener) => Channel;
