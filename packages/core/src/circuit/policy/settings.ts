import type { MachineSettings } from '../machine/transition.js';
import { canonical } from './fingerprint.js';
import type { CircuitBreakerPolicy } from './policy.js';

/** A policy read, checked and completed. Frozen, and shared by all circuits with equal data and no functions. */
export interface CircuitBreakerSettings extends MachineSettings {
  /** In ms. */
  readonly slowCallDuration: number | undefined;
  readonly async: boolean | undefined;
  readonly isExpected: ((error: unknown) => boolean) | undefined;
  readonly isExcluded: ((error: unknown) => boolean) | undefined;
  readonly isFailure: ((result: unknown) => boolean) | undefined;
  /** What makes two policies the same: all data, and which functions there are. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly fingerprint: number;
  /** Hash of the source of the functions that decide what counts, to warn where declarations differ. */
  readonly sources: number;
}

/** The listeners of a policy. They are no part of what makes two policies the same. */
export type Callbacks = Pick<CircuitBreakerPolicy, 'onOpen' | 'onHalfOpen' | 'onClose'>;

export interface ReadPolicy {
  readonly settings: CircuitBreakerSettings;
  readonly callbacks: Callbacks | undefined;
}

const MAX_SHARED = 256;
const sharedSettings = new Map<string, CircuitBreakerSettings>();

/** Thousands of circuits with one policy keep one copy of it. */
export function shared(
  settings: CircuitBreakerSettings,
  functions: readonly unknown[],
): CircuitBreakerSettings {
  Object.freeze(settings.identity);
  Object.freeze(settings);
  if (functions.some((one) => one !== undefined)) return settings;
  const identity = canonical(settings.identity);
  const known = sharedSettings.get(identity);
  if (known !== undefined) return known;
  if (sharedSettings.size === MAX_SHARED) sharedSettings.clear();
  sharedSettings.set(identity, settings);
  return settings;
}
