// Even a thread that only loads the package gives its workers the panel.
import './panel/default-panel.js';

export type {
  BulkheadEvent,
  BulkheadListener,
  BulkheadQueuedEvent,
  BulkheadRefusalEvent,
} from './bulkhead/bulkhead-event.js';
export {
  BulkheadFullError,
  type BulkheadFullErrorData,
  type BulkheadRefusal,
  isBulkheadFullError,
} from './bulkhead/bulkhead-full-error.js';
export { Bulkhead, type BulkheadOptions } from './bulkhead/bulkhead.js';
export type { BulkheadPolicy } from './bulkhead/policy.js';
export type { BulkheadExplanation, BulkheadSnapshot } from './bulkhead/snapshot.js';
export {
  type PlainBulkheadPolicy,
  withBulkhead,
  type WithBulkheadOptions,
} from './bulkhead/with-bulkhead.js';
export type { AbortSignalLike } from './call/abort.js';
export type { Execution } from './call/execution.js';
export { execution, type ExecutionReader } from './call/execution-reader.js';
export { followExecutions } from './call/follow-executions.js';
export type { Guarded, GuardedFunction, GuardedOutcome } from './call/guarded-function.js';
export { isNoExecutionError, NoExecutionError } from './call/no-execution-error.js';
export type { Failed, Outcome, Refused, Succeeded } from './call/outcome.js';
export type { Policy, WaitingFunction } from './call/policy.js';
export { CircuitBreaker } from './circuit/breaker/breaker-class.js';
export type { CircuitBreakerOptions } from './circuit/breaker/circuit-of-policy.js';
export type { Permit } from './circuit/breaker/permit.js';
export type { CircuitOpening } from './circuit/circuit-opening.js';
export {
  CircuitBreakerError,
  type CircuitBreakerErrorData,
  isCircuitBreakerError,
  type RefusingState,
} from './circuit/errors.js';
export { isPanelFullError, PanelFullError } from './panel/panel-full-error.js';
export { isKeyConflictError, KeyConflictError } from './panel/key-conflict-error.js';
export type {
  CircuitEvent,
  CircuitListener,
  FailureEvent,
  LaggedEvent,
  RefusalEvent,
  TransitionEvent,
  WarningEvent,
} from './circuit/events/circuit-event.js';
export type { CircuitExplanation } from './circuit/local/explanation.js';
export type { CircuitSnapshot, WindowSnapshot } from './circuit/local/snapshot.js';
export type { ForceMode } from './circuit/machine/operator.js';
export type { OpenedBy } from './circuit/memory/opening-note.js';
export type { CircuitState } from './circuit/memory/word.js';
export type { CircuitTotals } from './circuit/memory/totals-line.js';
export type { PanelOptions } from './panel/panel-options.js';
export { Panel } from './panel/panel.js';
export type { RecordKind } from './panel/record-kind.js';
export type { KeyedCircuitBreakerPolicy } from './circuit/policy/keyed-policy.js';
export type {
  CircuitBreakerPolicy,
  CountWindowPolicy,
  HalfOpenPolicy,
  ResetBackoff,
  TimeWindowPolicy,
} from './circuit/policy/policy.js';
export type { PublishedPolicy } from './circuit/policy/published-policy.js';
export type { NamedCircuitSnapshot, SiteTotals } from './circuit/registry/circuits-snapshot.js';
export { CircuitRegistry, circuits } from './circuit/registry/registry.js';
export {
  type GuardOptions,
  type KeyedPolicy,
  withCircuitBreaker,
} from './circuit/registry/with-circuit-breaker.js';
export { DeadlineError, type DeadlineErrorData, isDeadlineError } from './deadline/deadline-error.js';
export type { DeadlineOptions, DeadlinePolicy } from './deadline/policy.js';
export { withDeadline } from './deadline/with-deadline.js';
export { type Fault, isPolicyError, PolicyError } from './errors/policy-error.js';
export {
  type ErrorParts,
  type ErrorRecord,
  fromErrorRecord,
  registerErrorClass,
  type ReviveError,
  toErrorRecord,
} from './errors/record/error-record.js';
export { isRefusal, RefusalError } from './errors/refusal-error.js';
export { isSwitchgearError, SwitchgearError } from './errors/switchgear-error.js';
export type { EventOfPolicy } from './events/event-of-policy.js';
export { failureOf } from './failure/failure-of.js';
export type { Failure, FailureFamily, FailureKind } from './failure/failure.js';
export { isAnswer } from './failure/is-answer.js';
export { isFailedResult } from './failure/is-failed-result.js';
export { isRetryable } from './failure/is-retryable.js';
export type { Epoch } from './failure/moment.js';
export { retryAfterOf } from './failure/retry-after-of.js';
export { statusOf } from './failure/status-of.js';
export type { ErrorClass, ErrorMatcher, ErrorPredicate } from './options/matcher.js';
export { type ExplainedLayer, explainStack, type StackExplanation } from './pipeline/explain-stack.js';
export type { PipelineParts } from './pipeline/parts.js';
export { pipeline, type PipelineOptions } from './pipeline/pipeline.js';
export type { PolicyEvent } from './policy-event.js';
export type { RateLimitPolicy } from './rate-limit/policy.js';
export {
  isRateLimitError,
  RateLimitError,
  type RateLimitErrorData,
  type RateLimitRefusal,
} from './rate-limit/rate-limit-error.js';
export type {
  RateLimitEvent,
  RateLimitHoldEvent,
  RateLimitListener,
  RateLimitRefusalEvent,
  RateLimitWaitEvent,
} from './rate-limit/rate-limit-event.js';
export { RateLimit, type RateLimitOptions } from './rate-limit/rate-limit.js';
export type { RateLimitExplanation, RateLimitSnapshot } from './rate-limit/snapshot.js';
export {
  type RateLimitGuard,
  withRateLimit,
  type WithRateLimitOptions,
} from './rate-limit/with-rate-limit.js';
export { type Attempts, attemptsOf, type GaveUp } from './retry/attempts.js';
export type { Growth, Jitter } from './retry/backoff.js';
export type { AttemptOutcome } from './retry/attempt-outcome.js';
export type { Delays, GiveUpNotice, RetryNotice, RetryPolicy } from './retry/policy.js';
export { retry, type RetryOptions, withRetry } from './retry/retry.js';
export { stopRetrying } from './retry/stop-retrying.js';
export { type Clock, systemClock } from './time/clock.js';
export { type Duration, formatDuration, parseDuration } from './time/duration.js';
export type { TimeoutOptions, TimeoutPolicy } from './timeout/policy.js';
export { isTimeoutError, TimeoutError, type TimeoutErrorData } from './timeout/timeout-error.js';
export { withTimeout } from './timeout/with-timeout.js';
