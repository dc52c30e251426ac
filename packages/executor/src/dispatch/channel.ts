import type { FromWorker, ToWorker } from '../protocol/messages.js';

/** Gets the events of a worker, in order; none after `onExit`. */
export interface ChannelListener {
  onMessage(message: FromWorker): void;
  /** The worker failed. `onExit` follows. */
  onError(error: unknown): void;
  onExit(exitCode: number): void;
}

/** A lane's end of the connection to its worker, which is a thread, or this thread. */
export interface Channel {
  /** The id of the worker's thread; undefined if that is this thread. */
  readonly threadId: number | undefined;
  /** @throws an error of the clone algorithm; nothing was sent then */
  post(message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  /** The modules that the worker imports before it is ready, in their order; the last one is the module that it was started for. */
  readonly imports: readonly string[];
  /** Sets whether the worker keeps the process alive. */
  keepAlive(isNeeded: boolean): void;
  terminate(): void;
}

/** Starts a worker. It shares `memory` with its lane. */
export type OpenChannel = (memory: Int32Array, module: string, listener: ChannelListener) => Channel;
