import { LOADING } from '../loading.js';
import { REGISTRATIONS } from '../registrations.js';

/** What a worker is started with. */
export interface WorkerStart {
  /** Imported first, in order. */
  readonly preload: readonly string[];
  /** Brings this package into the thread, and with it the host. */
  readonly module: string;
  readonly running: Int32Array;
  /** Whether the module has to be compiled by tsx, as it is in the thread that starts the worker. */
  readonly tsx: boolean;
}

/**
 * What a worker evaluates. It is text, and knows nothing but one symbol: so it needs no file, which a bundle would not have. The host comes
 * with the user's module, which imports this package, or its bundled copy.
 *
 * Circuits are there before user code is: a worker is born with the panel, and the first copy of core that is loaded takes it up.
 */
export function bootstrap(): string {
  return `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { pathToFileURL } = require('node:url');
const urlOf = (module) => (/^[a-z-]+:/i.test(module) && !/^[a-z]:[\\\\/]/i.test(module) ? module : module.startsWith('/') || /^[a-z]:/i.test(module) ? pathToFileURL(module).href : module);
const waiting = [];
const keep = (message) => waiting.push(message);
parentPort.on('message', keep);
const registrations = () => globalThis[Symbol.for(${JSON.stringify(REGISTRATIONS)})];
const recordOf = (error) => {
  const isError = typeof error === 'object' && error !== null && typeof error.message === 'string';
  const parts = isError ? error : { name: 'Error', message: String(error) };
  const code = typeof parts.code === 'string' ? { code: parts.code } : {};
  return { kind: 'error', builtIn: 'Error', name: String(parts.name), message: String(parts.message), stack: String(parts.stack), fields: {}, ...code };
};
(async () => {
  const { preload, module, running, tsx } = workerData;
  let failure;
  globalThis[Symbol.for(${JSON.stringify(LOADING)})] = module;
  try {
    if (tsx) {
      const { createRequire, register } = require('node:module');
      createRequire(urlOf(module))('tsx/cjs');
      register('tsx/esm', { parentURL: urlOf(module), data: true });
    }
    for (const each of preload) await import(urlOf(each));
    await import(urlOf(module));
  } catch (error) {
    failure = error;
  }
  globalThis[Symbol.for(${JSON.stringify(LOADING)})] = undefined;
  const makeHost = registrations()?.host;
  if (makeHost === undefined) {
    parentPort.off('message', keep);
    const why = failure ?? new Error('the module does not use @switchgear/executor in the worker');
    const error = recordOf(why);
    const fail = (message) => {
      if (message.kind === 'target') parentPort.postMessage({ kind: 'target-failed', id: message.id, error });
      // The next worker may find another module, or the same one mended.
      if (message.kind === 'target' || message.kind === 'close') parentPort.close();
    };
    parentPort.on('message', fail);
    parentPort.postMessage({ kind: 'ready' });
    for (const message of waiting) fail(message);
    return;
  }
  const host = makeHost({
    post: (message, transfer) => parentPort.postMessage(message, transfer),
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    close: () => parentPort.close(),
  }, running);
  process.once('exit', () => host.flush());
  parentPort.off('message', keep);
  parentPort.on('message', (message) => host.receive(message));
  parentPort.postMessage({ kind: 'ready' });
  for (const message of waiting) host.receive(message);
})();
`;
}
