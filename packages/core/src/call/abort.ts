import { fieldOf } from '../errors/object-shape.js';
import { tryRead } from '../errors/try-read.js';

/**
 * An AbortSignal, known by its shape: of this realm, of another one, or of a polyfill. A signal without a `reason` has the
 * one that Node would give it.
 */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

const NONE: readonly never[] = Object.freeze([]);

/** Whether a value has the shape of an AbortSignal. Never throws. */
export function isSignal(value: unknown): value is AbortSignalLike {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return hasShape(value);
  } catch {
    return false;
  }
}

/** Whether an argument is a signal, or has one as its `signal` or in its `execution`. */
export function isSignalCarrier(arg: unknown): boolean {
  return typeof arg === 'object' && arg !== null && signalOf(arg) !== undefined;
}

/** The signals of a call, each once: arguments that are signals, and the `signal` of arguments, or of their `execution`. */
export function signalsOf(args: readonly unknown[]): readonly AbortSignalLike[] {
  let signals: AbortSignalLike[] | undefined;
  for (const arg of args) {
    const signal = typeof arg === 'object' && arg !== null ? signalOf(arg) : undefined;
    if (signal !== undefined && signals?.includes(signal) !== true) (signals ??= []).push(signal);
  }
  return signals ?? NONE;
}

/**
 * Whether the caller gave up: one of the call's own signals has aborted, and not because of a timeout, which is no caller's
 * will. It does not matter how the call failed then.
 *
 * @param args the arguments of the call, or its signals
 */
export function wasAbortedByCaller(args: readonly unknown[]): boolean {
  return signalsOf(args).some((signal) => isAborted(signal) && !isTimeout(reasonOf(signal)));
}

/** Whether a signal has aborted. A getter of a polyfill that throws counts as no. */
export function isAborted(signal: AbortSignalLike): boolean {
  return tryRead(() => signal.aborted) === true;
}

/** Polyfills from before `reason` was invented have none; what stands for it is made once a signal. */
const reasons = new WeakMap<AbortSignalLike, DOMException>();

/** Why a signal has aborted. */
export function reasonOf(signal: AbortSignalLike): unknown {
  const reason = tryRead(() => signal.reason);
  if (reason !== undefined) return reason;
  let made = reasons.get(signal);
  if (made === undefined) {
    made = new DOMException('This operation was aborted', 'AbortError');
    reasons.set(signal, made);
  }
  return made;
}

/** Whether the reason of an abort is that time ran out, which is no caller's will. */
export function isTimeout(reason: unknown): boolean {
  const name = nameOf(reason);
  return name === 'TimeoutError' || name === 'DeadlineError';
}

/** @throws the reason of the first signal that has aborted */
export function throwIfAborted(signals: readonly AbortSignalLike[]): void {
  for (const signal of signals) if (isAborted(signal)) throw reasonOf(signal);
}

// Asked about each argument of each call of a circuit: of a plain object it reads three fields that are not there.
function signalOf(arg: object): AbortSignalLike | undefined {
  try {
    if (hasShape(arg)) return arg;
    const { signal } = arg as { signal?: unknown };
    if (typeof signal !== 'object' || signal === null) return signalOfExecution(arg);
    // Nearly all are of Node, and asking them for their shape takes three times as long.
    return signal instanceof AbortSignal || hasShape(signal) ? signal : undefined;
  } catch {
    // A getter that throws is between the caller and the function; it is not ours to report.
    return undefined;
  }
}

/** The signal of an execution that is handed on as `{ execution }`. */
function signalOfExecution(arg: object): AbortSignalLike | undefined {
  const { execution } = arg as { execution?: unknown };
  if (typeof execution !== 'object' || execution === null) return undefined;
  const { signal } = execution as { signal?: unknown };
  return isSignal(signal) ? signal : undefined;
}

function hasShape(value: object): value is AbortSignalLike {
  const { aborted } = value as Partial<AbortSignalLike>;
  if (typeof aborted !== 'boolean') return false;
  const { addEventListener, removeEventListener } = value as Partial<AbortSignalLike>;
  return typeof addEventListener === 'function' && typeof removeEventListener === 'function';
}

function nameOf(error: unknown): unknown {
  return fieldOf(error, 'name');
}
