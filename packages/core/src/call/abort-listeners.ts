import { tryRead } from '../errors/try-read.js';
import { threadSingleton } from '../process/thread-singleton.js';
import type { AbortSignalLike } from './abort.js';

/** What waits under one signal, and the one listener that the signal has for all of it. */
interface Waiters {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const waitersBySignal = threadSingleton('abort-listeners', () => new WeakMap<AbortSignalLike, Waiters>());

/**
 * Calls back when a signal aborts. However many wait under a signal, it has one listener, so that Node does not warn of a
 * leak; the listener goes with the last that waits. Joining and leaving cost the same whatever their number.
 *
 * @param signal one that has not aborted: of one that has, nothing is heard
 * @param callback called at most once; it must not throw
 * @returns a function that takes the callback back
 */
export function onAbort(signal: AbortSignalLike, callback: () => void): () => void {
  // A function of its own for each that waits: the same callback may wait twice.
  const own = (): void => callback();
  const { callbacks } = waitersBySignal.get(signal) ?? listenTo(signal);
  callbacks.add(own);
  return () => {
    if (!callbacks.delete(own) || callbacks.size > 0) return;
    forget(signal);
  };
}

function listenTo(signal: AbortSignalLike): Waiters {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    const all = [...callbacks];
    callbacks.clear();
    forget(signal);
    for (const callback of all) callback();
  };
  const waiters: Waiters = { callbacks, listener };
  signal.addEventListener('abort', listener);
  waitersBySignal.set(signal, waiters);
  return waiters;
}

function forget(signal: AbortSignalLike): void {
  const waiters = waitersBySignal.get(signal);
  if (waiters === undefined) return;
  waitersBySignal.delete(signal);
  tryRead(() => signal.removeEventListener('abort', waiters.listener));
}
