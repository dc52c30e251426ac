import type { WindowSettings } from '../machine/window.js';
import { fingerprintOf } from '../../panel/fingerprint.js';
import { readPolicy } from './read-policy.js';
import type { CircuitBreakerSettings } from './settings.js';

/**
 * A circuit's policy as every thread can read it: its data, completed, with all durations in milliseconds. Of the functions
 * it says only that they exist, because functions cannot cross threads.
 */
export interface PublishedPolicy {
  /** Undefined where only the window decides. */
  readonly failureThreshold?: number;
  readonly successThreshold: number;
  /** Where the time grows: how long the first opening lasts, the second, and so on; the last of them for all later ones. */
  readonly resetTimeout: number | readonly number[];
  readonly window?: {
    readonly calls?: number;
    readonly duration?: number;
    readonly minimumCalls: number;
    readonly failureRate?: number;
    readonly slowRate?: number;
  };
  readonly slowCallDuration?: number;
  readonly halfOpen: { readonly permits: number; readonly permitTimeout?: number };
  readonly async?: boolean;
  /** Whether the policy has this function; the same for the other two. */
  readonly expectedErrors: boolean;
  readonly excludedErrors: boolean;
  readonly isFailure: boolean;
}

const FUNCTIONS = ['expectedErrors', 'excludedErrors', 'isFailure'] as const;

/**
 * The number of the fields above as text: it goes up when one of them changes its meaning. Fields that only the inside of this
 * package knows are not in the text, so that two versions of it that agree on a policy write the same text.
 */
const FORMAT = 1;

const texts = new WeakMap<CircuitBreakerSettings, string>();

/** The published fields of a policy as JSON; equal texts for equal policies. */
export function policyText(settings: CircuitBreakerSettings): string {
  let text = texts.get(settings);
  if (text === undefined) {
    text = JSON.stringify({ format: FORMAT, ...publish(settings) });
    texts.set(settings, text);
  }
  return text;
}

/** What {@link policyText} wrote; undefined for a text of another format. */
export function readPolicyText(text: string): PublishedPolicy | undefined {
  const { format, ...policy } = JSON.parse(text) as PublishedPolicy & { readonly format: number };
  return format === FORMAT ? Object.freeze(policy) : undefined;
}

/** The functions of a policy, which its text does not hold. */
export function functionsIn(policy: PublishedPolicy): readonly string[] {
  return FUNCTIONS.filter((name) => policy[name]);
}

/** The settings of a circuit that another thread has declared: all but the functions of its policy. */
export function settingsFrom(policy: PublishedPolicy): CircuitBreakerSettings {
  const { resetTimeout, expectedErrors, excludedErrors, isFailure, ...data } = policy;
  const resetTimeouts = typeof resetTimeout === 'number' ? [resetTimeout] : resetTimeout;
  const { settings } = readPolicy({ ...data, resetTimeout: resetTimeouts[0] } as never);
  const identity = { ...settings.identity, resetTimeouts, expectedErrors, excludedErrors, isFailure };
  return { ...settings, resetTimeouts, identity, fingerprint: fingerprintOf(identity) };
}

/** Taken from the identity, in which a value that is no part of what makes two policies the same is missing. */
function publish({ identity }: CircuitBreakerSettings): PublishedPolicy {
  const { failureThreshold, permits, permitTimeout, resetTimeouts, window, ...others } =
    identity as unknown as Omit<CircuitBreakerSettings, 'permitTimeout'> & {
      readonly permitTimeout?: number;
    } & Pick<PublishedPolicy, 'expectedErrors' | 'excludedErrors' | 'isFailure'>;
  const { successThreshold, slowCallDuration, async, expectedErrors, excludedErrors, isFailure } = others;
  return {
    ...(failureThreshold === Infinity ? {} : { failureThreshold }),
    successThreshold,
    resetTimeout: resetTimeouts.length === 1 ? resetTimeouts[0] : resetTimeouts,
    ...(window === undefined ? {} : { window: publishWindow(window) }),
    ...(slowCallDuration === undefined ? {} : { slowCallDuration }),
    halfOpen: { permits, ...(permitTimeout === undefined ? {} : { permitTimeout }) },
    ...(async === undefined ? {} : { async }),
    expectedErrors,
    excludedErrors,
    isFailure,
  };
}

function publishWindow(window: WindowSettings): NonNullable<PublishedPolicy['window']> {
  const { minimumCalls, failureRate, slowRate } = window;
  return {
    ...(window.kind === 'calls' ? { calls: window.calls } : { duration: window.duration }),
    minimumCalls,
    ...(failureRate === undefined ? {} : { failureRate }),
    ...(slowRate === undefined ? {} : { slowRate }),
  };
}
