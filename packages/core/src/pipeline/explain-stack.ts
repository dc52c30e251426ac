import { type LayerExplanation, stackOf } from '../call/policy-stack.js';
import { isErrorLike } from '../errors/error-shape.js';
import { showValue } from '../errors/show-value.js';

/** One policy of a stack, and what it would do now. */
export interface ExplainedLayer extends LayerExplanation {
  readonly kind: string;
  /** The name by which the policy shares its state; undefined where it has none. */
  readonly key: string | undefined;
}

/** What the policies around a function would do with a call now. */
export interface StackExplanation {
  /** Whether all policies would let the call through. */
  readonly admits: boolean;
  /** A line for each policy, outermost first. */
  readonly text: string;
  /** Outermost first. */
  readonly layers: readonly ExplainedLayer[];
}

/**
 * Explains what the policies around a function would do with a call now. Asking changes nothing.
 *
 * @param fn a function that policies guard: of `pipeline`, `withRetry` and its kin, or a decorated method
 * @param args of the call, for policies whose key depends on them. Default none
 * @param self the `this` of the call. Default undefined
 * @example
 * explainStack(lookup).text;
 * // retry: tries again up to 3 times
 * // circuit-breaker "geo-api": Circuit "geo-api" is closed …
 */
export function explainStack(fn: object, args: readonly unknown[] = [], self?: unknown): StackExplanation {
  const layers = stackOf(fn).map((layer): ExplainedLayer => {
    const { kind } = layer;
    try {
      const explanation = layer.explain?.(self, args) ?? { admits: true, text: 'lets every call through.' };
      const { admits, text } = explanation;
      return Object.freeze({ kind, key: layer.keyFor(self, args), admits, text });
    } catch (error) {
      const message = isErrorLike(error) ? error.message : showValue(error);
      return Object.freeze({ kind, key: layer.key, admits: false, text: `cannot say: ${message}` });
    }
  });
  return Object.freeze({
    admits: layers.every(({ admits }) => admits),
    text: layers
      .map(({ kind, key, text }) => `${key === undefined ? kind : `${kind} "${key}"`}: ${text}`)
      .join('\n'),
    layers: Object.freeze(layers),
  });
}
