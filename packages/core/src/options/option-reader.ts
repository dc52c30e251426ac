import { type Clock, systemClock } from '../time/clock.js';
import { formatLimit, parseDuration } from '../time/duration.js';
import { FieldReader, type ReadContext } from './field-reader.js';
import { type ErrorMatcher, matcherFaults } from './matcher.js';
import { nearest } from './nearest.js';
import type {
  AnyFunction,
  FieldName,
  FieldOf,
  FieldOfKind,
  FunctionOf,
  Given,
  GroupOf,
  NumberLimits,
  Presence,
  TextLimits,
} from './option-fields.js';
import { describeRange } from './range.js';

export type { ForeignNames } from './foreign-names.js';
export { nearest } from './nearest.js';
export type { NumberLimits, Presence, TextLimits } from './option-fields.js';

/**
 * Reads the options of a policy field by field, and throws all faults at once.
 *
 * Every field is read exactly once, `undefined` means absent, and the caller's object is never changed. After a fault a
 * method returns the default or another value of the right type, so that reading can go on to the next fault. Use the
 * values only after {@link finish}.
 *
 * @param subject the name of the policy, for the message
 * @param input the value that the caller wrote; undefined means no options
 * @param context `foreignNames`: what options of other libraries are called here
 * @example
 * const read = new OptionReader<RetryPolicy>('RetryPolicy', policy);
 * const maxRetries = read.integer('maxRetries', { default: 3, min: 0, orInfinity: true });
 * const maxDelay = read.duration('maxDelay', { default: 60_000, min: 1 });
 * const initialDelay = read.duration('initialDelay', { default: 100 });
 * if (initialDelay > maxDelay) read.fault('initialDelay', 'at most maxDelay');
 * read.finish();
 */
export class OptionReader<Options extends object = Record<string, unknown>> extends FieldReader<Options> {
  /** A whole number. Default `min` is 0. */
  integer(name: FieldOfKind<Options, number>, limits: NumberLimits & Given<number>): number;
  integer(name: FieldOfKind<Options, number>, limits?: NumberLimits): number | undefined;
  integer(name: FieldOfKind<Options, number>, limits: NumberLimits = {}): number | undefined {
    return this.#number(name, 'a whole number', { min: 0, ...limits }, Number.isSafeInteger);
  }

  /** A finite number, whole or not. */
  number(name: FieldOfKind<Options, number>, limits: NumberLimits & Given<number>): number;
  number(name: FieldOfKind<Options, number>, limits?: NumberLimits): number | undefined;
  number(name: FieldOfKind<Options, number>, limits: NumberLimits = {}): number | undefined {
    return this.#number(name, 'a number', limits, Number.isFinite);
  }

  /** A share of a whole: above 0, up to 1. */
  ratio(name: FieldOfKind<Options, number>, presence: Presence<number> & Given<number>): number;
  ratio(name: FieldOfKind<Options, number>, presence?: Presence<number>): number | undefined;
  ratio(name: FieldOfKind<Options, number>, presence: Presence<number> = {}): number | undefined {
    const check = (value: unknown) => (isNumber(value) && value > 0 && value <= 1 ? value : undefined);
    // A percentage.
    const suggest = (value: unknown) =>
      isNumber(value) && value > 1 && value <= 100 ? String(value / 100) : undefined;
    return this.checked(name, 'a number above 0 and up to 1', presence, 1, check, suggest);
  }

  /** A duration, in milliseconds or as text with a unit; result and limits are milliseconds. Default `min` is 0. */
  duration(name: FieldOfKind<Options, number | string>, limits: NumberLimits & Given<number>): number;
  duration(name: FieldOfKind<Options, number | string>, limits?: NumberLimits): number | undefined;
  duration(name: FieldOfKind<Options, number | string>, limits: NumberLimits = {}): number | undefined {
    const { min = 0, max, orInfinity } = limits;
    const range = describeRange(min, max, formatLimit);
    const allowed = `a duration ${range}, in milliseconds or as text such as '30s'${orInfinity ? ', or Infinity' : ''}`;
    return this.checked(name, allowed, limits, min, (value) => {
      if (value === Infinity && orInfinity) return value;
      const ms = finite(parseDuration(value));
      return ms !== undefined && ms >= min && ms <= (max ?? Infinity) ? ms + 0 : undefined;
    });
  }

  boolean(name: FieldOfKind<Options, boolean>, presence: Presence<boolean> & Given<boolean>): boolean;
  boolean(name: FieldOfKind<Options, boolean>, presence?: Presence<boolean>): boolean | undefined;
  boolean(name: FieldOfKind<Options, boolean>, presence: Presence<boolean> = {}): boolean | undefined {
    const check = (value: unknown) => (typeof value === 'boolean' ? value : undefined);
    return this.checked(name, 'true or false', presence, false, check);
  }

  /** A text of `min` to `max` characters. Default `min` is 1. */
  text(name: FieldOfKind<Options, string>, limits: TextLimits & Given<string>): string;
  text(name: FieldOfKind<Options, string>, limits?: TextLimits): string | undefined;
  text(name: FieldOfKind<Options, string>, limits: TextLimits = {}): string | undefined {
    const { min = 1, max } = limits;
    const range = max === undefined ? `at least ${min}` : `${min} to ${max}`;
    const allowed = `a text of ${range} characters`;
    return this.checked(name, allowed, limits, '', (value) => {
      return typeof value === 'string' && value.length >= min && value.length <= (max ?? Infinity)
        ? value
        : undefined;
    });
  }

  /** One of a few texts. */
  oneOf<const Choice extends string>(
    name: FieldOfKind<Options, string>,
    choices: readonly [Choice, ...Choice[]],
    presence: Presence<NoInfer<Choice>> & Given<NoInfer<Choice>>,
  ): Choice;
  oneOf<const Choice extends string>(
    name: FieldOfKind<Options, string>,
    choices: readonly [Choice, ...Choice[]],
    presence?: Presence<NoInfer<Choice>>,
  ): Choice | undefined;
  oneOf<const Choice extends string>(
    name: FieldOfKind<Options, string>,
    choices: readonly [Choice, ...Choice[]],
    presence: Presence<Choice> = {},
  ): Choice | undefined {
    const allowed = choices.map((choice) => `'${choice}'`).join(', ');
    const suggest = (value: unknown) => (typeof value === 'string' ? nearest(value, choices) : undefined);
    const check = (value: unknown) => choices.find((choice) => choice === value);
    return this.checked(name, `one of ${allowed}`, presence, choices[0], check, suggest);
  }

  /** A function. Only the compiler checks its type. */
  callback<Name extends FieldOfKind<Options, AnyFunction>>(
    name: Name,
  ): FunctionOf<FieldOf<Options, Name>> | undefined {
    type Callback = FunctionOf<FieldOf<Options, Name>>;
    return this.checked<Callback>(name, 'a function', {}, undefined, (value) => {
      return typeof value === 'function' ? (value as Callback) : undefined;
    });
  }

  /** A matcher of errors. A list is copied: later changes of the caller's list have no effect. */
  matcher(name: FieldOfKind<Options, ErrorMatcher>): ErrorMatcher | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const copy: unknown = Array.isArray(value) ? Object.freeze([...(value as unknown[])]) : value;
    const faults = matcherFaults(copy);
    for (const { path, received, allowed } of faults)
      this.faults.report(this.pathOf(name) + path, received, allowed);
    return faults.length === 0 ? (copy as ErrorMatcher) : undefined;
  }

  /** A clock, known by its methods. Default the system's. */
  clock(name: FieldOfKind<Options, Clock>): Clock {
    const presence = { default: systemClock };
    const clock = this.checked(
      name,
      'a clock, with the methods now and sleep',
      presence,
      systemClock,
      (value) => {
        const { now, sleep } = Object(value) as { readonly now?: unknown; readonly sleep?: unknown };
        return typeof now === 'function' && typeof sleep === 'function' ? (value as Clock) : undefined;
      },
    );
    return clock ?? systemClock;
  }

  /**
   * An object within the object. `read` is not called if the field is absent or no object; unknown fields are reported
   * when `read` returns.
   */
  group<Name extends FieldOfKind<Options, object>, Result>(
    name: Name,
    read: (inner: OptionReader<GroupOf<FieldOf<Options, Name>>>) => Result,
  ): Result | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const { foreignNames } = this;
    const nesting = { path: this.pathOf(name), faults: this.faults };
    const inner = readerOf<GroupOf<FieldOf<Options, Name>>>(this.subject, value, { nesting, foreignNames });
    if (!inner.isObject) return undefined;
    const result = read(inner);
    inner.finish();
    return result;
  }

  #number(
    name: FieldName<Options>,
    kind: string,
    limits: NumberLimits,
    accepts: (value: unknown) => boolean,
  ): number | undefined {
    const { min, max, orInfinity } = limits;
    const allowed =
      [kind, describeRange(min, max)].filter(Boolean).join(' ') + (orInfinity ? ', or Infinity' : '');
    return this.checked(name, allowed, limits, min ?? 0, (value) => {
      if (value === Infinity && orInfinity) return value;
      const fits =
        isNumber(value) && accepts(value) && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
      return fits ? value + 0 : undefined; // + 0 makes 0 of -0
    });
  }
}

/** A function outside of the class, because esbuild renames a class that names itself. */
function readerOf<Options extends object>(
  subject: string,
  input: unknown,
  context: ReadContext,
): OptionReader<Options> {
  return new OptionReader<Options>(subject, input, context);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function finite(ms: number | undefined): number | undefined {
  return ms !== undefined && Number.isFinite(ms) ? ms : undefined;
}
