import type { EventOfPolicy } from '../../events/event-of-policy.js';
import type { CircuitOpening } from '../circuit-opening.js';
import type { CircuitState } from '../memory/word.js';

/** An event of a circuit. Times are epoch milliseconds. */
export type CircuitEvent = TransitionEvent | FailureEvent | RefusalEvent | WarningEvent | LaggedEvent;

export type CircuitListener = (event: CircuitEvent) => void;

interface EventOfCircuit extends EventOfPolicy {
  readonly policy: 'circuit-breaker';
  /** The circuit's name. */
  readonly key: string;
  /** The same as `key`. */
  readonly circuit: string;
}

/** The fields that all events of one circuit have in common. */
export function aboutCircuit(key: string): Pick<EventOfCircuit, 'policy' | 'key' | 'circuit'> {
  return { policy: 'circuit-breaker', key, circuit: key };
}

/**
 * A circuit changed its state, in this thread or another. If many transitions come at once, listeners in other threads
 * may miss some of them; the `state` of a breaker is exact all the same.
 */
export interface TransitionEvent extends EventOfCircuit {
  readonly type: 'transition';
  readonly from: CircuitState;
  readonly to: CircuitState;
  /** True for a shadow circuit: it would have changed its state so, and admits every call all the same. */
  readonly shadow: boolean;
  readonly generation: number;
  readonly at: number;
  /** The id of the thread that made the transition, 0 for the main thread; undefined where it is not known. */
  readonly thread: number | undefined;
  /** The failures or slow calls that led to the transition; 0 for transitions that have another reason. */
  readonly failures: number;
  /** The failure that opened the circuit; only in the thread where it happened. */
  readonly cause: unknown;
  /**
   * What opened the circuit, if it has opened; in every thread. Undefined where the thread that opened it died too early to say,
   * or the circuit has opened once more since.
   */
  readonly opening: CircuitOpening | undefined;
}

/** A failure was counted, in this thread. */
export interface FailureEvent extends EventOfCircuit {
  readonly type: 'failure';
  readonly error: unknown;
  readonly at: number;
}

/** A call was refused, in this thread. */
export interface RefusalEvent extends EventOfCircuit {
  readonly type: 'refusal';
  readonly state: 'open' | 'half-open' | 'forced-open';
  /** Milliseconds until the circuit may admit a call; undefined where an operator decides. */
  readonly retryAfter: number | undefined;
  readonly at: number;
}

/** A fault that does not stop the circuit from working. */
export interface WarningEvent extends EventOfCircuit {
  readonly type: 'warning';
  readonly code: 'functions-differ' | 'callback-threw' | 'too-many-circuits';
  readonly message: string;
  readonly cause: unknown;
}

/**
 * This thread was too busy to read `count` transitions in time. `state` and `snapshot()` are right all the same. The transitions may be
 * those of any circuit, and what they were is not known any more: so the event is about no circuit.
 */
export interface LaggedEvent extends EventOfPolicy {
  readonly type: 'lagged';
  readonly policy: 'circuit-breaker';
  /** Undefined: the transitions that were missed may be those of any circuit. */
  readonly key: undefined;
  /** The same as `key`. */
  readonly circuit: undefined;
  readonly count: number;
}
