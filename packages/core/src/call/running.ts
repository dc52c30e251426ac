import { threadSingleton } from '../process/thread-singleton.js';
import type { AbortSignalLike } from './abort.js';
import { signalsOf } from './abort.js';
import { applyTo } from './apply.js';
import { type CallDeadline, earliestDeadline } from './call-deadline.js';
import type { Frame } from './frame.js';
import { isThenable } from './function-kind.js';

type Callable = (this: never, ...args: never[]) => unknown;

/** One guarded call. */
export interface RunningCall {
  /** The one of a call whose execution was asked for takes the place of the first one. */
  frame: Frame;
  readonly args: readonly unknown[];
  readonly deadline: CallDeadline | undefined;
}

/** Follows calls through `await`, as an AsyncLocalStorage does. */
interface Following {
  run<Result>(call: RunningCall, fn: () => Result): Result;
  getStore(): RunningCall | undefined;
}

interface Running {
  /** Of the guarded call whose function runs now, until its first `await`. */
  frame: Frame | undefined;
  /** The arguments of that call, where its frame says that they are. */
  args: readonly unknown[];
  /** The deadline of the code that runs now. */
  deadline: CallDeadline | undefined;
  /** Set once by `followExecutions()`. */
  following: Following | undefined;
  /** Whether the program has deadlines, or follows its calls. Calls of other programs look for neither. */
  isAware: boolean;
}

const NO_ARGUMENTS: readonly unknown[] = Object.freeze([]);

/**
 * The guarded call that runs in this thread. A policy sets these variables before it calls its function, and puts them back when the
 * function has returned.
 */
export const running: Running = threadSingleton('running-call', () => ({
  frame: undefined,
  args: NO_ARGUMENTS,
  deadline: undefined,
  following: undefined,
  isAware: false,
}));

/** The frame further out in the stack of a guarded function that is being called. */
export function outerFrame(guarded: object): Frame | undefined {
  const { frame } = running;
  return frame !== undefined && (frame.callee === guarded || frame.callee === undefined) ? frame : undefined;
}

/**
 * Calls a function as part of a guarded call.
 *
 * @param given what the signals of the call are looked for in, and executions that are handed on. Default the arguments
 */
export function callUnder(
  frame: Frame,
  fn: Callable,
  self: unknown,
  args: readonly unknown[],
  given: readonly unknown[] = args,
): unknown {
  if (running.isAware) return awareCallUnder(frame, fn, self, args, given);
  const { frame: outer, args: outerArgs } = running;
  running.frame = frame;
  running.args = given;
  let result: unknown;
  try {
    result = applyTo(fn, self, args);
  } finally {
    if (running.frame !== frame) endExecution(result);
    running.frame = outer;
    running.args = outerArgs;
  }
  return result;
}

function awareCallUnder(
  frame: Frame,
  fn: Callable,
  self: unknown,
  args: readonly unknown[],
  given: readonly unknown[],
): unknown {
  const { frame: outer, args: outerArgs, deadline } = running;
  running.frame = frame;
  running.args = given;
  running.deadline = deadlineOfCall(given);
  let result: unknown;
  try {
    result = followed(fn, self, args);
  } finally {
    if (running.frame !== frame) endExecution(result);
    running.frame = outer;
    running.args = outerArgs;
    running.deadline = deadline;
  }
  return result;
}

/** From now on calls look for deadlines. */
export function beAware(): void {
  running.isAware = true;
}

/** The deadline of a call that begins now: that of the running code, or one that an execution among the arguments has. */
export function deadlineOfCall(args: readonly unknown[]): CallDeadline | undefined {
  return running.isAware ? earliestDeadline(currentDeadline(), args) : undefined;
}

/**
 * Ends the execution that was asked for in the running call, when the result of the call is there: nothing listens to the
 * caller's signals on its behalf any more. To be called where `running.frame` is another one than the policy has set.
 */
export function endExecution(result: unknown): void {
  const end = running.frame?.made?.end;
  if (end === undefined) return;
  if (isThenable(result)) result.then(end, end);
  else end();
}

/** The deadline of the code that runs now, also after an `await` where executions are followed. */
export function currentDeadline(): CallDeadline | undefined {
  return running.deadline ?? running.following?.getStore()?.deadline;
}

/** Calls a function whose calls, also later ones of the same code, know of a deadline. */
export function withinDeadline<Result>(deadline: CallDeadline | undefined, fn: () => Result): Result {
  const { deadline: outer } = running;
  running.deadline = deadline;
  try {
    return fn();
  } finally {
    running.deadline = outer;
  }
}

/** The arguments and signals by which the caller of a call may give up: its own, and those of policies further out. */
export function callersSignals(frame: Frame, args: readonly unknown[]): readonly unknown[] {
  if (!frame.hasCallersSignal) return args;
  const all = [...args];
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer)
    if (at.isCallersSignal) all.push(at.signal);
  return all;
}

/** The signals that end a call: those of the policies around it, outermost last, and those among its arguments. */
export function signalsOfCall(frame: Frame, args: readonly unknown[]): readonly AbortSignalLike[] {
  const own: AbortSignalLike[] = [];
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer) {
    if (at.signal !== undefined) own.push(at.signal);
  }
  return own.length === 0 ? signalsOf(args) : [...new Set([...own, ...signalsOf(args)])];
}

/** The signals that end the wait of a call: those of the call itself, and that of the deadline it has to end by. */
export function signalsOfWait(frame: Frame, args: readonly unknown[]): readonly AbortSignalLike[] {
  const signals = signalsOfCall(frame, args);
  const deadline = deadlineOfCall(args);
  return deadline === undefined ? signals : [...signals, deadline.signal];
}

function followed(fn: Callable, self: unknown, args: readonly unknown[]): unknown {
  const { following, frame, args: given, deadline } = running;
  if (following === undefined || frame === undefined) return applyTo(fn, self, args);
  const call: RunningCall = { frame, args: given, deadline };
  const result = following.run(call, () => {
    try {
      return applyTo(fn, self, args);
    } finally {
      // Asked for later, it is the same object.
      call.frame = running.frame ?? frame;
    }
  });
  if (isThenable(result)) {
    const end = (): void => call.frame.made?.end();
    result.then(end, end);
  }
  return result;
}
