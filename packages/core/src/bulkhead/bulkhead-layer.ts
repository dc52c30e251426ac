import type { PolicyLayer } from '../call/policy-stack.js';

/** What the stack of a guarded function says of its bulkhead. */
export function bulkheadLayer(key: string | undefined, policy?: object): PolicyLayer {
  const written = Object.freeze({ kind: 'bulkhead', key, policy: policy && Object.freeze({ ...policy }) });
  return Object.freeze({ kind: 'bulkhead', key, keyFor: () => key, written });
}
