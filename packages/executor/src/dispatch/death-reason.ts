import { fieldOf, showValue } from '@switchgear/core/kit';
import { constants } from 'node:os';
import { isWorkerStartError } from '../errors.js';

/** How a worker ended. */
export interface Death {
  readonly exitCode: number;
  /** What it failed with; undefined where it just exited. */
  readonly error: unknown;
}

/** Exit codes above this one mean a signal, by the convention of shells. */
const SIGNAL_BASE = 128;

/** Why a worker died, in words. */
export function reasonOfDeath({ exitCode, error }: Death): string {
  if (error === undefined) return `exit code ${exitCode}${signalOf(exitCode)}`;
  const message = fieldOf(error, 'message');
  if (typeof message !== 'string') return `it threw ${showValue(error)}, and nothing caught it`;
  if (isWorkerStartError(error)) return message;
  if (fieldOf(error, 'code') === 'ERR_WORKER_OUT_OF_MEMORY') {
    return 'out of memory: its heap reached the limit, which resourceLimits.maxOldGenerationSizeMb raises';
  }
  return `uncaught ${String(fieldOf(error, 'name'))}: ${message}`;
}

function signalOf(exitCode: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - SIGNAL_BASE);
  return signal === undefined ? '' : `, as of ${signal[0]}`;
}
