// Even a thread that only loads the package gives its workers the panel.
import '../panel/default-panel.js';

export type { Outcome } from '../call/outcome.js';
export type { Policy, WaitingFunction } from '../call/policy.js';
export { type Fault, isPolicyError, PolicyError } from '../errors/policy-error.js';
export { isRefusal, RefusalError } from '../errors/refusal-error.js';
export { isSwitchgearError, SwitchgearError } from '../errors/switchgear-error.js';
export { isKeyConflictError, KeyConflictError } from '../panel/key-conflict-error.js';
export { isPanelFullError, PanelFullError } from '../panel/panel-full-error.js';
export type { PanelOptions } from '../panel/panel-options.js';
export { Panel } from '../panel/panel.js';
export type { RecordKind } from '../panel/record-kind.js';
export { type Clock, systemClock } from '../time/clock.js';
export { type Duration, formatDuration, parseDuration } from '../time/duration.js';
export type { RateLimitPolicy } from './policy.js';
export {
  isRateLimitError,
  RateLimitError,
  type RateLimitErrorData,
  type RateLimitRefusal,
} from './rate-limit-error.js';
export type {
  RateLimitEvent,
  RateLimitHoldEvent,
  RateLimitListener,
  RateLimitRefusalEvent,
  RateLimitWaitEvent,
} from './rate-limit-event.js';
export { RateLimit, type RateLimitOptions } from './rate-limit.js';
export type { RateLimitExplanation, RateLimitSnapshot } from './snapshot.js';
export { type RateLimitGuard, withRateLimit, type WithRateLimitOptions } from './with-rate-limit.js';
