import { isAsyncFunction } from '../../call/function-kind.js';
import { isObject, isPlain } from '../../errors/object-shape.js';
import { compileMatcher, type ErrorMatcher, swallowed } from '../../options/matcher.js';
import { OptionReader } from '../../options/option-reader.js';
import { YEAR_MS } from '../../time/duration.js';
import { ringSlots } from '../machine/count-window.js';
import { countRange } from '../machine/time-window.js';
import type { WindowSettings } from '../machine/window.js';
import { readKey } from '../../panel/record-key.js';
import { fingerprintOf, sourcesOf } from '../../panel/fingerprint.js';
import type { CircuitBreakerPolicy } from './policy.js';
import { type Callbacks, type ReadPolicy, shared } from './settings.js';

/** Whether a policy has a key and no other field: then it refers to a circuit that is declared elsewhere. */
export function isReference(policy: CircuitBreakerPolicy): boolean {
  // An instance of a class may have fields that cannot be listed.
  if (!isPlain(policy)) return false;
  const fields = Object.entries(policy).filter(([, value]) => value !== undefined);
  return fields.length === 1 && fields[0][0] === 'key' && typeof fields[0][1] === 'string';
}

const MAX_COUNT = 1_000_000;
const MAX_PERMITS = 100;
const MAX_CALLS = 10_000;

const MINIMUM_CALLS = 20;
/** The number of reopenings that the word can count, and the first opening. */
const RESET_STEPS = 16;
const DEFAULT_RESET = 60_000;
/** A service that is well may take longer than the circuit stays open. */
const MIN_DEFAULT_PERMIT_TIMEOUT_MS = 30_000;

/**
 * Reads a policy.
 *
 * @throws PolicyError with all its faults
 */
export function readPolicy(
  policy: CircuitBreakerPolicy = {},
): ReadPolicy & { readonly key: string | undefined } {
  const read = new OptionReader<CircuitBreakerPolicy>('CircuitBreakerPolicy', policy);
  return { key: readKey(read), ...readSettings(read) };
}

/** Reads all of a policy but its key, and throws all its faults. */
export function readSettings(read: OptionReader<CircuitBreakerPolicy>): ReadPolicy {
  const successThreshold = read.integer('successThreshold', { default: 2, min: 1, max: MAX_COUNT });
  const resetTimeouts = readResetTimeouts(read);
  const slowCallDuration = read.duration('slowCallDuration', { min: 1, max: YEAR_MS });
  const window = readWindow(read, slowCallDuration);
  const failureThreshold =
    read.integer('failureThreshold', { min: 1, max: MAX_COUNT }) ?? (window ? Infinity : 5);
  const halfOpen = read.group('halfOpen', (inner) => ({
    permits: inner.integer('permits', { min: 1, max: MAX_PERMITS }),
    permitTimeout: inner.duration('permitTimeout', { min: 1, max: YEAR_MS }),
  }));
  const { expectedErrors, excludedErrors } = readErrors(read);
  const isFailure = readIsFailure(read);
  const data = {
    failureThreshold,
    successThreshold,
    resetTimeouts,
    permits: halfOpen?.permits ?? Math.min(successThreshold, MAX_PERMITS),
    window,
    slowCallDuration,
    async: read.boolean('async'),
  };
  // A default is no part of what makes two policies the same; a value that is given is.
  const permitTimeout = halfOpen?.permitTimeout;
  const callbacks = readCallbacks(read);
  read.finish();

  const matchers = { expectedErrors, excludedErrors, isFailure };
  const identity = {
    ...data,
    ...(permitTimeout === undefined ? {} : { permitTimeout }),
    ...Object.fromEntries(Object.entries(matchers).map(([name, matcher]) => [name, matcher !== undefined])),
  };
  const settings = {
    ...data,
    permitTimeout: permitTimeout ?? Math.max(resetTimeouts[0], MIN_DEFAULT_PERMIT_TIMEOUT_MS),
    isExpected: expectedErrors && compileMatcher(expectedErrors),
    isExcluded: excludedErrors && compileMatcher(excludedErrors),
    isFailure,
    identity,
    fingerprint: fingerprintOf(identity),
    sources: sourcesOf(Object.values(matchers)),
  };
  return { settings: shared(settings, Object.values(matchers)), callbacks };
}

function readIsFailure(read: OptionReader<CircuitBreakerPolicy>): ((result: unknown) => boolean) | undefined {
  const isFailure = read.callback('isFailure');
  // The promise of an async function is truthy, whatever the result.
  if (isFailure !== undefined && isAsyncFunction(isFailure)) {
    read.fault('isFailure', 'a function that returns true or false, at once');
  }
  return isFailure;
}

function readCallbacks(read: OptionReader<CircuitBreakerPolicy>): Callbacks | undefined {
  const names = ['onOpen', 'onHalfOpen', 'onClose'] as const;
  const callbacks = names.flatMap((name) => {
    const callback = read.callback(name);
    return callback === undefined ? [] : [[name, callback]];
  });
  return callbacks.length === 0 ? undefined : Object.freeze(Object.fromEntries(callbacks) as Callbacks);
}

function readResetTimeouts(read: OptionReader<CircuitBreakerPolicy>): readonly number[] {
  const limits = { min: 1, max: YEAR_MS };
  if (!isObject(read.raw('resetTimeout'))) {
    return Object.freeze([read.duration('resetTimeout', { default: DEFAULT_RESET, ...limits })]);
  }
  const delays = read.group('resetTimeout', (inner) => {
    const initialDelay = inner.duration('initialDelay', { required: true, ...limits });
    const factor = inner.number('factor', { default: 2, min: 1, max: 1000 });
    const maxDelay = inner.duration('maxDelay', { default: Math.min(initialDelay * 10, YEAR_MS), ...limits });
    if (maxDelay < initialDelay) inner.fault('maxDelay', 'a duration of at least initialDelay');
    return Array.from({ length: RESET_STEPS }, (_, n) =>
      Math.round(Math.min(initialDelay * factor ** n, maxDelay)),
    );
  });
  return Object.freeze(delays ?? [DEFAULT_RESET]);
}

function readWindow(
  read: OptionReader<CircuitBreakerPolicy>,
  slowCallDuration: number | undefined,
): WindowSettings | undefined {
  const window = read.group('window', (inner): WindowSettings => {
    const calls = inner.integer('calls', { min: 1, max: MAX_CALLS });
    const duration = inner.duration('duration', { min: 10, max: YEAR_MS });
    if ((inner.raw('calls') === undefined) === (inner.raw('duration') === undefined)) {
      inner.fault('calls', 'either calls or duration, and not both');
    }
    const minimumCalls = inner.integer('minimumCalls', {
      default: Math.min(MINIMUM_CALLS, calls ?? MINIMUM_CALLS),
      min: 1,
      max: calls ?? MAX_COUNT,
    });
    const failureRate = inner.ratio('failureRate', { default: 0.5 });
    const slowRate = inner.ratio('slowRate') ?? (slowCallDuration === undefined ? undefined : 0.5);
    if (slowRate !== undefined && slowCallDuration === undefined) {
      inner.fault('slowRate', 'nothing, unless slowCallDuration says which calls are slow');
    }
    const limits = { minimumCalls, failureRate, slowRate };
    return Object.freeze(
      calls === undefined
        ? { kind: 'duration', duration: duration ?? 10, range: countRange(duration ?? 10), ...limits }
        : { kind: 'calls', calls, slots: ringSlots(calls), ...limits },
    );
  });
  if (slowCallDuration !== undefined && read.raw('window') === undefined) {
    read.fault('slowCallDuration', 'nothing, unless a window says how many slow calls are too many');
  }
  return window;
}

function readErrors(read: OptionReader<CircuitBreakerPolicy>): {
  expectedErrors: ErrorMatcher | undefined;
  excludedErrors: ErrorMatcher | undefined;
} {
  const expectedErrors = read.matcher('expectedErrors');
  const excludedErrors = read.matcher('excludedErrors');
  if (expectedErrors === undefined || excludedErrors === undefined) return { expectedErrors, excludedErrors };
  for (const { expected, excluded, index } of swallowed(expectedErrors, excludedErrors)) {
    const path = index === undefined ? 'expectedErrors' : (`expectedErrors[${index}]` as const);
    read.fault(path, `an error that excludedErrors does not exclude; ${excluded.name} excludes it`, expected);
  }
  return { expectedErrors, excludedErrors };
}
