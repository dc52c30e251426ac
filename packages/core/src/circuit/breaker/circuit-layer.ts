import type { PolicyLayer, WrittenPolicy } from '../../call/policy-stack.js';
import type { CircuitBreakerPolicy } from '../policy/policy.js';

/**
 * What the stack of a guarded function says of its circuit.
 *
 * @param keyFor the circuit's key for a call; default the one that was written
 */
export function circuitLayer(
  written: WrittenPolicy,
  keyFor?: (self: unknown, args: readonly unknown[]) => string | undefined,
): PolicyLayer {
  const key = typeof written.key === 'string' ? written.key : undefined;
  return Object.freeze({ kind: written.kind, key, keyFor: keyFor ?? (() => key), written });
}

/** A circuit as a program has written it: by its key alone, or by a policy. */
export function writtenCircuit(
  circuit: string | CircuitBreakerPolicy | { readonly key?: unknown },
): WrittenPolicy {
  const kind = 'circuit-breaker';
  if (typeof circuit === 'string') return Object.freeze({ kind, key: circuit, policy: undefined });
  const { key, ...policy } = circuit as { readonly key?: WrittenPolicy['key'] };
  const isReference =
    typeof key === 'string' && Object.values<unknown>(policy).every((value) => value === undefined);
  return Object.freeze({ kind, key, policy: isReference ? undefined : Object.freeze(policy) });
}
