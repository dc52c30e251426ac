import { threadSingleton } from '../process/thread-singleton.js';
import { type AbortSignalLike, signalsOf } from './abort.js';
import { mergedSignal } from './merged-signal.js';
import { NoExecutionError } from './no-execution-error.js';

/** What a guarded function may know of the attempt that it makes. */
export interface Execution {
  /** The number of this attempt of the innermost retry; 1 is the first call. */
  readonly attempt: number;
  /**
   * Aborts when one of the caller's signals does (an argument, or its `signal`), or one of the policies around the
   * function. Made when it is first read.
   */
  readonly signal: AbortSignal;
  /** Until when the call has to end. No policy sets one yet. */
  readonly deadline?: undefined;
  /** The name of the circuit, or of another policy, that the call goes through. No policy sets one yet. */
  readonly key: string | undefined;
}

/**
 * What the policies around a function say of its attempt. One object a guarded function serves all its first attempts, so
 * that a call makes none.
 */
export interface Frame {
  readonly attempt: number;
  /** The signal of the policy. */
  readonly signal: AbortSignalLike | undefined;
  /** The function that the policy calls: a frame that finds itself to be that one is part of the same stack. */
  readonly callee: object;
  /** The frame of the policy further out in the same stack, with the arguments it was called with. */
  readonly outer?: Frame | undefined;
}

interface Made {
  readonly execution: Execution;
  /** Takes the listeners off the caller's signals; undefined where there are none. */
  readonly end: (() => void) | undefined;
}

interface Running {
  /** Of the guarded call whose function runs now, until its first `await`. */
  frame: Frame | undefined;
  /** Its arguments: a list that is made for each call, and so stands for the call. */
  args: readonly unknown[];
  /** How many executions were made. Policies compare it to learn whether one was made in their call. */
  count: number;
  readonly made: WeakMap<readonly unknown[], Made>;
}

const NO_ARGUMENTS: readonly unknown[] = Object.freeze([]);

/**
 * The guarded call that runs in this thread. A policy sets `frame` and `args` before it calls its function, and puts both
 * back when the function has returned.
 */
export const running: Running = threadSingleton('execution', () => ({
  frame: undefined,
  args: NO_ARGUMENTS,
  count: 0,
  made: new WeakMap(),
}));

/** The type of {@link execution}. */
export interface ExecutionReader {
  (): Execution;
  /** The same, but undefined where no guarded call runs. */
  orUndefined(): Execution | undefined;
}

// A declaration, since a function expression of this name would be renamed when it is bundled.
function execution(): Execution {
  const current = executionOrUndefined();
  if (current === undefined) throw new NoExecutionError();
  return current;
}

/**
 * The attempt that runs now: its number, and a signal that aborts when the caller gives up.
 *
 * It is known until the function's first `await`, so take it into a constant at the function's beginning; the object is
 * valid for ever. Asked twice in one attempt it is the same object.
 *
 * @throws NoExecutionError outside of a guarded call, and after the first `await`
 * @example
 * const load = withRetry()(async (id: string) => {
 *   const { attempt, signal } = execution();
 *   return fetch(`${url}/${id}`, { signal, headers: { 'x-attempt': String(attempt) } });
 * });
 */
const reader: ExecutionReader = Object.assign(execution, { orUndefined: executionOrUndefined });

export { reader as execution };

function executionOrUndefined(): Execution | undefined {
  const { frame, args, made } = running;
  if (frame === undefined) return undefined;
  const known = made.get(args);
  if (known?.execution.attempt === frame.attempt) return known.execution;
  const fresh = make(frame, args);
  made.set(args, fresh);
  running.count++;
  return fresh.execution;
}

/**
 * Ends the execution of a call when its attempt has: nothing listens to the caller's signals on its behalf any more. To be
 * called where `running.count` has changed while the function ran.
 */
export function endExecutionWith(args: readonly unknown[], attempt: PromiseLike<unknown>): void {
  const end = running.made.get(args)?.end;
  if (end !== undefined) void attempt.then(end, end);
}

/** The signals that end a call: those of the policies around it, outermost last, and those among its arguments. */
export function signalsOfCall(frame: Frame, args: readonly unknown[]): readonly AbortSignalLike[] {
  const own: AbortSignalLike[] = [];
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer) {
    if (at.signal !== undefined) own.push(at.signal);
  }
  return own.length === 0 ? signalsOf(args) : [...new Set([...own, ...signalsOf(args)])];
}

function make(frame: Frame, args: readonly unknown[]): Made {
  const signals = signalsOfCall(frame, args);
  const merged = mergedSignal(signals);
  const made: Execution = {
    attempt: frame.attempt,
    key: undefined,
    deadline: undefined,
    get signal() {
      return merged.signal();
    },
  };
  return { execution: Object.freeze(made), end: merged.end };
}
