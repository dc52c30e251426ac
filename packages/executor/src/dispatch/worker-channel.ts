import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
  type WorkerOptions,
} from 'node:worker_threads';
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
    return listenTo(worker, own, [...start.preload, module], listener);
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

function listenTo(
  worker: Worker,
  port: MessagePort,
  imports: readonly string[],
  listener: ChannelListener,
): Channel {
  const { threadId } = worker;
  port.on('message', (message: FromWorker) => listener.onMessage(message));
  // Node could not read a message. What it said is lost, so the items of the worker have to run again.
  port.on('messageerror', (error) => {
    listener.onError(error);
    void worker.terminate();
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
    terminate: () => void worker.terminate(),
  };
}
