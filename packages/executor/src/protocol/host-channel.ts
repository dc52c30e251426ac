import type { FromWorker, ToWorker } from './messages.js';

/** The worker's end of the connection to its lane. */
export interface HostChannel {
  /** @throws what the clone algorithm throws */
  post(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
  /** Lets the event loop turn once. */
  turn(): Promise<void>;
  /**
   * Closes the connection, so that the worker can end.
   *
   * @param failure what has failed meanwhile: it is an error of the worker
   */
  close(failure: { readonly thrown: unknown } | undefined): void;
}

/** The host, as the bootstrap of a worker knows it. */
export interface WorkerHost {
  /** Takes a message from the pool. */
  receive(message: ToWorker): void;
  /** Sends the outcomes that are waiting. The bootstrap calls it when the worker exits. */
  flush(): void;
}
