export type {
  AttachedBulkhead,
  AttachedCircuitBreaker,
  AttachedCircuits,
  AttachedDeadline,
  AttachedPolicy,
  AttachedRateLimit,
  AttachedRetry,
  AttachedTimeout,
} from './attached-policy.js';
export { Bulkhead, type BulkheadDecorator, type MethodBulkheadPolicy } from './bulkhead.js';
export {
  type BoundedCircuitPolicy,
  CircuitBreaker,
  type CircuitBreakerDecorator,
  type MethodCircuit,
  type MethodCircuitPolicy,
} from './circuit-breaker.js';
export { type CircuitPolicies, Circuits, type CircuitsDecorator } from './circuits.js';
export { Deadline, type DeadlineDecorator } from './deadline.js';
export { circuitOf, type MemberName, policiesOf } from './lookup.js';
export type {
  Arguments,
  Awaitable,
  MemberContext,
  Method,
  MethodDecorator,
  ArgumentsOf,
  NamedContext,
  NamedMethodDecorator,
  ResultOf,
  Owner,
  DecoratorMisuse,
  Result,
} from './method-decorator.js';
export { type MethodRateLimitPolicy, RateLimit, type RateLimitDecorator } from './rate-limit.js';
export { type MethodRetryPolicy, Retry, type RetryDecorator } from './retry.js';
export { Timeout, type TimeoutDecorator } from './timeout.js';
