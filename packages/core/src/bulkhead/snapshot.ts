import { heldIn, PERMITS, PLACES } from '../panel/permits.js';
import { keptIn } from '../panel/permit-line.js';
import type { LocalBulkhead } from './local-bulkhead.js';

/** A bulkhead as it is now, in all threads together. */
export interface BulkheadSnapshot {
  readonly key: string;
  readonly maxConcurrent: number;
  readonly maxQueue: number;
  /** How many calls run. */
  readonly running: number;
  /** How many more calls could begin now. */
  readonly free: number;
  /** How many calls wait. */
  readonly waiting: number;
}

/** Whether a call would be admitted now, and why. */
export interface BulkheadExplanation {
  readonly admits: boolean;
  readonly reason: 'free' | 'waits' | 'full';
  /** The same as a sentence. */
  readonly text: string;
}

export function snapshotOf({ key, settings, permits }: LocalBulkhead): BulkheadSnapshot {
  const { maxConcurrent, maxQueue } = settings;
  const { memory } = permits;
  const lines = permits.lines();
  const kept = lines.reduce((sum, line) => sum + keptIn(memory.load(line + PERMITS.word)), 0);
  // A permit that goes from one thread to another counts twice for a moment.
  const running = Math.min(maxConcurrent, heldIn(memory, lines, PERMITS, false) - kept);
  const waiting = Math.min(maxQueue, heldIn(memory, lines, PLACES, false));
  return { key, maxConcurrent, maxQueue, running, free: maxConcurrent - running, waiting };
}

export function explanationOf(local: LocalBulkhead): BulkheadExplanation {
  const { key, maxConcurrent, maxQueue, running, free, waiting } = snapshotOf(local);
  const state = `Bulkhead "${key}": ${running} of ${calls(maxConcurrent)} ${running === 1 ? 'runs' : 'run'}`;
  if (free > 0 && waiting === 0) {
    return { admits: true, reason: 'free', text: `${state}. The next call begins at once.` };
  }
  const queue = maxQueue === 0 ? 'none may wait' : `${waiting} of ${maxQueue} wait`;
  return waiting < maxQueue
    ? { admits: true, reason: 'waits', text: `${state}, ${queue}. The next call waits.` }
    : { admits: false, reason: 'full', text: `${state}, ${queue}. The next call is refused.` };
}

function calls(n: number): string {
  return `${n} ${n === 1 ? 'call' : 'calls'}`;
}
