import { callSite } from '../call/call-site.js';
import { compile } from '../call/compile.js';
import type { AnyFunction } from '../call/guarded-function.js';
import { composedOf, stackOf } from '../call/policy-stack.js';
import { noteInside } from '../call/running.js';
import { type Policy, policyOf } from '../call/policy.js';
import { showValue } from '../errors/show-value.js';
import { OptionReader } from '../options/option-reader.js';
import { partsOf, type PipelineParts, type PartsWait } from './parts.js';
import { warnOfOrder } from './order-warning.js';

/** The last argument of {@link pipeline}. */
export interface PipelineOptions {
  /** Whether to warn about an order of policies that harms. Default true. */
  readonly warn?: boolean;
}

/** True where one of the policies may make a call wait. */
type Waits<S extends readonly Policy[]> = true extends S[number]['waits'] ? true : false;

/** The policies in the safe order: {@link pipeline} with one policy a key. */
export function pipeline<const P extends PipelineParts>(
  parts: P & Readonly<Record<Exclude<keyof P, keyof PipelineParts>, never>>,
): Policy<PartsWait<P>>;
/**
 * One policy made of several. What it guards passes them in the order in which they are written, outermost first.
 *
 * The policies are compiled into one function: a call that succeeds costs one promise, not one for each policy. With an object in place
 * of the policies, they are put into the safe order: `deadline`, `retry`, `bulkhead`, `circuit`, `timeout`.
 *
 * An order that harms, such as a bulkhead around a retry, is a warning of the process with the reason, once for each line of code.
 *
 * @param policies what `withRetry(…)` and its kin return, or another pipeline, or a function of your own made a policy; outermost first
 * @throws TypeError for anything but policies; PolicyError with all faults of the parts, or of the options
 * @example
 * const guarded = pipeline(withRetry(), withCircuitBreaker('geo-api'), withTimeout('1s'))(lookup);
 * const same = pipeline({ retry: {}, circuit: 'geo-api', timeout: '1s' })(lookup);
 */
export function pipeline<const S extends readonly [Policy, ...Policy[]]>(...policies: S): Policy<Waits<S>>;
export function pipeline<const S extends readonly [Policy, ...Policy[]]>(
  ...policies: readonly [...S, PipelineOptions]
): Policy<Waits<S>>;
export function pipeline(...given: readonly unknown[]): Policy {
  const site = callSite(pipeline);
  const [first] = given;
  if (given.length === 1 && typeof first === 'object' && first !== null)
    return ofPolicies(partsOf(first, site), undefined);
  const last = given.at(-1);
  const hasOptions = typeof last === 'object' && last !== null;
  const policies = hasOptions ? given.slice(0, -1) : given;
  const warns = readWarn(hasOptions ? last : undefined);
  if (policies.length === 0) throw new TypeError('pipeline: expected at least one policy');
  for (const [at, policy] of policies.entries()) {
    if (!isPolicy(policy))
      throw new TypeError(
        `pipeline: expected policies, such as withRetry(), received ${showValue(policy)} in place ${at + 1}`,
      );
  }
  return ofPolicies(policies as readonly Policy[], warns ? site : undefined);
}

/** @throws PolicyError with everything that is wrong with the options */
function readWarn(options: unknown): boolean {
  const read = new OptionReader<PipelineOptions>('PipelineOptions', options);
  const warn = read.boolean('warn', { default: true });
  read.finish();
  return warn;
}

/** The policies that a pipeline was made of. */
const inside = new WeakMap<Policy, readonly Policy[]>();

/** @param site where to warn about an order that harms; undefined for no warning */
function ofPolicies(given: readonly Policy[], site: string | undefined): Policy {
  const policies = given.flatMap((policy) => inside.get(policy) ?? [policy]);
  const kinds = policies.map(({ kind }) => kind);
  if (site !== undefined) warnOfOrder(kinds, site);
  const made = policyOf(
    'pipeline',
    policies.some(({ waits }) => waits),
    (fn) => {
      if (typeof fn !== 'function')
        throw new TypeError(`pipeline: expected a function, received ${showValue(fn)}`);
      if (site !== undefined) warnOfOrder([...kinds, ...stackOf(fn).map(({ kind }) => kind)], site);
      return policies.reduceRight<AnyFunction>((inner, policy) => {
        const guarded = guardedBy(policy, inner);
        // A policy of ours says itself what it calls.
        if (composedOf(guarded) === undefined) noteInside(guarded, inner);
        return compile(guarded);
      }, fn);
    },
  );
  inside.set(made, policies);
  return made;
}

function guardedBy(policy: Policy, fn: AnyFunction): AnyFunction {
  const guarded: unknown = policy(fn);
  if (typeof guarded === 'function') return guarded as AnyFunction;
  throw new TypeError(
    `pipeline: expected the policy of kind ${showValue(policy.kind)} to return a function, received ${showValue(guarded)}`,
  );
}

function isPolicy(value: unknown): value is Policy {
  return typeof value === 'function' && typeof (value as Partial<Policy>).kind === 'string';
}
