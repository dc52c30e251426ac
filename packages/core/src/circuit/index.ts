// Even a thread that only loads the package gives its workers the panel.
import '../panel/default-panel.js';

export type { Guarded, GuardedFunction, GuardedOutcome } from '../call/guarded-function.js';
export type { Failed, Outcome, Refused, Succeeded } from '../call/outcome.js';
export type { Policy, WaitingFunction } from '../call/policy.js';
export { type Fault, isPolicyError, PolicyError } from '../errors/policy-error.js';
export { isRefusal, RefusalError } from '../errors/refusal-error.js';
export { isSwitchgearError, SwitchgearError } from '../errors/switchgear-error.js';
export type { EventOfPolicy } from '../events/event-of-policy.js';
export { failureOf } from '../failure/failure-of.js';
export type { Failure, FailureFamily, FailureKind } from '../failure/failure.js';
export { isAnswer } from '../failure/is-answer.js';
export { isFailedResult } from '../failure/is-failed-result.js';
export type { Epoch } from '../failure/moment.js';
export { retryAfterOf } from '../failure/retry-after-of.js';
export { statusOf } from '../failure/status-of.js';
export type { ErrorClass, ErrorMatcher, ErrorPredicate } from '../options/matcher.js';
export { type Clock, systemClock } from '../time/clock.js';
export { type Duration, formatDuration, parseDuration } from '../time/duration.js';
export { CircuitBreaker } from './breaker/breaker.js';
export type { CircuitBreakerOptions } from './breaker/circuit-of-policy.js';
export type { Permit } from './breaker/permit.js';
export type { CircuitOpening } from './circuit-opening.js';
export {
  CircuitBreakerError,
  type CircuitBreakerErrorData,
  isCircuitBreakerError,
  type RefusingState,
} from './errors.js';
export { isPanelFullError, PanelFullError } from '../panel/panel-full-error.js';
export { isKeyConflictError, KeyConflictError } from '../panel/key-conflict-error.js';
export type {
  CircuitEvent,
  CircuitListener,
  FailureEvent,
  LaggedEvent,
  RefusalEvent,
  TransitionEvent,
  WarningEvent,
} from './events/circuit-event.js';
export type { CircuitExplanation } from './local/explanation.js';
export type { CircuitSnapshot, WindowSnapshot } from './local/snapshot.js';
export type { ForceMode } from './machine/operator.js';
export type { OpenedBy } from './memory/opening-note.js';
export type { CircuitState } from './memory/word.js';
export type { CircuitTotals } from './memory/totals-line.js';
export type { PanelOptions } from '../panel/panel-options.js';
export { Panel } from '../panel/panel.js';
export type { KeyedCircuitBreakerPolicy } from './policy/keyed-policy.js';
export type {
  CircuitBreakerPolicy,
  CountWindowPolicy,
  HalfOpenPolicy,
  ResetBackoff,
  TimeWindowPolicy,
} from './policy/policy.js';
export type { PublishedPolicy } from './policy/published-policy.js';
export { resolveCircuit } from './registry/guard-by-key.js';
export type { NamedCircuitSnapshot } from './registry/circuits-snapshot.js';
export { CircuitRegistry, circuits } from './registry/registry.js';
export { type GuardOptions, type KeyedPolicy, withCircuitBreaker } from './registry/with-circuit-breaker.js';
