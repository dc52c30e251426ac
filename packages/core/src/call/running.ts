import { tryRead } from '../errors/try-read.js';
import { threadSingleton } from '../process/thread-singleton.js';
import type { AbortSignalLike } from './abort.js';
import { signalsOf } from './abort.js';
import { applyTo } from './apply.js';
import { type CallDeadline, earliestDeadline } from './call-deadline.js';
import { areCallsHeard, onSubscription } from './channels.js';
import { type Frame, StackFrame } from './frame.js';
import { isThenable } from './function-kind.js';
import { tracedAttempt } from './traced-attempt.js';

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

const NO_ARGUMENTS: readonly unknown[] = Object.freeze([]);

class Running {
  /**
   * Of the guarded call whose function runs now, until its first `await`. Where none runs it is `idle` while subscribers hear of
   * single calls: then no circuit takes its fast path, which asks whether there is a frame, and for nothing else.
   */
  frame: Frame | undefined = undefined;
  /** Stands for no guarded call. */
  readonly idle: Frame = new StackFrame({ callee: {}, readsArgs: false });
  /** The arguments of that call, where its frame says that they are. */
  args: readonly unknown[] = NO_ARGUMENTS;
  /** The deadline of the code that runs now. */
  deadline: CallDeadline | undefined = undefined;
  /** Set once by `followExecutions()`. */
  following: Following | undefined = undefined;
  /** Whether the program has deadlines, or follows its calls, or listens to channels. Calls of other programs do nothing for these. */
  isAware = false;
  /** Whether a subscriber of a channel may hear of single calls; see {@link lookForSubscribers}. */
  isWatched = false;
  /** Whether the program has deadlines, or follows its calls. */
  hasDeadlines = false;
}

/**
 * The guarded call that runs in this thread. A policy sets these variables before it calls its function, and puts them back when the
 * function has returned.
 */
export const running: Running = threadSingleton('running-call', () => {
  const made = new Running();
  const look = (): void => watch(made);
  onSubscription(() => {
    look();
    // Where a guarded call subscribes, it puts its own frame back when it has returned.
    void Promise.resolve().then(look);
  });
  look();
  return made;
});

function watch(made: Running): void {
  const isHeard = areCallsHeard();
  made.isWatched ||= isHeard;
  made.isAware ||= isHeard;
  if (isHeard) made.frame ??= made.idle;
  // Only where no call runs: a call that does may have to put the frame back.
  else if (made.frame === made.idle) {
    made.frame = undefined;
    made.isWatched = false;
    made.isAware = made.hasDeadlines;
  }
}

/**
 * Whether a subscriber of a channel hears of single calls. To be asked where `running.isWatched` is true: calls take the fast path
 * again when the last subscriber has left.
 */
export function lookForSubscribers(): boolean {
  watch(running);
  return areCallsHeard();
}

/** The frame further out in the stack of a guarded function that is being called. */
export function outerFrame(guarded: object): Frame | undefined {
  const { frame } = running;
  if (frame === undefined) return undefined;
  const { callee } = frame;
  return callee === guarded || callee === undefined || insideOf.get(callee) === guarded ? frame : undefined;
}

/** The guarded functions that wrappers of other code call, by the wrapper. */
const insideOf = new WeakMap<object, object>();

/** Says that a wrapper of other code, such as a user's own policy, calls a guarded function: both belong to one stack. */
export function noteInside(wrapper: object, guarded: object): void {
  insideOf.set(wrapper, guarded);
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
    if (running.frame !== frame) result = endExecution(result);
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
    result = running.isWatched ? watched(frame, fn, self, args) : followed(fn, self, args);
  } finally {
    if (running.frame !== frame) result = endExecution(result);
    running.frame = outer;
    running.args = outerArgs;
    running.deadline = deadline;
  }
  return result;
}

/** From now on calls look for deadlines. */
export function beAware(): void {
  running.hasDeadlines = true;
  running.isAware = true;
}

/** The deadline of a call that begins now: that of the running code, or one that an execution among the arguments has. */
export function deadlineOfCall(args: readonly unknown[]): CallDeadline | undefined {
  return running.isAware ? earliestDeadline(currentDeadline(), args) : undefined;
}

/**
 * Ends the execution that was asked for in the running call, when the result of the call is there: nothing listens to the
 * caller's signals on its behalf any more. To be called where `running.frame` is another one than the policy has set. Never throws.
 *
 * @returns what takes the place of the result
 */
export function endExecution(result: unknown): unknown {
  const end = running.frame?.made?.end;
  if (end === undefined) return result;
  const settling = asSettling(result);
  if (settling === undefined) end();
  else settling.then(end, end);
  return settling ?? result;
}

/**
 * A promise of a result that has one; undefined for any other. What is no promise itself must be asked only once: each `then` of a lazy
 * query runs the query.
 */
function asSettling(result: unknown): Promise<unknown> | undefined {
  if (result instanceof Promise) return result;
  // Where `then` cannot be read, the policy that reads it next says so.
  return tryRead(() => isThenable(result)) === true ? Promise.resolve(result) : undefined;
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

/** Runs a part of a guarded call under a frame that is no policy's. */
export function enter<Result>(frame: Frame, args: readonly unknown[], run: () => Result): Result {
  const { frame: outer, args: outerArgs } = running;
  running.frame = frame;
  running.args = args;
  try {
    return run();
  } finally {
    running.frame = outer;
    running.args = outerArgs;
  }
}

function watched(frame: Frame, fn: Callable, self: unknown, args: readonly unknown[]): unknown {
  return tracedAttempt(frame, fn, () => followed(fn, self, args));
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
  const settling = asSettling(result);
  const end = (): void => call.frame.made?.end();
  settling?.then(end, end);
  return settling ?? result;
}
