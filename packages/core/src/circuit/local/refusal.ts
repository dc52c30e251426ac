import type { Refused } from '../../call/outcome.js';
import { CircuitBreakerError, type RefusingState } from '../errors.js';
import type { Opening } from './opening.js';

/** A refusal as an outcome: it becomes an error only for those who look at it, as it was when it was made. */
export class LazyRefusal implements Refused {
  readonly status = 'refused';
  readonly circuit: string;
  readonly state: RefusingState;
  /** Ms until a call may be admitted; undefined where that is up to an operator. */
  readonly retryAfter: number | undefined;
  readonly #opening: Opening;
  #error: CircuitBreakerError | undefined;

  constructor(circuit: string, state: RefusingState, retryAfter: number | undefined, opening: Opening) {
    this.circuit = circuit;
    this.state = state;
    this.retryAfter = retryAfter;
    this.#opening = opening;
  }

  get error(): CircuitBreakerError {
    return (this.#error ??= this.#toError());
  }

  #toError(): CircuitBreakerError {
    const { circuit, state, retryAfter } = this;
    const { openedAt, cause, shown, hasGivenFrames } = this.#opening;
    this.#opening.hasGivenFrames = true;
    return new CircuitBreakerError(
      { circuit, state, openedAt, retryAfter, cause, opening: shown },
      { frames: !hasGivenFrames },
    );
  }
}
