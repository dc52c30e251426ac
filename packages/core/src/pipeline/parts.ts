import type { Policy } from '../call/policy.js';
import type { BulkheadPolicy } from '../bulkhead/policy.js';
import { withBulkhead } from '../bulkhead/with-bulkhead.js';
import type { CircuitBreaker } from '../circuit/breaker/breaker.js';
import type { KeyedCircuitBreakerPolicy } from '../circuit/policy/keyed-policy.js';
import type { CircuitBreakerPolicy } from '../circuit/policy/policy.js';
import { withCircuitBreaker } from '../circuit/registry/with-circuit-breaker.js';
import { PolicyError } from '../errors/policy-error.js';
import { FaultList } from '../options/fault-list.js';
import { nearest } from '../options/nearest.js';
import type { DeadlinePolicy } from '../deadline/policy.js';
import { withDeadline } from '../deadline/with-deadline.js';
import type { RateLimitPolicy } from '../rate-limit/policy.js';
import { withRateLimit } from '../rate-limit/with-rate-limit.js';
import type { RetryPolicy } from '../retry/policy.js';
import { withRetry } from '../retry/retry.js';
import type { Duration } from '../time/duration.js';
import type { TimeoutPolicy } from '../timeout/policy.js';
import { withTimeout } from '../timeout/with-timeout.js';

/** A policy a key, for {@link pipeline}. What is left out guards nothing. */
export interface PipelineParts {
  /** A function would pass for an object without parts. */
  readonly apply?: never;
  readonly deadline?: Duration | DeadlinePolicy;
  readonly retry?: RetryPolicy;
  readonly rateLimit?: number | RateLimitPolicy;
  readonly bulkhead?: number | string | BulkheadPolicy;
  readonly circuit?: string | CircuitBreaker | CircuitBreakerPolicy | KeyedCircuitBreakerPolicy;
  readonly timeout?: Duration | TimeoutPolicy;
}

/** True where the parts hold a policy that may make a call wait. */
export type PartsWait<P extends PipelineParts> = P extends
  | { readonly retry: object }
  | { readonly deadline: Duration | DeadlinePolicy }
  | { readonly timeout: Duration | TimeoutPolicy }
  | { readonly rateLimit: { readonly maxWait: Duration } }
  | { readonly bulkhead: string | { readonly maxQueue: number } }
  ? true
  : false;

type Parts = Required<Omit<PipelineParts, 'apply'>>;

/** How each part becomes a policy, in the safe order: outermost first. */
const makers: { readonly [K in keyof Parts]: (part: Parts[K], site: string) => Policy } = {
  deadline: (part) => withDeadline(part),
  retry: (part) => withRetry(part),
  rateLimit: (part, declaredAt) =>
    withRateLimit(part as RateLimitPolicy & { maxWait: Duration }, { declaredAt }) as Policy,
  bulkhead: (part, declaredAt) => withBulkhead(part as string, { declaredAt }),
  circuit: (part, declaredAt) => withCircuitBreaker(part as CircuitBreakerPolicy, { declaredAt }),
  timeout: (part) => withTimeout(part),
};

/**
 * The policies of parts, in the safe order.
 *
 * @param site the line of code that names them
 * @throws PolicyError with all faults
 */
export function partsOf(parts: PipelineParts, site: string): readonly [Policy, ...Policy[]] {
  const names = Object.keys(makers) as (keyof Parts)[];
  const faults = new FaultList();
  for (const [name, part] of Object.entries(parts)) {
    if (!Object.hasOwn(makers, name))
      faults.reportUnknown(name, part, names, { suggestion: nearest(name, names) });
  }
  const policies: Policy[] = [];
  for (const name of names) {
    const part = parts[name];
    if (part === undefined) continue;
    try {
      policies.push((makers[name] as (part: unknown, site: string) => Policy)(part, site));
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      for (const fault of error.faults) faults.add({ ...fault, path: pathIn(name, fault.path) });
    }
  }
  if (policies.length === 0 && names.every((name) => parts[name] === undefined))
    faults.report('', parts, `at least one of ${names.join(', ')}`);
  faults.throwIfAny('PipelineParts');
  return policies as [Policy, ...Policy[]];
}

function pathIn(name: string, path: string): string {
  return path === '' ? name : `${name}.${path}`;
}
