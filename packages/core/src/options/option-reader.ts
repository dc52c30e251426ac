import { type Fault, PolicyError } from '../errors/policy-error.js';
import { formatDuration, parseDuration } from '../time/duration.js';
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

export { nearest } from './nearest.js';
export type { NumberLimits, Presence, TextLimits } from './option-fields.js';

interface Nesting {
  readonly path: string;
  readonly faults: Fault[];
}

/**
 * Reads a policy's options field by field, and throws all that is wrong with them at once.
 *
 * Every field is read exactly once, `undefined` means absent, and the caller's object is never changed. After a fault a
 * method returns the default or another value of the right type, so that reading can go on to the next fault; what was
 * read may be used only after {@link finish}.
 *
 * @param subject the policy's name, for the message
 * @param input what the caller wrote; undefined stands for no options at all
 * @example
 * const read = new OptionReader<RetryPolicy>('RetryPolicy', policy);
 * const maxRetries = read.integer('maxRetries', { default: 3, min: 0, orInfinity: true });
 * const maxDelay = read.duration('maxDelay', { default: 60_000, min: 1 });
 * const initialDelay = read.duration('initialDelay', { default: 100 });
 * if (initialDelay > maxDelay) read.fault('initialDelay', 'at most maxDelay');
 * read.finish();
 */
export class OptionReader<Options extends object = Record<string, unknown>> {
  readonly #subject: string;
  readonly #fields: object | undefined;
  readonly #path: string;
  readonly #faults: Fault[];
  readonly #nested: boolean;
  readonly #values = new Map<string, unknown>();

  constructor(subject: string, input: unknown, nesting?: Nesting) {
    this.#subject = subject;
    this.#path = nesting?.path ?? '';
    this.#faults = nesting?.faults ?? [];
    this.#nested = nesting !== undefined;
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    this.#fields = isObject ? input : undefined;
    if (!isObject && input !== undefined) this.#report(this.#path, input, 'an object with options');
  }

  /** A whole number. `min` is 0 unless given. */
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
    return this.#checked(name, 'a number above 0 and up to 1', presence, 1, check);
  }

  /** A duration, in milliseconds or as text with a unit; the result and the limits are milliseconds. `min` is 0 unless given. */
  duration(name: FieldOfKind<Options, number | string>, limits: NumberLimits & Given<number>): number;
  duration(name: FieldOfKind<Options, number | string>, limits?: NumberLimits): number | undefined;
  duration(name: FieldOfKind<Options, number | string>, limits: NumberLimits = {}): number | undefined {
    const { min = 0, max, orInfinity } = limits;
    const range = describeRange(min, max, (ms) => (ms === 0 ? '0ms' : formatDuration(ms)));
    const allowed = `a duration ${range}, in milliseconds or as text such as '30s'${orInfinity ? ', or Infinity' : ''}`;
    return this.#checked(name, allowed, limits, min, (value) => {
      if (value === Infinity && orInfinity) return value;
      const ms = attemptNumber(parseDuration(value));
      return ms !== undefined && ms >= min && ms <= (max ?? Infinity) ? ms + 0 : undefined;
    });
  }

  boolean(name: FieldOfKind<Options, boolean>, presence: Presence<boolean> & Given<boolean>): boolean;
  boolean(name: FieldOfKind<Options, boolean>, presence?: Presence<boolean>): boolean | undefined;
  boolean(name: FieldOfKind<Options, boolean>, presence: Presence<boolean> = {}): boolean | undefined {
    const check = (value: unknown) => (typeof value === 'boolean' ? value : undefined);
    return this.#checked(name, 'true or false', presence, false, check);
  }

  /** A text of `min` (1 unless given) to `max` characters. */
  text(name: FieldOfKind<Options, string>, limits: TextLimits & Given<string>): string;
  text(name: FieldOfKind<Options, string>, limits?: TextLimits): string | undefined;
  text(name: FieldOfKind<Options, string>, limits: TextLimits = {}): string | undefined {
    const { min = 1, max } = limits;
    const range = max === undefined ? `at least ${min}` : `${min} to ${max}`;
    const allowed = `a text of ${range} characters`;
    return this.#checked(name, allowed, limits, '', (value) => {
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
    return this.#checked(name, `one of ${allowed}`, presence, choices[0], check, suggest);
  }

  /** A function; of what type is for the compiler to know. */
  callback<Name extends FieldOfKind<Options, AnyFunction>>(
    name: Name,
  ): FunctionOf<FieldOf<Options, Name>> | undefined {
    type Callback = FunctionOf<FieldOf<Options, Name>>;
    return this.#checked<Callback>(name, 'a function', {}, undefined, (value) => {
      return typeof value === 'function' ? (value as Callback) : undefined;
    });
  }

  /** Which errors are meant. A list is copied, so that what was checked is what is used. */
  matcher(name: FieldOfKind<Options, ErrorMatcher>): ErrorMatcher | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const copy: unknown = Array.isArray(value) ? Object.freeze([...(value as unknown[])]) : value;
    const faults = matcherFaults(copy);
    for (const { path, received, allowed } of faults)
      this.#report(this.#pathOf(name) + path, received, allowed);
    return faults.length === 0 ? (copy as ErrorMatcher) : undefined;
  }

  /**
   * An object within the object. `read` is not called when the field is absent or no object, and unknown fields are
   * reported when it returns.
   */
  group<Name extends FieldOfKind<Options, object>, Result>(
    name: Name,
    read: (inner: OptionReader<GroupOf<FieldOf<Options, Name>>>) => Result,
  ): Result | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const nesting: Nesting = { path: this.#pathOf(name), faults: this.#faults };
    const inner = readerOf<GroupOf<FieldOf<Options, Name>>>(this.#subject, value, nesting);
    if (inner.#fields === undefined) return undefined;
    const result = read(inner);
    inner.finish();
    return result;
  }

  /** A field as it was written, for what no other method reads; it counts as known. */
  raw(name: FieldName<Options>): unknown {
    if (this.#values.has(name)) return this.#values.get(name);
    let value: unknown;
    try {
      value = (this.#fields as Record<string, unknown> | undefined)?.[name];
    } catch (error) {
      this.#report(this.#pathOf(name), error, 'a field that can be read: its getter threw');
    }
    this.#values.set(name, value);
    return value;
  }

  /**
   * Reports a fault that takes more than one field to see. A field has one fault at most, its first: a second would only
   * follow from it.
   *
   * @param path the field, or a place in it such as 'expectedErrors[1]'
   * @param allowed what it takes, in words
   * @param received what it holds; the field's value unless given
   */
  fault(
    path: FieldName<Options> | `${FieldName<Options>}${'.' | '['}${string}`,
    allowed: string,
    received?: unknown,
  ): void {
    const value = arguments.length > 2 ? received : this.#values.get(path);
    this.#report(this.#pathOf(path), value, allowed);
  }

  /** Whether a field, or anything in it, has a fault, so that comparing it with another would make no sense. */
  isFaulty(name: FieldName<Options>): boolean {
    const path = this.#pathOf(name);
    return this.#faults.some(
      (fault) => fault.path === path || ['.', '['].some((sign) => fault.path.startsWith(path + sign)),
    );
  }

  /**
   * Reports the fields that nobody read, each with the name that was probably meant.
   *
   * @throws PolicyError with all faults, if there are any
   */
  finish(): void {
    const known = [...this.#values.keys()];
    for (const name of Object.keys(this.#fields ?? {})) {
      if (this.#values.has(name)) continue;
      const received = this.raw(name as FieldName<Options>);
      if (received === undefined) continue;
      const suggestion = nearest(name, known);
      const allowed = known.length === 0 ? 'no options' : known.join(', ');
      const fault: Fault = { path: this.#pathOf(name), received, allowed, unknown: true };
      this.#add(suggestion === undefined ? fault : { ...fault, suggestion });
    }
    if (!this.#nested && this.#faults.length > 0) throw new PolicyError(this.#subject, this.#faults);
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
    return this.#checked(name, allowed, limits, min ?? 0, (value) => {
      if (value === Infinity && orInfinity) return value;
      const fits =
        isNumber(value) && accepts(value) && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
      return fits ? value + 0 : undefined; // + 0 makes 0 of -0
    });
  }

  #checked<Value>(
    name: FieldName<Options>,
    allowed: string,
    presence: Presence<Value>,
    placeholder: Value | undefined,
    check: (value: unknown) => Value | undefined,
    suggest?: (value: unknown) => string | undefined,
  ): Value | undefined {
    const value = this.raw(name);
    if (value === undefined) {
      if (presence.default !== undefined || presence.required !== true) return presence.default;
      // Of what is no object at all, that is the one fault.
      if (this.#faults.every((fault) => fault.path !== this.#path))
        this.#report(this.#pathOf(name), value, allowed);
      return placeholder;
    }
    const checked = check(value);
    if (checked !== undefined) return checked;
    this.#report(this.#pathOf(name), value, allowed, suggest?.(value));
    return presence.default ?? placeholder;
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #report(path: string, received: unknown, allowed: string, suggestion?: string): void {
    this.#add(
      suggestion === undefined ? { path, received, allowed } : { path, received, allowed, suggestion },
    );
  }

  #add(fault: Fault): void {
    if (this.#faults.every(({ path }) => path !== fault.path)) this.#faults.push(Object.freeze(fault));
  }
}

/** Out here, since a class that names itself is renamed when it is bundled. */
function readerOf<Options extends object>(
  subject: string,
  input: unknown,
  nesting: Nesting,
): OptionReader<Options> {
  return new OptionReader<Options>(subject, input, nesting);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function attemptNumber(ms: number | undefined): number | undefined {
  return ms !== undefined && Number.isFinite(ms) ? ms : undefined;
}

function describeRange(min?: number, max?: number, show: (limit: number) => string = String): string {
  if (min !== undefined && max !== undefined) return `from ${show(min)} to ${show(max)}`;
  if (min !== undefined) return `of at least ${show(min)}`;
  return max === undefined ? '' : `of at most ${show(max)}`;
}
