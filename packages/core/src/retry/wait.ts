import { isSignalCarrier } from '../call/abort.js';
import type { Clock } from '../time/clock.js';

// Taken at load, so that fake timers in tests of users do not stop it.
const { setImmediate } = globalThis;

/** The signals that can end the waits of a call: the policy's, and those among the arguments. */
export function signalsOf(own: AbortSignal | undefined, args: readonly unknown[]): readonly AbortSignal[] {
  const given = args
    .filter(isSignalCarrier)
    .map((arg) => (arg instanceof AbortSignal ? arg : (arg as { signal: AbortSignal }).signal));
  return [...new Set(own === undefined ? given : [own, ...given])];
}

/**
 * Waits on a clock, unless a signal aborts.
 *
 * @throws the reason of the signal that aborts, as soon as it does
 */
export async function wait(clock: Clock, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  if (signals.length <= 1) await sleep(clock, ms, signals[0]);
  else await sleepUnderAll(clock, ms, signals);
  // It may have aborted when the clock had struck and nothing had run yet.
  for (const signal of signals) signal.throwIfAborted();
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms > 0) await clock.sleep(ms, signal);
  // No delay at all, and again and again: timers and sockets, and with them the abort, must get their turn.
  else await new Promise((resolve) => setImmediate(resolve));
}

/** Not by `AbortSignal.any`, which costs tens of microseconds and holds on to its signals. */
async function sleepUnderAll(clock: Clock, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  const either = new AbortController();
  const abort = (event: Event): void => either.abort((event.target as AbortSignal).reason);
  for (const signal of signals) {
    if (signal.aborted) either.abort(signal.reason);
    else signal.addEventListener('abort', abort, { once: true });
  }
  try {
    await sleep(clock, ms, either.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}
