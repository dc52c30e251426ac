import { ALL_IMPORTED, IMPORTING_CELL } from '../protocol/lane-memory.js';
import { REGISTRATIONS_KEY } from '../target/registrations.js';
import { IMPORTING_KEY, LOAD_KEY, WORKER_KEY } from './nesting.js';

/** The data that a worker is started with. */
export interface WorkerStart {
  /** The modules to import first, in order: URLs or names of packages. */
  readonly preload: readonly string[];
  /** The user's module. It imports this package, and with it the host. */
  readonly module: string;
  /** The memory that the worker shares with its lane. */
  readonly memory: Int32Array;
  /** Whether the thread that starts the worker has loaded the module with `require`. */
  readonly isRequired: boolean;
  /** The NODE_OPTIONS that the worker's environment is to have, if it was started with others; null for none. */
  readonly nodeOptions: string | null | undefined;
}

/**
 * The code of a worker, as text: a file of its own would be missing from a bundle. It runs as an ES module or as CommonJS, depending on the
 * program's options. It imports the user's module, which imports this package or a bundled copy of it, and finds the host by one symbol.
 *
 * Circuits exist before user code runs: a worker is started with the panel, and the first copy of core in the thread takes it up.
 */
export function bootstrap(): string {
  return `
'use strict';
// Not at the top: there its names would be names of every module of the thread.
(() => {
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
const share = (key, value) => (globalThis[Symbol.for(key)] = value);
const { preload, module, isRequired, memory, nodeOptions } = workerData;
// Node has these for texts only. A module that asks for them would take itself for CommonJS.
for (const name of ['require', 'module', 'exports', '__filename', '__dirname']) delete globalThis[name];
if (nodeOptions === null) delete process.env.NODE_OPTIONS;
else if (nodeOptions !== undefined) process.env.NODE_OPTIONS = nodeOptions;
const nodeModule = process.getBuiltinModule('node:module');
// An import does not see the hooks of \`require\`, and a module that was required here may have been compiled by them.
const notEvaluated = (error) => error instanceof SyntaxError || /^ERR_(UNKNOWN_FILE_EXTENSION|REQUIRE_)/.test(error?.code);
const load = async (module, isRequired) => {
  share(${JSON.stringify(IMPORTING_KEY)}, module);
  try {
    if (!isRequired) return await import(module);
    const path = process.getBuiltinModule('node:url').fileURLToPath(module);
    try {
      return nodeModule.createRequire(path)(path);
    } catch (error) {
      if (!notEvaluated(error)) throw error;
      return await import(module).catch(() => { throw error; });
    }
  } finally {
    share(${JSON.stringify(IMPORTING_KEY)}, undefined);
  }
};
// tsx registers its loader in the main thread only, unless it can register it as sync hooks.
const importTsx = async (each) => {
  const { registerHooks } = nodeModule;
  let isHooked = false;
  if (registerHooks !== undefined) nodeModule.registerHooks = (...args) => ((isHooked = true), registerHooks(...args));
  nodeModule.syncBuiltinESMExports();
  await import(each);
  nodeModule.registerHooks = registerHooks;
  nodeModule.syncBuiltinESMExports();
  if (isHooked) return;
  const parentURL = process.getBuiltinModule('node:url').pathToFileURL(process.cwd() + '/').href;
  const loader = each.startsWith('tsx') ? 'tsx/esm' : each.replace(/loader\\.mjs$/, 'esm/index.mjs');
  nodeModule.register(loader, { parentURL, data: true });
};
(async () => {
  let failure;
  let at = module;
  const importing = (place) => Atomics.store(memory, ${IMPORTING_CELL}, place);
  share(${JSON.stringify(WORKER_KEY)}, module);
  share(${JSON.stringify(IMPORTING_KEY)}, module);
  share(${JSON.stringify(LOAD_KEY)}, load);
  try {
    for (const [place, each] of preload.entries()) {
      at = each;
      importing(place);
      await (/^tsx(\\/esm)?$|\\/tsx\\/dist\\/(loader|esm\\/index)\\.mjs$/.test(each) ? importTsx(each) : import(each));
    }
    at = module;
    importing(preload.length);
    await load(module, isRequired);
  } catch (error) {
    failure = error;
  }
  importing(${ALL_IMPORTED});
  share(${JSON.stringify(IMPORTING_KEY)}, undefined);
  const makeHost = registrations()?.host;
  if (makeHost === undefined || at !== module) {
    parentPort.off('message', keep);
    const error = recordOf(failure ?? new Error('it does not use @switchgear/executor in a worker'));
    // Its message names the module.
    if (error.code === 'ERR_NESTED_EXECUTOR') at = undefined;
    const fail = (message) => {
      if (message.kind === 'target') parentPort.postMessage({ kind: 'target-failed', id: message.id, error, module: at });
      // Ends the worker: the next one may find the module mended.
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
    close: (failure) => {
      parentPort.close();
      if (failure !== undefined) process.nextTick(() => { throw failure.thrown; });
    },
  }, memory);
  process.once('exit', () => host.flush());
  parentPort.off('message', keep);
  parentPort.on('message', (message) => host.receive(message));
  parentPort.postMessage({ kind: 'ready' });
  for (const message of waiting) host.receive(message);
})();
})();
`;
}
