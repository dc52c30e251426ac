import type { MachineSettings } from '../machine/transition.js';
import { canonical } from '../../panel/canonical.js';
import type { CircuitBreakerPolicy } from './policy.js';

/**
 * A policy after it was read and checked, with all defaults. Frozen. Circuits with equal policies without functions share
 * one object.
 */
export interface CircuitBreakerSettings extends MachineSettings {
  /** In ms. */
  readonly slowCallDuration: number | undefined;
  readonly async: boolean | undefined;
  readonly isExpected: ((error: unknown) => boolean) | undefined;
  readonly isExcluded: ((error: unknown) => boolean) | undefined;
  readonly isFailure: ((result: unknown) => boolean) | undefined;
  /** The data of the policy, and which functions it has. Policies with equal identities are the same. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly fingerprint: number;
  /** Hash of the source of the functions that decide which outcomes count. Where it differs, a warning is published. */
  readonly sources: number;
}

/** The listeners of a policy. They are not part of its identity. */
export type Callbacks = Pick<CircuitBreakerPolicy, 'onOpen' | 'onHalfOpen' | 'onClose'>;

export interface ReadPolicy {
  readonly settings: CircuitBreakerSettings;
  readonly callbacks: Callbacks | undefined;
}

const MAX_SHARED = 256;
const sharedSettings = new Map<string, CircuitBreakerSettings>();

/** Returns one object for equal settings without functions, so that thousands of circuits with one policy share it. */
export function shared(
  settings: CircuitBreakerSettings,
  functions: readonly unknown[],
): CircuitBreakerSettings {
  Object.freeze(settings.identity);
  Object.freeze(settings);
  if (functions.some((one) => one !== undefined)) return settings;
  const identity = canonical(settings.identity);
  const copy = sharedSettings.get(identity);
  if (copy !== undefined) return copy;
  if (sharedSettings.size === MAX_SHARED) sharedSettings.clear();
  sharedSettings.set(identity, settings);
  return settings;
}
