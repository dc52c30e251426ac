import type { Memory } from '../../panel/memory.js';
import {
  type CountWindow,
  countWindowCells,
  countWindowTotals,
  type OutcomeBits,
  recordInCountWindow,
  type WindowTotals,
} from './count-window.js';
import { recordInTimeWindow, TIME_WINDOW_CELLS, type TimeWindow, timeWindowTotals } from './time-window.js';

interface WindowLimits {
  /** The number of outcomes from which on rates count. */
  readonly minimumCalls: number;
  /** The rate at which the circuit opens, above 0 to 1; undefined if only slow calls count. */
  readonly failureRate: number | undefined;
  readonly slowRate: number | undefined;
}

/** The window of a policy, and the rates at which the circuit opens. */
export type WindowSettings =
  | (WindowLimits & CountWindow & { readonly kind: 'calls' })
  | (WindowLimits & TimeWindow & { readonly kind: 'duration' });

/** The number of cells of a window. */
export function windowCells(window: WindowSettings | undefined): number {
  if (window === undefined) return 0;
  return window.kind === 'calls' ? countWindowCells(window) : TIME_WINDOW_CELLS;
}

/**
 * @param now whole ms since the panel was made; a window of calls does not use it
 * @param word the position of the circuit's word
 */
export function recordOutcome(
  memory: Memory,
  at: number,
  window: WindowSettings,
  generation: number,
  outcome: OutcomeBits,
  now: number,
  word: number,
): void {
  if (window.kind === 'calls') recordInCountWindow(memory, at, window, generation, outcome);
  else recordInTimeWindow(memory, at, window, generation, outcome, now, word);
}

export function windowTotals(
  memory: Memory,
  at: number,
  window: WindowSettings,
  generation: number,
  now: number,
): WindowTotals {
  return window.kind === 'calls'
    ? countWindowTotals(memory, at, window, generation)
    : timeWindowTotals(memory, at, window, generation, now);
}

/** The rate at which the circuit opens that the totals have reached, if any. */
export function exceededLimit(
  { calls, failures, slow }: WindowTotals,
  { minimumCalls, failureRate, slowRate }: WindowSettings,
): 'failure-rate' | 'slow-rate' | undefined {
  // Rates of no calls are NaN, which reaches no limit.
  if (calls < minimumCalls) return undefined;
  if (failureRate !== undefined && failures / calls >= failureRate) return 'failure-rate';
  return slowRate !== undefined && slow / calls >= slowRate ? 'slow-rate' : undefined;
}
