import type { PolicyLayer } from '../call/policy-stack.js';

/** What the stack of a guarded function says of its rate limit. */
export function rateLimitLayer(key: string | undefined, policy?: object): PolicyLayer {
  const written = Object.freeze({ kind: 'rate-limit', key, policy: policy && Object.freeze({ ...policy }) });
  return Object.freeze({ kind: 'rate-limit', key, keyFor: () => key, written });
}
