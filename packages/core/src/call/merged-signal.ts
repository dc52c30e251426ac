import { type AbortSignalLike, isAborted, reasonOf } from './abort.js';
import { onAbort } from './abort-listeners.js';

/** One signal for several, made when it is asked for. */
export interface MergedSignal {
  signal(): AbortSignal;
  /** Takes the listeners off the signals it was made of, and adds none later; undefined where there never is one. */
  readonly end: (() => void) | undefined;
}

/**
 * Merges signals by one controller of ours, since `AbortSignal.any` costs tens of microseconds and holds on to its signals.
 * A single signal of Node's own is given as it is.
 */
export function mergedSignal(signals: readonly AbortSignalLike[]): MergedSignal {
  if (signals.length === 0) {
    let none: AbortSignal | undefined;
    return { signal: () => (none ??= new AbortController().signal), end: undefined };
  }
  const [first] = signals;
  if (signals.length === 1 && first instanceof AbortSignal) return { signal: () => first, end: undefined };
  let signal: AbortSignal | undefined;
  let hasEnded = false;
  let leave: (() => void) | undefined;
  return {
    signal() {
      if (signal !== undefined) return signal;
      const controller = new AbortController();
      signal = controller.signal;
      if (hasEnded) abortIfAny(controller, signals);
      else leave = follow(controller, signals);
      return signal;
    },
    end() {
      hasEnded = true;
      leave?.();
    },
  };
}

/**
 * Aborts a controller as soon as one of the signals aborts, or has aborted.
 *
 * @returns a function that ends that
 */
export function follow(controller: AbortController, signals: readonly AbortSignalLike[]): () => void {
  if (abortIfAny(controller, signals)) return () => undefined;
  const leaves = signals.map((signal) =>
    onAbort(signal, () => {
      leave();
      controller.abort(reasonOf(signal));
    }),
  );
  const leave = (): void => {
    for (const one of leaves) one();
  };
  return leave;
}

function abortIfAny(controller: AbortController, signals: readonly AbortSignalLike[]): boolean {
  const aborted = signals.find(isAborted);
  if (aborted !== undefined) controller.abort(reasonOf(aborted));
  return aborted !== undefined;
}
