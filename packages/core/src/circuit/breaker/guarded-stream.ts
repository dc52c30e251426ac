import type { Gate } from '../local/local-circuit.js';
import { beginProbe, endProbe, insideProbe, type RunningProbe } from '../local/probe-context.js';
import type { Admitted } from '../machine/transition.js';

/** What a generator function returns, async or not. */
interface Stream {
  next(...sent: readonly unknown[]): unknown;
  return(value: unknown): unknown;
  throw(error: unknown): unknown;
}

/** Leave for one stream. */
interface Entered {
  readonly gate: Gate;
  readonly permit: Admitted;
}

/**
 * A stream whose outcome is its end. The circuit is asked when the first item is; what counts is whether the stream ends or
 * fails. One that its reader leaves early counts as nothing. Of a probe the first item is the outcome: a stream may run
 * for hours.
 *
 * @param enter gives leave, or throws the refusal
 * @param args what the stream was made with: the signal by which its reader may abort it
 */
export function guardStream(made: object, enter: () => Entered, args: readonly unknown[]): object {
  const stream = made as Stream;
  const isAsync = Symbol.asyncIterator in stream;
  let state: 'unread' | 'read' | 'over' = 'unread';
  let entered: Entered | undefined;
  let probe: RunningProbe | undefined;

  /** The first outcome counts. */
  const settle = (tell: (entered: Entered) => void): void => {
    const settled = entered;
    state = 'over';
    entered = undefined;
    if (probe !== undefined) endProbe(probe);
    if (settled !== undefined) tell(settled);
  };
  const onStep = (step: unknown): unknown => {
    const isDone = (step as { readonly done?: boolean }).done === true;
    if (isDone || probe !== undefined) settle(({ gate, permit }) => gate.ended(permit));
    return step;
  };
  const onError = (error: unknown): never => {
    settle(({ gate, permit }) => gate.failed(permit, error, false, args));
    throw error;
  };
  /** A step of the stream, whose outcome is looked at while it is awaited. */
  const take = (step: () => unknown): unknown => {
    if (state === 'over') return step();
    let taken: unknown;
    try {
      // A probe that was lost, and found to be, is nothing to run inside: it would be followed for good.
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
      const given = enter();
      // A listener that heard of it has left the stream: nobody is there to use the permit.
      if (isOver()) {
        given.gate.ignored(given.permit);
        return;
      }
      entered = given;
    } catch (refusal) {
      state = 'over';
      // It has not begun, and ends here: a reader who asks again finds it empty.
      stream.return(undefined);
      throw refusal;
    }
    if (entered.permit.probe !== undefined) probe = beginProbe(entered.gate.memory, entered.permit);
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
      settle(({ gate, permit }) => gate.ignored(permit));
      return stream.return(value);
    },
    throw(error) {
      // What the reader throws in is the reader's.
      settle(({ gate, permit }) => gate.ignored(permit));
      return stream.throw(error);
    },
  };
  return Object.create(
    Object.getPrototypeOf(stream) as object,
    Object.getOwnPropertyDescriptors(steps),
  ) as object;
}
