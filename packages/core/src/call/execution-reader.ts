import type { AbortSignalLike } from './abort.js';
import type { Execution } from './execution.js';
import { rememberDeadline } from './call-deadline.js';
import { AskedFrame, type Frame, type MadeExecution } from './frame.js';
import { type MergedSignal, mergedSignal } from './merged-signal.js';
import { NoExecutionError } from './no-execution-error.js';
import { currentDeadline, running, type RunningCall, signalsOfCall } from './running.js';

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
 * The attempt that runs now: its number, the key of its circuit, its deadline, and a signal that aborts when the caller gives up or
 * a policy ends the call.
 *
 * It is known until the function's first `await`, so take it into a constant at the function's beginning; the object is
 * valid for ever. Asked twice in one attempt it is the same object. With {@link followExecutions} it is known after that, too.
 *
 * A guarded call that begins before the function's first `await` inherits the deadline. So does one that is given the execution, as
 * an argument or as the `execution` of one.
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
  const { frame, args } = running;
  // The frames around a call that is published are no policy's.
  if (frame !== undefined && frame !== running.idle && frame.message === undefined) {
    const asked = ask({ frame, args, deadline: currentDeadline() });
    running.frame = asked;
    return asked.made?.execution;
  }
  const call = running.following?.getStore();
  return call === undefined ? undefined : (call.frame = ask(call)).made?.execution;
}

/** The frame of the call with its execution, which is made once. */
function ask(call: RunningCall): Frame {
  return call.frame.made === undefined ? new AskedFrame(call.frame, make(call)) : call.frame;
}

function make({ frame, args, deadline }: RunningCall): MadeExecution {
  const given = frame.readsArgs ? args : [];
  let merged: MergedSignal | undefined;
  let hasEnded = false;
  const merge = (): MergedSignal => {
    const ofPolicies = signalsOfCall(frame, given);
    const all: readonly AbortSignalLike[] =
      deadline === undefined ? ofPolicies : [...ofPolicies, deadline.signal];
    const made = mergedSignal(all);
    if (hasEnded) made.end?.();
    return made;
  };
  const made: Execution = {
    attempt: frame.attempt,
    key: frame.circuit ?? frame.policyKey,
    get deadline() {
      return deadline?.epoch;
    },
    get signal() {
      return (merged ??= merge()).signal();
    },
  };
  if (deadline !== undefined) rememberDeadline(made, deadline);
  const end = (): void => {
    hasEnded = true;
    merged?.end?.();
  };
  return { execution: Object.freeze(made), end };
}
