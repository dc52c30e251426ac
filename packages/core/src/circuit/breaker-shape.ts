import { isObject } from '../errors/object-shape.js';
import type { CircuitBreaker } from './breaker/breaker.js';

/** Whether a value is a breaker, by its shape: the breaker may be of another copy of this package. */
export function isBreaker(value: unknown): value is CircuitBreaker {
  return isObject(value) && 'wrap' in value;
}
