import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../protocol/messages.js';
import { startOptions, type ThreadOptions, withoutRefused } from '../start/worker-options.js';
import { bootstrap } from '../worker/bootstrap.js';
import type { Channel, ChannelListener, OpenChannel } from './channel.js';

/** Channels to worker threads. */
export function workerChannels(options: ThreadOptions): OpenChannel {
  return (memory, module, listener) => {
    const { node, start } = startOptions(options, module, memory);
    return listenTo(startWorker({ ...node, workerData: start }), [...start.preload, module], listener);
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

function listenTo(worker: Worker, imports: readonly string[], listener: ChannelListener): Channel {
  const { threadId } = worker;
  worker.on('message', (message: FromWorker) => listener.onMessage(message));
  worker.on('error', (error) => listener.onError(error));
  // Not at 'error': messages that the worker posted before may still come.
  worker.once('exit', (code) => listener.onExit(code));
  return {
    threadId,
    imports,
    post: (message: ToWorker, transfer) => worker.postMessage(message, transfer),
    keepAlive: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}
