import type { ResourceLimits, WorkerOptions } from 'node:worker_threads';
import { isModuleRequired, urlOf } from '../target/mark-site.js';
import type { WorkerStart } from '../worker/bootstrap.js';
import { importsIn, joinNodeOptions, splitNodeOptions, without, withoutPreloads } from './node-options.js';
import { registerModules } from './register-hooks.js';

export interface ThreadOptions {
  readonly preload: readonly string[];
  readonly resourceLimits: ResourceLimits | undefined;
  readonly env: NodeJS.ProcessEnv | undefined;
  /** Whether workers load the preloads of this thread. */
  readonly inherit: boolean;
}

/** How to start a worker: what Node gets, and what the bootstrap gets. */
export interface StartOptions {
  readonly node: WorkerOptions;
  readonly start: Omit<WorkerStart, 'port'>;
}

/**
 * Starts a worker as this thread was started. Node hands on to workers nearly everything by itself: conditions, loaders, source maps,
 * permissions, `--require`, the environment. Two things it does not: a worker of a text ignores `--import`, and a worker with an
 * environment of its own loses what NODE_OPTIONS says here.
 */
export function startOptions(options: ThreadOptions, module: string, memory: Int32Array): StartOptions {
  const { preload, resourceLimits, env, inherit } = options;
  const nodeOptions = env?.['NODE_OPTIONS'] ?? process.env['NODE_OPTIONS'];
  const words = splitNodeOptions(nodeOptions ?? '');
  const inherited = inherit
    ? [...registerModules().map(urlOf), ...importsIn([...words, ...process.execArgv]).map(urlOf)]
    : [];
  // Without an environment and arguments of its own, Node copies its options whole, also those that it refuses here.
  const isOwnEnv = env !== undefined || !inherit;
  const ownEnv = {
    ...(env ?? process.env),
    NODE_OPTIONS: joinNodeOptions(inherit ? words : withoutPreloads(words)),
  };
  return {
    node: {
      eval: true,
      name: 'switchgear',
      argv: process.argv.slice(2),
      ...(resourceLimits !== undefined && { resourceLimits }),
      ...(isOwnEnv && { env: ownEnv }),
      ...(!inherit && { execArgv: [...withoutPreloads(process.execArgv)] }),
    },
    start: {
      preload: [...new Set([...inherited, ...preload.map(urlOf)])],
      module,
      isRequired: isModuleRequired(module),
      memory,
      nodeOptions: isOwnEnv ? ((env ?? process.env)['NODE_OPTIONS'] ?? null) : undefined,
    },
  };
}

/**
 * The same options without those that Node refuses for a worker: they are of the whole process, such as `--max-old-space-size`. Node
 * names them in its error.
 *
 * @returns undefined if the error is another one, or names nothing that could be left out
 */
export function withoutRefused(node: WorkerOptions, error: unknown): WorkerOptions | undefined {
  const { code, message = '' } = error as Partial<NodeJS.ErrnoException>;
  if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') return undefined;
  const refused = new Set(message.match(/(?<=[\s,])--?[\w-]+/g) ?? []);
  const isRefused = (name: string): boolean => refused.has(name);
  const execArgv = node.execArgv && [...without(node.execArgv, isRefused)];
  const env = node.env as NodeJS.ProcessEnv | undefined;
  const words = splitNodeOptions(env?.['NODE_OPTIONS'] ?? '');
  const kept = without(words, isRefused);
  if (execArgv?.length === node.execArgv?.length && kept.length === words.length) return undefined;
  return {
    ...node,
    ...(execArgv && { execArgv }),
    ...(env && { env: { ...env, NODE_OPTIONS: joinNodeOptions(kept) } }),
  };
}
