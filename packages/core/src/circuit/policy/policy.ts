import type { ErrorMatcher } from '../../options/matcher.js';
import type { Duration } from '../../time/duration.js';
import type { CircuitOpening } from '../circuit-opening.js';

/** When a circuit opens, for how long, and what it takes to close again. */
export interface CircuitBreakerPolicy {
  /** The circuit's name. Whoever names it shares the circuit, in every thread. Up to 500 bytes of UTF-8. */
  readonly key?: string;
  /** Consecutive counted failures that open it. Default 5; none with a `window`. */
  readonly failureThreshold?: number;
  /** Probes that have to succeed before it closes. Default 2. */
  readonly successThreshold?: number;
  /** How long it stays open before it lets probes through. Default `'60s'`. */
  readonly resetTimeout?: Duration | ResetBackoff;
  /** Which errors count as failures; others count as nothing. Default all. */
  readonly expectedErrors?: ErrorMatcher;
  /** Which errors count as nothing, whatever `expectedErrors` says. Default none. */
  readonly excludedErrors?: ErrorMatcher;
  /** Which results count as failures. The caller gets the result all the same. */
  isFailure?(result: unknown): boolean;
  /** Judge by rates over the last calls, or the last while, rather than by failures in a row. */
  readonly window?: CountWindowPolicy | TimeWindowPolicy;
  /** A call that takes longer is slow. Needs a `window`; a slow probe counts as failed. */
  readonly slowCallDuration?: Duration;
  readonly halfOpen?: HalfOpenPolicy;
  /** Whether refusals reject (true) or throw (false). Found out from the function unless given. */
  readonly async?: boolean;
  /**
   * Called when this thread opens the circuit, or an operator forces it open in this thread.
   *
   * @param opening why; `opening.by` is `'operator'` for one that was forced open
   */
  onOpen?(failures: number, error: unknown, opening: CircuitOpening): void;
  /** Called when this thread lets the first probe through. */
  onHalfOpen?(): void;
  /** Called when this thread closes the circuit: when probes did, or an operator who forces, resets or hands back an open one. */
  onClose?(): void;
}

/**
 * A reset timeout that grows each time a probe fails: `initialDelay × factor ^ failed probes`, at most `maxDelay`. It stops
 * growing after 15 failed probes in a row.
 */
export interface ResetBackoff {
  readonly initialDelay: Duration;
  /** Default 2. */
  readonly factor?: number;
  /** Default ten times `initialDelay`. */
  readonly maxDelay?: Duration;
}

interface WindowLimitsPolicy {
  /** Outcomes needed before the rates are asked. Default 20, or all calls of a smaller window. */
  readonly minimumCalls?: number;
  /** The share of failures, above 0 to 1, at which the circuit opens. Default 0.5. */
  readonly failureRate?: number;
  /** The share of slow calls at which it opens. Default 0.5 where there is a `slowCallDuration`. */
  readonly slowRate?: number;
}

/** The last so many calls. */
export interface CountWindowPolicy extends WindowLimitsPolicy {
  readonly calls: number;
  readonly duration?: never;
}

/** The last while: between 90 % and all of `duration`. */
export interface TimeWindowPolicy extends WindowLimitsPolicy {
  readonly duration: Duration;
  readonly calls?: never;
}

export interface HalfOpenPolicy {
  /** Probes in flight at once. Default `successThreshold`. */
  readonly permits?: number;
  /** A probe that takes longer has failed. Default the first `resetTimeout`. */
  readonly permitTimeout?: Duration;
}
