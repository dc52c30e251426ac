import type { KeyedCircuitBreakerPolicy } from '../policy/keyed-policy.js';
import type { CircuitBreakerPolicy } from '../policy/policy.js';
import { CircuitBreaker as Breaker } from './breaker.js';

/**
 * What the compiler says of core's class as a decorator, for whoever imports it from the wrong package: the text is no result of a
 * decorator. It has no name, because the compiler would print the name instead.
 */
type NoDecorator = (
  target: object,
  context: DecoratorContext | string | symbol,
  descriptor?: object,
) => [
  "CircuitBreaker of @switchgear/core is a class; the decorator is CircuitBreaker of '@switchgear/decorators'",
];

/** What the compiler takes the class for besides: no decorator, and calling it throws. */
type Misused = NoDecorator &
  ((circuit?: string | Breaker | CircuitBreakerPolicy | KeyedCircuitBreakerPolicy) => NoDecorator);

export type CircuitBreaker = Breaker;
export const CircuitBreaker: typeof Breaker & Misused = Breaker as typeof Breaker & Misused;
