import { tryRead } from '../try-read.js';
import { prototypeFor, reviverFor } from '../error-classes.js';
import { isErrorLike } from '../error-shape.js';
import { isObject } from '../object-shape.js';
import { ERROR_BRAND, REFUSAL_BRAND, silenceFrames } from '../switchgear-error.js';
import { RECORD_MARK } from './record-format.js';

type Fields = Record<string, unknown>;

// Deeper than any record of the encoder, where a level of an error takes a few levels of the record; and shallow enough
// for any stack.
const MAX_DEPTH = 500;

export function decodeRecord(record: unknown): unknown {
  // The stacks are in the record, and collecting the decoder's own frames took five sixths of the time.
  const limit = silenceFrames();
  try {
    const decoder = new Decoder();
    if (isFields(record) && record['kind'] === 'value') return decoder.value(record['value'], 0);
    if (isFields(record) && record['kind'] === 'error') return decoder.error(record, 0);
  } catch {
    // A record may come from a file and be broken in any way. The caller needs an error to report all the same.
  } finally {
    if (limit !== undefined) Error.stackTraceLimit = limit;
  }
  return new Error('An error was lost: its record cannot be read');
}

class Decoder {
  readonly #valuesById = new Map<unknown, unknown>();

  error(node: Fields, depth: number): Error {
    const name = text(node['name']) ?? 'Error';
    const message = text(node['message']) ?? '';
    const fields = isFields(node['fields']) ? node['fields'] : {};
    const hidden = isFields(node['hidden']) ? node['hidden'] : {};
    const brand = text(node['brand']);
    const code = text(node['code']) ?? text(fields['code']);
    const revive = brand === undefined && code !== undefined ? reviverFor(code) : undefined;
    if (revive !== undefined && code !== undefined) {
      // The reviver needs the fields, so they are decoded first; a reference from them to this error is cut.
      const ownFields = this.#fields(fields, {}, depth);
      const cause = this.value(hidden['cause'] ?? fields['cause'], depth + 1);
      const parts = { name, message, code, stack: text(node['stack']), cause, fields: ownFields };
      const error = tryRead(() => revive(parts));
      if (isErrorLike(error)) {
        this.#remember(node, error);
        this.#dress(error, node);
        for (const [key, value] of Object.entries(ownFields))
          if (!Object.hasOwn(error, key)) put(error, key, value);
        if (cause !== undefined && !Object.hasOwn(error, 'cause')) put(error, 'cause', cause, false);
        return error;
      }
    }
    const error =
      brand === undefined ? builtIn(node['builtIn'], name, message) : branded(brand, node, message);
    this.#remember(node, error);
    this.#dress(error, node);
    for (const [key, value] of Object.entries(hidden)) put(error, key, this.value(value, depth + 1), false);
    this.#fields(fields, error, depth);
    return error;
  }

  value(value: unknown, depth: number, id?: unknown): unknown {
    if (!isObject(value)) return value;
    if (depth > MAX_DEPTH) return `[cut: nested deeper than ${MAX_DEPTH}]`;
    if (id === undefined && Object.hasOwn(value, RECORD_MARK)) return this.#marked(value as Fields, depth);
    if (Array.isArray(value)) {
      const items = this.#remember({ id }, [] as unknown[]);
      for (const item of value) items.push(this.value(item, depth + 1));
      return items;
    }
    const tag = Object.prototype.toString.call(value);
    if (tag === '[object Map]') {
      const map = this.#remember({ id }, new Map<unknown, unknown>());
      for (const [key, item] of value as Map<unknown, unknown>) {
        map.set(this.value(key, depth + 1), this.value(item, depth + 1));
      }
      return map;
    }
    if (tag === '[object Set]') {
      const set = this.#remember({ id }, new Set<unknown>());
      for (const item of value as Set<unknown>) set.add(this.value(item, depth + 1));
      return set;
    }
    return tag === '[object Object]'
      ? this.#fields(value as Fields, this.#remember({ id }, {}), depth)
      : value;
  }

  #marked(marked: Fields, depth: number): unknown {
    if (marked[RECORD_MARK] === 'error' && isFields(marked['error']))
      return this.error(marked['error'], depth);
    if (marked[RECORD_MARK] === 'ref') return this.#valuesById.get(marked['id']) ?? '[circular]';
    // Any id but undefined keeps the inner value from being read as a mark again.
    if (marked[RECORD_MARK] === 'data') return this.value(marked['value'], depth + 1, marked['id'] ?? null);
    return this.value(marked, depth, null);
  }

  #fields<Target extends object>(fields: Fields, target: Target, depth: number): Target {
    for (const key of Object.keys(fields)) put(target, key, this.value(fields[key], depth + 1));
    return target;
  }

  #remember<Made extends object>(node: { readonly id?: unknown }, made: Made): Made {
    if (typeof node.id === 'number') this.#valuesById.set(node.id, made);
    return made;
  }

  #dress(error: Error, node: Fields): void {
    const name = text(node['name']);
    if (name !== undefined && tryRead(() => error.name) !== name) put(error, 'name', name, false);
    const message = text(node['message']);
    if (message !== undefined && tryRead(() => error.message) !== message)
      put(error, 'message', message, false);
    // A record without a stack gets the header line: frames of the decoder would mislead.
    put(error, 'stack', text(node['stack']) ?? `${name ?? 'Error'}: ${message ?? ''}`, false);
    const code = node['code'];
    if (typeof code === 'string' || typeof code === 'number') {
      if (tryRead(() => (error as { code?: unknown }).code) !== code) put(error, 'code', code, false);
    }
  }
}

/** An error of Switchgear. Where this thread has not loaded its class, it carries the brand that guards look at. */
function branded(brand: string, node: Fields, message: string): Error {
  const error = new Error(message);
  const prototype = prototypeFor(brand);
  if (prototype !== undefined) return Object.setPrototypeOf(error, prototype) as Error;
  put(error, ERROR_BRAND, brand, false);
  if (node['refusal'] === true) put(error, REFUSAL_BRAND, true, false);
  return error;
}

function builtIn(kind: unknown, name: string, message: string): Error {
  switch (kind) {
    case 'AggregateError':
      return new AggregateError([], message);
    case 'DOMException':
      return typeof DOMException === 'function' ? new DOMException(message, name) : new Error(message);
    case 'SuppressedError': {
      const made = (globalThis as { SuppressedError?: { readonly prototype: object } }).SuppressedError;
      return Object.setPrototypeOf(new Error(message), made?.prototype ?? Error.prototype) as Error;
    }
    case 'EvalError':
      return new EvalError(message);
    case 'RangeError':
      return new RangeError(message);
    case 'ReferenceError':
      return new ReferenceError(message);
    case 'SyntaxError':
      return new SyntaxError(message);
    case 'TypeError':
      return new TypeError(message);
    case 'URIError':
      return new URIError(message);
    default:
      return new Error(message);
  }
}

/** Defines the field instead of assigning it: the field may be named __proto__, or shadow an accessor of the class. */
function put(target: object, key: PropertyKey, value: unknown, enumerable = true): void {
  tryRead(() =>
    Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true }),
  );
}

function isFields(value: unknown): value is Fields {
  return isObject(value) && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
