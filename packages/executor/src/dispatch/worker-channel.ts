import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
  type WorkerOptions,
} from 'node:worker_threads';
import { eventLoop } from '../event-loop.js';
import { ALL_IMPORTED, IMPORTING_CELL } from '../protocol/lane-memory.js';
import type { FromWorker, ToWorker } from '../protocol/messages.js';
import { startOptions, type ThreadOptions, withoutRefused } from '../start/worker-options.js';
import { bootstrap } from '../worker/bootstrap.js';
import type { Channel, ChannelListener, OpenChannel } from './channel.js';

/** Channels to worker threads. */
export function workerChannels(options: ThreadOptions): OpenChannel {
  return (memory, module, listener) => {
    // A connection of its own: whatever the user's code sends over `parentPort` does not come here, and it cannot close this one.
    const { port1: own, port2: port } = new MessageChannel();
    const { node, start } = startOptions(options, module, memory);
    const worker = startWorker({ ...node, workerData: { ...start, port }, transferList: [port] });
    return listenTo(worker, own, memory, [...start.preload, module], listener);
  };
}

function startWorker(options: WorkerOptions): Worker {
  try {
    return new Worker(bootstrap(), options);
  } catch (error) {
    const accepted = withoutRefused(options, error);
    if (accepted === undefined) throw error;
    return startWorker(accepted);
  }
}

/** A worker that loads its modules is given this time to be done. */
const MAX_LOADING_MS = 1_000;
const LOADING_CHECK_MS = 5;

/**
 * Terminates a worker, but not in the middle of loading its modules: Node 20 ends the whole process if a worker is terminated while
 * it requires an ES module.
 */
function terminate(worker: Worker, memory: Int32Array, waited = 0): void {
  if (waited >= MAX_LOADING_MS || Atomics.load(memory, IMPORTING_CELL) === ALL_IMPORTED) {
    void worker.terminate();
    return;
  }
  eventLoop.setTimer(() => terminate(worker, memory, waited + LOADING_CHECK_MS), LOADING_CHECK_MS, true);
}

function listenTo(
  worker: Worker,
  port: MessagePort,
  memory: Int32Array,
  imports: readonly string[],
  listener: ChannelListener,
): Channel {
  const { threadId } = worker;
  port.on('message', (message: FromWorker) => listener.onMessage(message));
  // Node could not read a message. What it said is lost, so the items of the worker have to run again.
  port.on('messageerror', (error) => {
    listener.onError(error);
    terminate(worker, memory);
  });
  worker.on('error', (error) => listener.onError(error));
  // Not at 'error': messages that the worker posted before may still come.
  worker.once('exit', (code) => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      listener.onMessage(next.message as FromWorker);
    }
    port.close();
    listener.onExit(code);
  });
  return {
    threadId,
    imports,
    post: (message: ToWorker, transfer) => port.postMessage(message, transfer),
    keepAlive: (isNeeded) => {
      for (const each of [worker, port]) {
        if (isNeeded) each.ref();
        else each.unref();
      }
    },
    terminate: () => terminate(worker, memory),
  };
}
