import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../protocol/messages.js';
import { urlOf } from '../target/module-site.js';
import { bootstrap, type WorkerStart } from '../worker/bootstrap.js';
import type { Channel, ChannelListener, OpenChannel } from './channel.js';

export interface ThreadOptions {
  readonly preload: readonly string[];
  readonly resourceLimits: ResourceLimits | undefined;
  readonly env: NodeJS.ProcessEnv | undefined;
}

/** Channels to worker threads. */
export function workerChannels({ preload, resourceLimits, env }: ThreadOptions): OpenChannel {
  return (memory, module, listener) => {
    const start: WorkerStart = { preload: preload.map(urlOf), module, memory, tsx: isCompiledByTsx(module) };
    const worker = new Worker(bootstrap(), {
      eval: true,
      workerData: start,
      name: 'switchgear',
      ...(resourceLimits !== undefined && { resourceLimits }),
      ...(env !== undefined && { env }),
    });
    return listenTo(worker, [...start.preload, module], listener);
  };
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

/**
 * Whether tsx compiles the module in this thread. It registers its loader in this thread only: workers inherit the options and not their
 * effect. The options name tsx by its path if its command wrote them, and by its name in `--import tsx`.
 */
function isCompiledByTsx(module: string): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS']].join(' ');
  return /\.[cm]?tsx?(\?|$)/.test(module) && /(?<![\w.-])tsx(?![\w.-])/.test(options);
}
