import type { AnyFunction } from '../../call/guarded-function.js';
import { callersSignals } from '../../call/running.js';
import type { SteppedCall } from '../../call/stepped-call.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import { beginProbe, endProbe, insideProbe, type RunningProbe } from '../local/probe-context.js';
import type { Admission } from '../machine/transition.js';
import type { CallPath } from './call-path.js';

/** What a generator function returns, async or not. */
interface Stream {
  next(...sent: readonly unknown[]): unknown;
  return(value: unknown): unknown;
  throw(error: unknown): unknown;
}

/** What a stream was admitted under. */
interface Entry {
  readonly circuit: LocalCircuit;
  readonly admission: Admission;
}

/**
 * Guards a stream; its outcome is its end. The circuit is asked when the reader asks for the first item. A stream that ends is a
 * success, one that fails is a failure. A reader who leaves after an item has had an answer, a success; one who leaves before
 * counts as nothing. A probe is settled by the first item, because a stream may run for hours.
 *
 * @param fn the function that made the stream
 * @param resolvePath finds the way through the circuit, or throws
 * @param beginCall makes the call that the steps of the stream are part of, once the circuit is known
 * @param args what the stream was made with: the signal by which its reader may abort it
 */
export function guardStream(
  made: object,
  fn: AnyFunction,
  resolvePath: () => CallPath,
  beginCall: () => SteppedCall,
  args: readonly unknown[],
): object {
  const stream = made as Stream;
  const isAsync = Symbol.asyncIterator in stream;
  let state: 'unread' | 'read' | 'over' = 'unread';
  let entry: Entry | undefined;
  let call: SteppedCall | undefined;
  let probe: RunningProbe | undefined;
  let hasItem = false;

  /** The first outcome counts. */
  const settle = (record: (entry: Entry) => void): void => {
    const settled = entry;
    state = 'over';
    entry = undefined;
    if (probe !== undefined) endProbe(probe);
    if (settled !== undefined) record(settled);
  };
  const onStep = (step: unknown): unknown => {
    const isDone = (step as { readonly done?: boolean }).done === true;
    hasItem ||= !isDone;
    if (isDone) call?.end();
    if (isDone || probe !== undefined) settle(({ circuit, admission }) => circuit.ended(admission));
    return step;
  };
  /** A reader who leaves after an item has had an answer. */
  const leave = ({ circuit, admission }: Entry): void => {
    if (hasItem) circuit.ended(admission);
    else circuit.ignored(admission);
  };
  const onError = (error: unknown): never => {
    call?.end();
    const judged = call === undefined ? args : callersSignals(call.frame, args);
    settle(({ circuit, admission }) => circuit.failed(admission, error, false, judged));
    throw error;
  };
  /** Takes a step of the stream, and looks at its outcome while the reader awaits it. */
  const take = (own: () => unknown): unknown => {
    const current = call;
    const step = current === undefined ? own : () => current.step(own);
    // One that was refused, or that its reader has left, has no call.
    if (state === 'over' && current === undefined) return step();
    let taken: unknown;
    try {
      // A probe that expired is not followed: nothing would ever end the following.
      taken = probe === undefined || probe.isOver ? step() : insideProbe(probe, step);
    } catch (error) {
      return onError(error);
    }
    return isAsync ? (taken as Promise<unknown>).then(onStep, onError) : onStep(taken);
  };
  const isOver = (): boolean => state === 'over';
  const begin = (): void => {
    state = 'read';
    try {
      const path = resolvePath();
      const given = { circuit: path.circuit, admission: path.admitOrThrow(fn) };
      call = beginCall();
      // A listener that heard of the admission has left the stream: the permit will not be used.
      if (isOver()) {
        given.circuit.ignored(given.admission);
        return;
      }
      entry = given;
    } catch (refusal) {
      state = 'over';
      // The stream has not begun, and ends here: a reader who asks again finds it empty.
      stream.return(undefined);
      throw refusal;
    }
    if (entry.admission.probe !== undefined) probe = beginProbe(entry.circuit.memory, entry.admission);
  };
  const steps: Stream = {
    next(...sent) {
      try {
        if (state === 'unread') begin();
      } catch (refusal) {
        if (isAsync) return Promise.reject(refusal);
        throw refusal;
      }
      return take(() => stream.next(...sent));
    },
    return(value) {
      settle(leave);
      call?.end();
      return stream.return(value);
    },
    throw(error) {
      // An error that the reader throws in is not the stream's.
      settle(leave);
      call?.end();
      return stream.throw(error);
    },
  };
  return Object.create(
    Object.getPrototypeOf(stream) as object,
    Object.getOwnPropertyDescriptors(steps),
  ) as object;
}
