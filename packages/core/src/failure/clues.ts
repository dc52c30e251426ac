import { BUILT_IN_ERRORS } from '../errors/error-shape.js';
import { constructorName, fieldOf, isObject } from '../errors/object-shape.js';
import { tryRead } from '../errors/try-read.js';

/**
 * Fields that few clients use. Reading each of them from each error would cost more than everything else, so a list of the
 * error's own fields decides once whether it has any.
 */
const RARE_NAMES = [
  '$fault',
  '$retryable',
  '__CANCEL__',
  'clientVersion',
  'data',
  'errorDetails',
  'graphQLErrors',
  'httpStatus',
  'httpStatusCode',
  'isRetryable',
  'isTransient',
  'msBeforeNext',
  'parameters',
  'rawError',
  'rawResponse',
  'reason',
  'requestId',
  'responseHeaders',
  'retriable',
  'retryAfter',
  'retryAfterHint',
  'retryAfterInMs',
  'retryAfterMilliseconds',
  'retryAfterMs',
  'retryAfterSeconds',
  'retry_after',
  'retry_after_ms',
  'retry_after_seconds',
  'retryable',
  'statusDetails',
] as const;

type RareName = (typeof RARE_NAMES)[number];

/** The fields that tell errors apart, each read once. Their types are unknown: errors come from anywhere. */
export interface Clues {
  /** The error itself, for what only one family asks about. */
  readonly error: object;
  /** The nearest class that every JavaScript engine has, such as 'TypeError'; '' if the object is not an error. */
  readonly builtIn: string;
  /** The names of the classes below that one, nearest first: SDKs often leave `name` at 'Error'. */
  readonly classNames: readonly string[];
  /** A built-in error without fields of its own: only its name, message and cause can say something. */
  readonly isBare: boolean;
  /** Whether it has, or may have, one of `RARE_NAMES`. */
  readonly hasRare: boolean;
  readonly name: unknown;
  readonly message: unknown;
  readonly code: unknown;
  readonly status: unknown;
  readonly statusCode: unknown;
  readonly type: unknown;
  readonly response: unknown;
  readonly cause: unknown;
  readonly errors: unknown;
  readonly headers: unknown;
  readonly details: unknown;
  readonly metadata: unknown;
  readonly extensions: unknown;
  readonly output: unknown;
  readonly $metadata: unknown;
  readonly $response: unknown;
  readonly responseCode: unknown;
  readonly sqlState: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Never throws: a field whose getter throws is undefined. */
export function cluesOf(error: object): Clues {
  const classes = classesOf(error);
  const keys = keysOf(error);
  const isBare = keys?.length === 0 && classes.builtIn !== '' && classes.classNames.length === 0;
  const hasRare = classes.hasRare || keys === undefined || hasRareField(keys);
  try {
    return read(error, classes, isBare, hasRare, error as Fields);
  } catch {
    return read(error, classes, isBare, hasRare, guardedFieldsOf(error));
  }
}

// Written out instead of a loop over names: V8 caches each property read at its own place in the code.
function read(
  error: object,
  { builtIn, classNames }: Classes,
  isBare: boolean,
  hasRare: boolean,
  fields: Fields,
): Clues {
  return {
    error,
    builtIn,
    classNames,
    isBare,
    hasRare,
    name: fields['name'],
    message: fields['message'],
    code: fields['code'],
    status: fields['status'],
    statusCode: fields['statusCode'],
    type: fields['type'],
    response: fields['response'],
    cause: fields['cause'],
    errors: fields['errors'],
    headers: fields['headers'],
    details: fields['details'],
    metadata: fields['metadata'],
    extensions: fields['extensions'],
    output: fields['output'],
    $metadata: fields['$metadata'],
    $response: fields['$response'],
    responseCode: fields['responseCode'],
    sqlState: fields['sqlState'],
  };
}

/** The same fields, each read in a try of its own. Slow, so it is used only after a read has thrown. */
function guardedFieldsOf(error: object): Fields {
  return new Proxy({}, { get: (_, name) => tryRead(() => Reflect.get(error, name) as unknown) });
}

/** A field of `RARE_NAMES`; undefined without a read for errors that have none of them. */
export function rareFieldOf({ error, hasRare }: Clues, name: RareName): unknown {
  return hasRare ? fieldOf(error, name) : undefined;
}

/** The first of the names under which an object has a field. */
export function firstFieldOf(owner: unknown, names: readonly string[]): unknown {
  for (const name of names) {
    const value = fieldOf(owner, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The first ten items of a list; none if the value is not a list. */
export function itemsOf(list: unknown): readonly unknown[] {
  if (!isObject(list)) return NONE;
  return tryRead(() => (Array.isArray(list) ? list.slice(0, 10) : NONE)) ?? NONE;
}

/** Whether the name of one of the error's classes, at any height, fits. */
export function isOfClass({ classNames }: Clues, fits: (name: string) => boolean): boolean {
  return classNames.length > 0 && classNames.some(fits);
}

interface Classes {
  readonly builtIn: string;
  readonly classNames: readonly string[];
  /** Whether a class has a rare field as a getter. */
  readonly hasRare: boolean;
}

const NONE: readonly never[] = Object.freeze([]);
const builtIns: ReadonlySet<string> = new Set(BUILT_IN_ERRORS);
const rareNames: ReadonlySet<string> = new Set(RARE_NAMES);
const NO_CLASSES: Classes = { builtIn: '', classNames: NONE, hasRare: true };

/** Classes by their prototypes. A program throws few classes many times, and walking a prototype chain is slow. */
const known = new WeakMap<object, Classes>();

/** No hierarchy of errors is as deep; the prototypes of a Proxy may have no end. */
const DEEPEST = 20;

function classesOf(error: object): Classes {
  try {
    const prototype = Object.getPrototypeOf(error) as object | null;
    if (prototype === null) return NO_CLASSES;
    let classes = known.get(prototype);
    if (classes === undefined) known.set(prototype, (classes = readClasses(prototype)));
    return classes;
  } catch {
    return NO_CLASSES;
  }
}

/** By name and never by `instanceof`, which does not hold for errors of another realm. */
function readClasses(nearest: object): Classes {
  const classNames: string[] = [];
  let hasRare = false;
  let prototype: object | null = nearest;
  for (let depth = 0; depth < DEEPEST && prototype !== null; depth++) {
    const name = constructorName(prototype);
    if (name !== undefined && builtIns.has(name)) return { builtIn: name, classNames, hasRare };
    if (name !== undefined && name !== 'Object') classNames.push(name);
    hasRare ||= Object.getOwnPropertyNames(prototype).some((field) => rareNames.has(field));
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return { builtIn: '', classNames, hasRare };
}

function hasRareField(keys: readonly string[]): boolean {
  for (const key of keys) if (rareNames.has(key)) return true;
  return false;
}

function keysOf(error: object): readonly string[] | undefined {
  try {
    return Object.keys(error);
  } catch {
    return undefined;
  }
}
