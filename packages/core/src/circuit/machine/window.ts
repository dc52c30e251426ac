import type { Memory } from '../memory/memory.js';
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
  /** Outcomes needed before rates mean anything. */
  readonly minimumCalls: number;
  /** 0–1: the circuit opens at this rate or above; undefined asks about slow calls only. */
  readonly failureRate: number | undefined;
  readonly slowRate: number | undefined;
}

/** Which outcomes a circuit looks back on, and what it makes of them. */
export type WindowSettings =
  | (WindowLimits & CountWindow & { readonly kind: 'calls' })
  | (WindowLimits & TimeWindow & { readonly kind: 'duration' });

/** How many cells of memory a window needs. */
export function windowCells(window: WindowSettings | undefined): number {
  if (window === undefined) return 0;
  return window.kind === 'calls' ? countWindowCells(window) : TIME_WINDOW_CELLS;
}

/**
 * @param now whole ms since the panel was made; a window of calls does not look at it
 * @param word where the circuit's word is
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
  if (window.kind === 'calls') recordInCountWindow(memory, at, window, generation, outcome, word);
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

/** Which rate is reason enough to open, if one is. */
export function exceededLimit(
  { calls, failures, slow }: WindowTotals,
  { minimumCalls, failureRate, slowRate }: WindowSettings,
): 'failure-rate' | 'slow-rate' | undefined {
  if (calls < minimumCalls || calls === 0) return undefined;
  if (failureRate !== undefined && failures / calls >= failureRate) return 'failure-rate';
  return slowRate !== undefined && slow / calls >= slowRate ? 'slow-rate' : undefined;
}
