import type { ErrorMatcher } from '../../options/matcher.js';
import type { Duration } from '../../time/duration.js';
import type { CircuitOpening } from '../circuit-opening.js';

/** When a circuit opens, for how long, and when it closes again. */
export interface CircuitBreakerPolicy {
  /** The circuit's name. All policies with the same key share the circuit, in every thread. Up to 500 bytes of UTF-8. */
  readonly key?: string;
  /** The number of counted failures in a row that opens the circuit. Default 5; none with a `window`. */
  readonly failureThreshold?: number;
  /** The number of probes that have to succeed before the circuit closes. Default 2. */
  readonly successThreshold?: number;
  /** How long the circuit stays open before it admits probes. Default `'60s'`. */
  readonly resetTimeout?: Duration | ResetBackoff;
  /**
   * The errors that count as failures. Of the others, an answer of a healthy service counts as a success, and the rest do
   * not count. Default all errors but answers, denials, refusals and aborts of the caller.
   */
  readonly expectedErrors?: ErrorMatcher;
  /** The errors that do not count, even if `expectedErrors` has them. Default none. */
  readonly excludedErrors?: ErrorMatcher;
  /** Whether a result counts as a failure. The caller gets the result all the same. */
  isFailure?(result: unknown): boolean;
  /** Opens the circuit by the rates of the last calls, or of a time, instead of failures in a row. */
  readonly window?: CountWindowPolicy | TimeWindowPolicy;
  /** A call that takes longer than this is slow. Needs a `window`. A slow probe counts as failed. */
  readonly slowCallDuration?: Duration;
  readonly halfOpen?: HalfOpenPolicy;
  /** Whether refusals reject (true) or throw (false). Default as the function does. */
  readonly async?: boolean;
  /**
   * Called when this thread opens the circuit, or an operator forces it open in this thread.
   *
   * @param opening the reason; `opening.by` is `'operator'` for a circuit that was forced open
   */
  onOpen?(failures: number, error: unknown, opening: CircuitOpening): void;
  /** Called when this thread admits the first probe. */
  onHalfOpen?(): void;
  /** Called when this thread closes the circuit: when probes did, or an operator who forces, resets or hands back an open one. */
  onClose?(): void;
}

/**
 * A reset timeout that grows with each failed probe: `initialDelay × factor ^ failed probes`, at most `maxDelay`. It
 * stops growing after 15 failed probes in a row.
 */
export interface ResetBackoff {
  readonly initialDelay: Duration;
  /** Default 2. */
  readonly factor?: number;
  /** Default 10 times `initialDelay`, at most 365 days. */
  readonly maxDelay?: Duration;
}

interface WindowLimitsPolicy {
  /** The number of outcomes from which on the rates count. Default 20, or all calls of a smaller window. */
  readonly minimumCalls?: number;
  /** The share of failures, above 0 to 1, at which the circuit opens. Default 0.5. */
  readonly failureRate?: number;
  /** The share of slow calls, above 0 to 1, at which the circuit opens. Default 0.5 with a `slowCallDuration`. */
  readonly slowRate?: number;
}

/** What the compiler prints for a window of calls and of time at once. */
type OneKindOfWindow = 'a window has either calls or a duration: write one of them';

/** A window of the last calls. */
export interface CountWindowPolicy extends WindowLimitsPolicy {
  /** The number of calls, 1 to 10,000. */
  readonly calls: number;
  readonly duration?: OneKindOfWindow;
}

/** A window of time. */
export interface TimeWindowPolicy extends WindowLimitsPolicy {
  /** The window covers between 90 % and all of it. */
  readonly duration: Duration;
  readonly calls?: OneKindOfWindow;
}

export interface HalfOpenPolicy {
  /** The number of probes in flight at once, 1 to 100. Default `successThreshold`, at most 100. */
  readonly permits?: number;
  /** A probe that takes longer than this has failed. Default the first `resetTimeout`, at least 30 s. */
  readonly permitTimeout?: Duration;
}
