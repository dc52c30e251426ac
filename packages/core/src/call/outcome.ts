import type { RefusalError } from '../errors/refusal-error.js';

/** The outcome of a call as a value, as `tryCall` of a circuit returns it. */
export type Outcome<T> = Succeeded<T> | Failed | Refused;

export interface Succeeded<T> {
  readonly status: 'succeeded';
  readonly value: T;
}

/** The function ran and threw, or its promise rejected. */
export interface Failed {
  readonly status: 'failed';
  readonly error: unknown;
}

/** The function was not run. */
export interface Refused {
  readonly status: 'refused';
  readonly error: RefusalError;
}
