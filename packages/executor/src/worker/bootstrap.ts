import type { MessagePort } from 'node:worker_threads';
import { ALL_IMPORTED, IMPORTING_CELL } from '../protocol/lane-memory.js';
import { REGISTRATIONS_KEY } from '../target/registrations.js';
import { IMPORTING_KEY, LOAD_KEY, WORKER_KEY } from './nesting.js';

/** The resources of Node that end by themselves: what a method has begun, such as to write a file. */
const REQUESTS = String.raw`/Req|Write|Shutdown|Process|Zlib/`;
/** How often a worker that closes looks whether these have ended. */
const CLOSE_CHECK_MS = 5;

/** The data that a worker is started with. */
export interface WorkerStart {
  /** The worker's end of the connection to its lane. */
  readonly port: MessagePort;
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
const threads = process.getBuiltinModule('node:worker_threads');
const { port, ...start } = threads.workerData;
// The data and the port are ours: the user's code finds neither, and its own messages go another way.
threads.workerData = null;
process.getBuiltinModule('node:module').syncBuiltinESMExports();
// Taken before the user's code runs, which may replace them.
const { Promise } = globalThis;
const { setImmediate, setTimeout } = process.getBuiltinModule('node:timers');
const exit = process.exit.bind(process);
const nextTick = process.nextTick.bind(process);
const resources = process.getActiveResourcesInfo.bind(process);
const waiting = [];
const keep = (message) => waiting.push(message);
port.on('message', keep);
const openRequests = () => {
  const requests = [];
  const all = resources();
  // No methods of arrays, which the user's code may have replaced.
  for (let i = 0; i < all.length; i++) if (${REQUESTS}.test(all[i])) requests[requests.length] = all[i];
  return requests;
};
// Ends the worker when what it has begun has ended. Nothing waits for timers, servers and idle sockets that a method has left open.
const close = () => {
  const requests = openRequests();
  if (requests.length > 0) port.postMessage({ kind: 'closing', resources: requests });
  port.close();
  const endIfDone = () => {
    if (openRequests().length > 0) setTimeout(endIfDone, ${CLOSE_CHECK_MS});
    else exit(0);
  };
  setImmediate(endIfDone);
};
const registrations = () => globalThis[Symbol.for(${JSON.stringify(REGISTRATIONS_KEY)})];
const recordOf = (error) => {
  const isError = typeof error === 'object' && error !== null && typeof error.message === 'string';
  const parts = isError ? error : { name: 'Error', message: String(error) };
  const code = typeof parts.code === 'string' ? { code: parts.code } : {};
  return { kind: 'error', builtIn: 'Error', name: String(parts.name), message: String(parts.message), stack: String(parts.stack), fields: {}, ...code };
};
const share = (key, value) => (globalThis[Symbol.for(key)] = value);
const { preload, module, isRequired, memory, nodeOptions } = start;
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
    port.off('message', keep);
    const error = recordOf(failure ?? new Error('it does not use @switchgear/executor in a worker'));
    // Its message names the module.
    if (error.code === 'ERR_NESTED_EXECUTOR') at = undefined;
    const fail = (message) => {
      if (message.kind === 'target') port.postMessage({ kind: 'target-failed', id: message.id, error, module: at });
      // Ends the worker: the next one may find the module mended.
      if (message.kind === 'target' || message.kind === 'close') close();
    };
    port.on('message', fail);
    port.postMessage({ kind: 'ready' });
    for (const message of waiting) fail(message);
    return;
  }
  const host = makeHost({
    post: (message, transfer) => port.postMessage(message, transfer),
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    close: (failure) => {
      close();
      if (failure !== undefined) nextTick(() => { throw failure.thrown; });
    },
  }, memory);
  process.once('exit', () => host.flush());
  port.off('message', keep);
  port.on('message', (message) => host.receive(message));
  port.postMessage({ kind: 'ready' });
  for (const message of waiting) host.receive(message);
})();
})();
`;
}
