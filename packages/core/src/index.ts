// Even a thread that only loads the package gives its workers the panel.
import './circuit/default-panel.js';

export { callSite } from './call-site.js';
export { CircuitBreaker } from './circuit/breaker.js';
export type { CircuitBreakerOptions } from './circuit/declaration.js';
export type { Guarded, GuardedFunction, GuardedOutcome } from './circuit/guarded.js';
export type { KeyedCircuitBreakerPolicy } from './circuit/keyed-policy.js';
export type { ForceMode } from './circuit/operator.js';
export { Panel, type PanelOptions } from './circuit/panel.js';
export type { Permit } from './circuit/permit.js';
export type {
  CircuitBreakerPolicy,
  CountWindowPolicy,
  HalfOpenPolicy,
  ResetBackoff,
  TimeWindowPolicy,
} from './circuit/policy.js';
export { CircuitRegistry, circuits } from './circuit/registry.js';
export type { CircuitExplanation, CircuitSnapshot, WindowSnapshot } from './circuit/report.js';
export { circuitFor, type GuardOptions, withCircuitBreaker } from './circuit/with-circuit-breaker.js';
export type { CircuitState } from './circuit/word.js';
export { type Clock, systemClock } from './clock.js';
export { type Duration, formatDuration, parseDuration } from './duration.js';
export {
  CircuitBreakerError,
  type CircuitBreakerErrorData,
  type Fault,
  isCircuitBreakerError,
  isKeyConflictError,
  isPanelFullError,
  isPolicyError,
  isRefusal,
  isSwitchgearError,
  KeyConflictError,
  PanelFullError,
  PolicyError,
  type RefusingState,
  SwitchgearError,
} from './errors.js';
export {
  type ErrorParts,
  type ErrorRecord,
  fromErrorRecord,
  registerErrorClass,
  type ReviveError,
  toErrorRecord,
} from './errors/error-record.js';
export type {
  CircuitEvent,
  CircuitListener,
  FailureEvent,
  LaggedEvent,
  RefusalEvent,
  TransitionEvent,
  WarningEvent,
} from './events.js';
export type { ErrorClass, ErrorMatcher, ErrorPredicate } from './options/matcher.js';
export type { Failed, Outcome, Refused, Succeeded } from './outcome.js';
export { type Attempts, attemptsOf, type GaveUp } from './retry/attempts.js';
export type { Jitter } from './retry/backoff.js';
export type { AttemptOutcome, RetryPolicy } from './retry/policy.js';
export { type AsyncFunction, retry, type RetryOptions, withRetry } from './retry/retry.js';
export { isRetryable } from './retry/retryable.js';

// For packages that are built on this one.
export { brandOf, type ErrorMarks, markError } from './errors/switchgear-error.js';
export { type NumberLimits, OptionReader, type Presence, type TextLimits } from './options.js';
