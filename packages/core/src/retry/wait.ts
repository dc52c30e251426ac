import { type AbortSignalLike, throwIfAborted } from '../call/abort.js';
import { follow } from '../call/merged-signal.js';
import type { Clock } from '../time/clock.js';

// Taken at load, so that fake timers in tests of users do not stop it.
const { setImmediate } = globalThis;

/**
 * Waits on a clock, unless a signal aborts.
 *
 * @throws the reason of the signal that aborts, as soon as it does
 */
export async function wait(clock: Clock, ms: number, signals: readonly AbortSignalLike[]): Promise<void> {
  // No delay at all, and again and again: timers and sockets, and with them the abort, must get their turn.
  if (ms <= 0) await new Promise((resolve) => setImmediate(resolve));
  else if (signals.length === 0) await clock.sleep(ms);
  else await sleepUnder(clock, ms, signals);
  // It may have aborted when the clock had struck and nothing had run yet.
  throwIfAborted(signals);
}

/**
 * The clock gets a signal of this wait alone: the caller's may be a polyfill's, which a clock need not know, and a thousand
 * waits may stand under it.
 */
async function sleepUnder(clock: Clock, ms: number, signals: readonly AbortSignalLike[]): Promise<void> {
  const controller = new AbortController();
  const leave = follow(controller, signals);
  try {
    await clock.sleep(ms, controller.signal);
  } finally {
    leave();
  }
}
