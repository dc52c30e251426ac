import { ALL_IMPORTED, IMPORTING_CELL } from '../protocol/lane-memory.js';
import { REGISTRATIONS_KEY } from '../target/registrations.js';
import { IMPORTING_KEY, WORKER_KEY } from './nesting.js';

/** What a worker is started with. */
export interface WorkerStart {
  /** Imported first, in order; by their URLs, or names of packages. */
  readonly preload: readonly string[];
  /** Brings this package into the thread, and with it the host. */
  readonly module: string;
  /** Cells that it shares with its lane. */
  readonly memory: Int32Array;
  /** Whether the module has to be compiled by tsx, as it is in the thread that starts the worker. */
  readonly tsx: boolean;
}

/**
 * What a worker evaluates, as an ES module or as CommonJS, whichever the program's options say. It is text, and knows nothing but one symbol: so it needs no file, which a bundle would not have. The host comes
 * with the user's module, which imports this package, or its bundled copy.
 *
 * Circuits are there before user code is: a worker is born with the panel, and the first copy of core that is loaded takes it up.
 */
export function bootstrap(): string {
  return `
'use strict';
const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
const waiting = [];
const keep = (message) => waiting.push(message);
parentPort.on('message', keep);
const registrations = () => globalThis[Symbol.for(${JSON.stringify(REGISTRATIONS_KEY)})];
const recordOf = (error) => {
  const isError = typeof error === 'object' && error !== null && typeof error.message === 'string';
  const parts = isError ? error : { name: 'Error', message: String(error) };
  const code = typeof parts.code === 'string' ? { code: parts.code } : {};
  return { kind: 'error', builtIn: 'Error', name: String(parts.name), message: String(parts.message), stack: String(parts.stack), fields: {}, ...code };
};
(async () => {
  const { preload, module, memory, tsx } = workerData;
  let failure;
  let at = module;
  const importing = (place) => Atomics.store(memory, ${IMPORTING_CELL}, place);
  globalThis[Symbol.for(${JSON.stringify(WORKER_KEY)})] = globalThis[Symbol.for(${JSON.stringify(IMPORTING_KEY)})] = module;
  try {
    if (tsx) {
      const { createRequire, register } = process.getBuiltinModule('node:module');
      createRequire(module)('tsx/cjs');
      register('tsx/esm', { parentURL: module, data: true });
    }
    for (const each of preload) {
      at = each;
      importing(preload.indexOf(each));
      await import(each);
    }
    at = module;
    importing(preload.length);
    await import(module);
  } catch (error) {
    failure = error;
  }
  importing(${ALL_IMPORTED});
  globalThis[Symbol.for(${JSON.stringify(IMPORTING_KEY)})] = undefined;
  const makeHost = registrations()?.host;
  if (makeHost === undefined || at !== module) {
    parentPort.off('message', keep);
    const error = recordOf(failure ?? new Error('it does not use @switchgear/executor in a worker'));
    // That one says enough.
    if (error.code === 'ERR_NESTED_EXECUTOR') at = undefined;
    const fail = (message) => {
      if (message.kind === 'target') parentPort.postMessage({ kind: 'target-failed', id: message.id, error, module: at });
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
  }, memory);
  process.once('exit', () => host.flush());
  parentPort.off('message', keep);
  parentPort.on('message', (message) => host.receive(message));
  parentPort.postMessage({ kind: 'ready' });
  for (const message of waiting) host.receive(message);
})();
`;
}
