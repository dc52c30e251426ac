import { MAX_TIMER_MS, OptionReader } from '@switchgear/core/kit';
import { availableParallelism } from 'node:os';
import type { Recycling } from '../dispatch/recycling.js';
import type {
  CloseOptions,
  ExecutorOptions,
  JobSettings,
  Placement,
  StreamOptions,
} from './executor-options.js';
import { FOREIGN_NAMES } from './foreign-names.js';

const MAX_WORKERS = 1_024;
const MAX_CRASH_RETRIES = 100;
const MAX_CHUNK_ITEMS = 1_000_000;
/** More than any heap has. */
const MAX_HEAP_MB = 1_048_576;
/** The default of `grace`. */
const DEFAULT_GRACE_MS = 5_000;
/** The default of `startTimeout`. */
const START_TIMEOUT_MS = 30_000;

/** Options of an executor, read and checked. */
export interface ExecutorSettings {
  readonly workers: number;
  readonly nested: boolean;
  readonly inherit: boolean;
  /** In ms. */
  readonly startTimeout: number;
  /** In ms; Infinity for ever. */
  readonly idleTimeout: number;
  readonly recycle: Recycling | undefined;
  readonly preload: readonly string[];
  readonly resourceLimits: ExecutorOptions['resourceLimits'];
  readonly env: ExecutorOptions['env'];
  readonly job: ExplicitJobSettings;
}

/** The options of a job as they were given, with durations in ms; undefined where they were not given. */
export type ExplicitJobSettings = {
  readonly [K in keyof JobSettings]-?: (K extends 'grace' ? number : JobSettings[K]) | undefined;
};

/** @throws PolicyError with everything that is wrong */
export function readExecutorOptions(options: ExecutorOptions | undefined): ExecutorSettings {
  const read = new OptionReader<ExecutorOptions>('ParallelExecutor', options, {
    foreignNames: FOREIGN_NAMES,
  });
  const workers = read.integer('workers', { default: availableParallelism(), min: 1, max: MAX_WORKERS });
  const preload: unknown = read.raw('preload') ?? [];
  if (!Array.isArray(preload) || !preload.every((each) => typeof each === 'string')) {
    read.fault('preload', 'a list of modules: file URLs, absolute paths or names of packages');
  }
  const { resourceLimits, env } = { resourceLimits: read.raw('resourceLimits'), env: read.raw('env') };
  for (const [name, value] of Object.entries({ resourceLimits, env })) {
    if (value !== undefined && (typeof value !== 'object' || value === null)) {
      read.fault(name as 'env', 'an object');
    }
  }
  const nested = read.boolean('nested', { default: false });
  const inherit = read.boolean('inherit', { default: true });
  const startTimeout = read.duration('startTimeout', {
    default: START_TIMEOUT_MS,
    min: 1,
    max: MAX_TIMER_MS,
    orInfinity: true,
  });
  const idleTimeout = read.duration('idleTimeout', {
    default: Infinity,
    min: 1,
    max: MAX_TIMER_MS,
    orInfinity: true,
  });
  const recycle = readRecycling(read);
  const job = readJobSettings(read);
  read.finish();
  return {
    workers,
    startTimeout,
    idleTimeout,
    recycle,
    nested,
    inherit,
    preload: preload as readonly string[],
    resourceLimits: resourceLimits as ExecutorOptions['resourceLimits'],
    env: env as ExecutorOptions['env'],
    job,
  };
}

function readRecycling(read: OptionReader<ExecutorOptions>): Recycling | undefined {
  const recycle = read.group('recycle', (limits) => ({
    heap: limits.integer('heap', { min: 1, max: MAX_HEAP_MB }),
    items: limits.integer('items', { min: 1 }),
  }));
  const isEmpty = recycle !== undefined && recycle.heap === undefined && recycle.items === undefined;
  if (isEmpty && !read.isFaulty('recycle')) read.fault('recycle', 'an object with heap, items or both');
  return recycle;
}

/**
 * How long the items that run may go on, in ms; undefined where all items are to run.
 *
 * @throws PolicyError with everything that is wrong
 */
export function readCloseOptions(options: CloseOptions | undefined): number | undefined {
  const read = new OptionReader<CloseOptions>('ParallelExecutor.close', options);
  const within = read.duration('within', { max: MAX_TIMER_MS });
  const isForced = read.boolean('force', { default: false });
  if (isForced && within !== undefined) read.fault('force', 'false or nothing beside within');
  read.finish();
  return isForced ? 0 : within;
}

/** The options of one job, completed by those of the executor and by defaults. */
export interface CallSettings {
  readonly placement: Placement | undefined;
  readonly chunk: number | undefined;
  readonly crashRetries: number;
  readonly grace: number;
  readonly signal: AbortSignal | undefined;
  readonly constructorArgs: readonly unknown[];
  readonly transfer: ((item: never) => readonly ArrayBuffer[]) | undefined;
  readonly onProgress: StreamOptions['onProgress'];
  readonly ordered: boolean;
}

/**
 * @param subject the method that was called, for messages
 * @throws PolicyError with everything that is wrong
 */
export function readCallOptions(
  subject: string,
  options: object | undefined,
  job: ExplicitJobSettings,
): CallSettings {
  type AnyCallOptions = StreamOptions & { readonly constructorArgs?: readonly unknown[] };
  const read = new OptionReader<AnyCallOptions>(subject, options, { foreignNames: FOREIGN_NAMES });
  const own = readJobSettings(read);
  const signal: unknown = read.raw('signal');
  if (signal !== undefined && !(signal instanceof AbortSignal)) read.fault('signal', 'an AbortSignal');
  const constructorArgs: unknown = read.raw('constructorArgs') ?? [];
  if (!Array.isArray(constructorArgs)) read.fault('constructorArgs', 'a list of arguments');
  const transfer = read.callback('transfer');
  const onProgress = read.callback('onProgress');
  const ordered = read.boolean('ordered') ?? true;
  read.finish();
  return {
    placement: own.placement ?? job.placement,
    chunk: own.chunk ?? job.chunk,
    crashRetries: own.crashRetries ?? job.crashRetries ?? 1,
    grace: own.grace ?? job.grace ?? DEFAULT_GRACE_MS,
    signal: signal as AbortSignal | undefined,
    constructorArgs: constructorArgs as readonly unknown[],
    transfer: transfer,
    onProgress,
    ordered,
  };
}

function readJobSettings(read: OptionReader<JobSettings>): ExplicitJobSettings {
  return {
    placement: read.oneOf('placement', ['auto', 'workers', 'inline']),
    chunk: read.integer('chunk', { min: 1, max: MAX_CHUNK_ITEMS }),
    crashRetries: read.integer('crashRetries', { min: 0, max: MAX_CRASH_RETRIES }),
    grace: read.duration('grace', { max: MAX_TIMER_MS, orInfinity: true }),
  };
}
