export type {
  AttachedCircuitBreaker,
  AttachedCircuits,
  AttachedPolicy,
  AttachedRetry,
} from './attached-policy.js';
export { CircuitBreaker } from './circuit-breaker.js';
export { Circuits } from './circuits.js';
export { circuitOf, policiesOf } from './lookup.js';
export { Retry } from './retry.js';
