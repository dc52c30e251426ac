import { compile } from '../call/compile.js';
import type { AnyFunction } from '../call/guarded-function.js';
import { type Policy, policyOf } from '../call/policy.js';

export function pipeline<const S extends readonly [Policy, ...Policy[]]>(
  ...policies: S
): Policy<true extends S[number]['waits'] ? true : false> {
  const waits = policies.some((policy) => policy.waits);
  const guard = (fn: AnyFunction): AnyFunction =>
    policies.reduceRight<AnyFunction>((inner, policy) => compile(policy(inner)), fn);
  return policyOf('pipeline', waits, guard) as never;
}
