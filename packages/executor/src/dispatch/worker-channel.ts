import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type ResourceLimits,
  Worker,
} from 'node:worker_threads';
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
    // A connection of its own: whatever the user's code sends over `parentPort` does not come here, and it cannot close this one.
    const { port1: own, port2: port } = new MessageChannel();
    const start: WorkerStart = {
      port,
      preload: preload.map(urlOf),
      module,
      memory,
      tsx: isCompiledByTsx(module),
    };
    const worker = new Worker(bootstrap(), {
      eval: true,
      workerData: start,
      transferList: [port],
      name: 'switchgear',
      ...(resourceLimits !== undefined && { resourceLimits }),
      ...(env !== undefined && { env }),
    });
    return listenTo(worker, own, [...start.preload, module], listener);
  };
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

/**
 * Whether tsx compiles the module in this thread. It registers its loader in this thread only: workers inherit the options and not their
 * effect. The options name tsx by its path if its command wrote them, and by its name in `--import tsx`.
 */
function isCompiledByTsx(module: string): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS']].join(' ');
  return /\.[cm]?tsx?(\?|$)/.test(module) && /(?<![\w.-])tsx(?![\w.-])/.test(options);
}
