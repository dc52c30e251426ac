import { StackFrame } from '../../call/frame.js';
import type { LocalCircuit } from '../local/local-circuit.js';

/** What a circuit says of the calls of a function. */
export interface CircuitFrames {
  /** On the fast path, where no argument has a signal. */
  readonly free: StackFrame;
  readonly reading: StackFrame;
}

/** @param callee the guarded function; undefined for the calls of `breaker.call` */
export function circuitFrames({ topic }: LocalCircuit, callee: object | undefined): CircuitFrames {
  // A circuit without a key has a name for messages only.
  const circuit = typeof topic === 'string' ? topic : undefined;
  return {
    free: new StackFrame({ circuit, callee, readsArgs: false }),
    reading: new StackFrame({ circuit, callee, readsArgs: true }),
  };
}

/** Before the first call: never used. */
export const NO_FRAMES: CircuitFrames = (() => {
  const none = new StackFrame({ callee: {}, readsArgs: false });
  return { free: none, reading: none };
})();
