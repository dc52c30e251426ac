import type { LayerExplanation, PolicyLayer } from '../call/policy-stack.js';
import type { LocalBulkhead } from './local-bulkhead.js';
import { explanationOf } from './snapshot.js';

/**
 * What the stack of a guarded function says of its bulkhead.
 *
 * @param policy as it is written; undefined where it is written elsewhere
 * @param resolve finds the bulkhead, or throws
 */
export function bulkheadLayer(
  key: string | undefined,
  policy: object | undefined,
  resolve: () => LocalBulkhead,
): PolicyLayer {
  const written = Object.freeze({ kind: 'bulkhead', key, policy: policy && Object.freeze({ ...policy }) });
  const explain = (): LayerExplanation => {
    const { admits, text } = explanationOf(resolve());
    return { admits, text };
  };
  return Object.freeze({ kind: 'bulkhead', key, keyFor: () => key, written, explain });
}
