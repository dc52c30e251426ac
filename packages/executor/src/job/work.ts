import type { CallSettings } from '../options/settings.js';
import type { Owner, Target } from '../protocol/address.js';
import type { AsyncContext } from './async-context.js';
import type { JobOptions } from './job.js';
import type { Source } from './source.js';

/** What a caller asked for, before it is decided where it runs. */
export interface Work {
  /** A class, or a function. */
  readonly owner: Owner;
  /** The name of the method; undefined for a function. */
  readonly method: string | undefined;
  readonly settings: CallSettings;
  readonly source: Source;
  readonly isSpread: boolean;
  readonly isFailFast: boolean;
  /** Where it runs if no option says so. In a test that is this thread. */
  readonly defaultPlacement: 'auto' | 'workers';
}

export function jobOptions(work: Work, target: Target, context: AsyncContext | undefined): JobOptions {
  const { owner, settings, source, isSpread, isFailFast } = work;
  const { constructorArgs, crashRetries, grace, chunk, transfer } = settings;
  return {
    owner,
    target,
    constructorArgs,
    source,
    isSpread,
    isFailFast,
    crashRetries,
    grace,
    chunk,
    transfer,
    context,
  };
}
