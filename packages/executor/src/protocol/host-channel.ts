import type { FromWorker, ToWorker } from './messages.js';

/** The worker's end of the line to its lane. */
export interface HostChannel {
  /** @throws what the clone algorithm throws */
  post(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
  /** Lets the thread do everything else that waits. */
  turn(): Promise<void>;
  /** Nothing more will come. */
  close(): void;
}

/** What runs in a worker, as its bootstrap knows it. */
export interface WorkerHost {
  /** Takes a message from the pool. */
  receive(message: ToWorker): void;
  /** Tells of everything that is done; the worker's last words. */
  flush(): void;
}
