export type {
  AttachedCircuitBreaker,
  AttachedCircuits,
  AttachedPolicy,
  AttachedRetry,
} from './attached-policy.js';
export {
  type BoundedCircuitPolicy,
  CircuitBreaker,
  type CircuitBreakerDecorator,
  type MethodCircuit,
  type MethodCircuitPolicy,
} from './circuit-breaker.js';
export { type CircuitPolicies, Circuits, type CircuitsDecorator } from './circuits.js';
export { circuitOf, type MemberName, policiesOf } from './lookup.js';
export type {
  Arguments,
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
export { type MethodRetryPolicy, Retry, type RetryDecorator } from './retry.js';
