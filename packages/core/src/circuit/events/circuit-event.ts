import type { CircuitState } from '../memory/word.js';

/** Whatever listeners of circuits hear. Times are epoch milliseconds. */
export type CircuitEvent = TransitionEvent | FailureEvent | RefusalEvent | WarningEvent | LaggedEvent;

export type CircuitListener = (event: CircuitEvent) => void;

/**
 * A circuit changed its state, in this thread or another. The state itself is exact; under a burst of transitions a
 * listener in another thread may hear fewer of them.
 */
export interface TransitionEvent {
  readonly type: 'transition';
  readonly circuit: string;
  readonly from: CircuitState;
  readonly to: CircuitState;
  /** True where the circuit only shadows: it would have moved so, and admits every call all the same. */
  readonly shadow: boolean;
  readonly generation: number;
  readonly at: number;
  /** Id of the thread that made the transition (0 is the main thread); undefined where it could not be told. */
  readonly thread: number | undefined;
  /** The failures, or slow calls, that led to it; 0 for transitions that failures do not make. */
  readonly failures: number;
  /** The failure that opened the circuit; only in the thread where it happened. */
  readonly cause: unknown;
}

/** A failure was counted, in this thread. */
export interface FailureEvent {
  readonly type: 'failure';
  readonly circuit: string;
  readonly error: unknown;
  readonly at: number;
}

/** A call was refused, in this thread. */
export interface RefusalEvent {
  readonly type: 'refusal';
  readonly circuit: string;
  readonly state: 'open' | 'half-open' | 'forced-open';
  /** Milliseconds until the circuit may admit a call; undefined where that is up to an operator. */
  readonly retryAfter: number | undefined;
  readonly at: number;
}

/** Something that works, and is not as it should be. */
export interface WarningEvent {
  readonly type: 'warning';
  readonly circuit: string;
  readonly code: 'functions-differ' | 'callback-threw' | 'too-many-circuits';
  readonly message: string;
  readonly cause: unknown;
}

/** This thread was too busy to hear of `count` transitions in time; `state` and `snapshot()` are right regardless. */
export interface LaggedEvent {
  readonly type: 'lagged';
  readonly count: number;
}
