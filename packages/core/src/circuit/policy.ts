import type { Duration } from '../duration.js';
import { compileMatcher, type ErrorMatcher, swallowed } from '../options/matcher.js';
import { OptionReader } from '../options.js';
import { isAsyncFunction } from './call.js';
import { ringSlots } from './count-window.js';
import type { MachineSettings } from './machine.js';
import { encodeText } from './text.js';
import { countRange } from './time-window.js';
import type { WindowSettings } from './window.js';

/** When a circuit opens, for how long, and what it takes to close again. */
export interface CircuitBreakerPolicy {
  /** The circuit's name. Whoever names it shares the circuit, in every thread. Up to 500 bytes of UTF-8. */
  readonly key?: string;
  /** Consecutive counted failures that open it. Default 5; none with a `window`. */
  readonly failureThreshold?: number;
  /** Probes that have to succeed before it closes. Default 2. */
  readonly successThreshold?: number;
  /** How long it stays open before it lets probes through. Default `'60s'`. */
  readonly resetTimeout?: Duration | ResetBackoff;
  /** Which errors count as failures; others count as nothing. Default all. */
  readonly expectedErrors?: ErrorMatcher;
  /** Which errors count as nothing, whatever `expectedErrors` says. Default none. */
  readonly excludedErrors?: ErrorMatcher;
  /** Which results count as failures. The caller gets the result all the same. */
  isFailure?(result: unknown): boolean;
  /** Judge by rates over the last calls, or the last while, rather than by failures in a row. */
  readonly window?: CountWindowPolicy | TimeWindowPolicy;
  /** A call that takes longer is slow. Needs a `window`; a slow probe counts as failed. */
  readonly slowCallDuration?: Duration;
  readonly halfOpen?: HalfOpenPolicy;
  /** Whether refusals reject (true) or throw (false). Found out from the function unless given. */
  readonly async?: boolean;
  /** Called when this thread opens the circuit. */
  onOpen?(failures: number, error: unknown): void;
  /** Called when this thread lets the first probe through. */
  onHalfOpen?(): void;
  /** Called when this thread closes the circuit. */
  onClose?(): void;
}

/**
 * A reset timeout that grows each time a probe fails: `initialDelay × factor ^ failed probes`, at most `maxDelay`. It stops
 * growing after 15 failed probes in a row.
 */
export interface ResetBackoff {
  readonly initialDelay: Duration;
  /** Default 2. */
  readonly factor?: number;
  /** Default ten times `initialDelay`. */
  readonly maxDelay?: Duration;
}

interface WindowLimitsPolicy {
  /** Outcomes needed before the rates are asked. Default 20, or all calls of a smaller window. */
  readonly minimumCalls?: number;
  /** The share of failures, above 0 to 1, at which the circuit opens. Default 0.5. */
  readonly failureRate?: number;
  /** The share of slow calls at which it opens. Default 0.5 where there is a `slowCallDuration`. */
  readonly slowRate?: number;
}

/** The last so many calls. */
export interface CountWindowPolicy extends WindowLimitsPolicy {
  readonly calls: number;
  readonly duration?: never;
}

/** The last while: between 90 % and all of `duration`. */
export interface TimeWindowPolicy extends WindowLimitsPolicy {
  readonly duration: Duration;
  readonly calls?: never;
}

export interface HalfOpenPolicy {
  /** Probes in flight at once. Default `successThreshold`. */
  readonly permits?: number;
  /** A probe that takes longer has failed. Default the first `resetTimeout`. */
  readonly permitTimeout?: Duration;
}

/** A policy of nothing but a key refers to a circuit that is declared elsewhere. */
export function isReference(policy: CircuitBreakerPolicy): boolean {
  // An instance of a class has fields that cannot be listed.
  if (!isPlain(policy)) return false;
  const fields = Object.entries(policy).filter(([, value]) => value !== undefined);
  return fields.length === 1 && fields[0][0] === 'key' && typeof fields[0][1] === 'string';
}

function isPlain(policy: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(policy);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

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

const MOST = 1_000_000;
const MOST_PERMITS = 100;
const MOST_CALLS = 10_000;
const YEAR = 365 * 86_400_000;
const MINIMUM_CALLS = 20;
/** As many as the word can tell apart. */
const RESET_STEPS = 16;
const DEFAULT_RESET = 60_000;

/**
 * Reads a policy.
 *
 * @throws PolicyError with everything that is wrong with it
 */
export function readPolicy(
  policy: CircuitBreakerPolicy = {},
): ReadPolicy & { readonly key: string | undefined } {
  const read = new OptionReader<CircuitBreakerPolicy>('CircuitBreakerPolicy', policy);
  return { key: readKey(read), ...readSettings(read) };
}

/** Reads all of a policy but its key, and throws all faults there are. */
export function readSettings(read: OptionReader<CircuitBreakerPolicy>): ReadPolicy {
  const successThreshold = read.integer('successThreshold', { default: 2, min: 1, max: MOST });
  const resetTimeouts = readResetTimeouts(read);
  const slowCallDuration = read.duration('slowCallDuration', { min: 1, max: YEAR });
  const window = readWindow(read, slowCallDuration);
  const failureThreshold = read.integer('failureThreshold', { min: 1, max: MOST }) ?? (window ? Infinity : 5);
  const halfOpen = read.group('halfOpen', (inner) => ({
    permits: inner.integer('permits', { min: 1, max: MOST_PERMITS }),
    permitTimeout: inner.duration('permitTimeout', { min: 1, max: YEAR }),
  }));
  const { expectedErrors, excludedErrors } = readErrors(read);
  const isFailure = readIsFailure(read);
  const data = {
    failureThreshold,
    successThreshold,
    resetTimeouts,
    permits: halfOpen?.permits ?? Math.min(successThreshold, MOST_PERMITS),
    permitTimeout: halfOpen?.permitTimeout ?? resetTimeouts[0],
    window,
    slowCallDuration,
    async: read.boolean('async'),
  };
  const callbacks = readCallbacks(read);
  read.finish();

  const matchers = { expectedErrors, excludedErrors, isFailure };
  const identity = {
    ...data,
    ...Object.fromEntries(Object.entries(matchers).map(([name, matcher]) => [name, matcher !== undefined])),
  };
  const settings = {
    ...data,
    isExpected: expectedErrors && compileMatcher(expectedErrors),
    isExcluded: excludedErrors && compileMatcher(excludedErrors),
    isFailure,
    identity,
    fingerprint: encodeText(canonical(identity)).hash,
    sources: encodeText(Object.values(matchers).map(sourceOf).join('\n')).hash,
  };
  return { settings: shared(settings, Object.values(matchers)), callbacks };
}

/** The names of the settings in which two policies differ. */
export function differences(one: CircuitBreakerSettings, other: CircuitBreakerSettings): readonly string[] {
  return Object.keys(one.identity).filter(
    (name) => canonical(one.identity[name]) !== canonical(other.identity[name]),
  );
}

const BYTES_OF_KEY = 500;

function readKey(read: OptionReader<CircuitBreakerPolicy>): string | undefined {
  const key = read.text('key');
  const allowed = key === undefined ? undefined : allowedInsteadOf(key);
  if (allowed !== undefined) read.fault('key', allowed);
  return key;
}

/** What a text that cannot be a key should be instead. */
export function allowedInsteadOf(key: string): string | undefined {
  if (key === '') return 'a text that is not empty';
  if (encodeText(key).bytes > BYTES_OF_KEY) return `a text of at most ${BYTES_OF_KEY} bytes of UTF-8`;
  // Halves of characters all become the same character in UTF-8, and two names would be one.
  return /\p{Surrogate}/u.test(key) ? 'a text of whole characters' : undefined;
}

function readIsFailure(read: OptionReader<CircuitBreakerPolicy>): ((result: unknown) => boolean) | undefined {
  const isFailure = read.callback('isFailure');
  // Its promise would be true for every result.
  if (isFailure !== undefined && isAsyncFunction(isFailure)) {
    read.fault('isFailure', 'a function that returns true or false, at once');
  }
  return isFailure;
}

function readCallbacks(read: OptionReader<CircuitBreakerPolicy>): Callbacks | undefined {
  const names = ['onOpen', 'onHalfOpen', 'onClose'] as const;
  const given = names.flatMap((name) => {
    const callback = read.callback(name);
    return callback === undefined ? [] : [[name, callback]];
  });
  return given.length === 0 ? undefined : Object.freeze(Object.fromEntries(given) as Callbacks);
}

function readResetTimeouts(read: OptionReader<CircuitBreakerPolicy>): readonly number[] {
  const limits = { min: 1, max: YEAR };
  const given = read.raw('resetTimeout');
  if (typeof given !== 'object' || given === null) {
    return Object.freeze([read.duration('resetTimeout', { default: DEFAULT_RESET, ...limits })]);
  }
  const delays = read.group('resetTimeout', (inner) => {
    const initialDelay = inner.duration('initialDelay', { required: true, ...limits });
    const factor = inner.number('factor', { default: 2, min: 1, max: 1000 });
    const maxDelay = inner.duration('maxDelay', { default: Math.min(initialDelay * 10, YEAR), ...limits });
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
    const calls = inner.integer('calls', { min: 1, max: MOST_CALLS });
    const duration = inner.duration('duration', { min: 10, max: YEAR });
    if ((inner.raw('calls') === undefined) === (inner.raw('duration') === undefined)) {
      inner.fault('calls', 'either calls or duration, and not both');
    }
    const minimumCalls = inner.integer('minimumCalls', {
      default: Math.min(MINIMUM_CALLS, calls ?? MINIMUM_CALLS),
      min: 1,
      max: calls ?? MOST,
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
    read.fault(
      path,
      `an error that excludedErrors leaves to be counted: ${excluded.name} excludes it`,
      expected,
    );
  }
  return { expectedErrors, excludedErrors };
}

/** JSON, in which `Infinity` and undefined are not the same as null. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part === Infinity || part === undefined ? String(part) : part,
  );
}

function sourceOf(functions: unknown): string {
  if (Array.isArray(functions)) return functions.map(sourceOf).join();
  return typeof functions === 'function' ? Function.prototype.toString.call(functions) : '';
}

const MOST_SHARED = 256;
const sharedSettings = new Map<string, CircuitBreakerSettings>();

/** Thousands of circuits with one policy keep one copy of it. */
function shared(settings: CircuitBreakerSettings, functions: readonly unknown[]): CircuitBreakerSettings {
  Object.freeze(settings.identity);
  Object.freeze(settings);
  if (functions.some((one) => one !== undefined)) return settings;
  const identity = canonical(settings.identity);
  const known = sharedSettings.get(identity);
  if (known !== undefined) return known;
  if (sharedSettings.size === MOST_SHARED) sharedSettings.clear();
  sharedSettings.set(identity, settings);
  return settings;
}
