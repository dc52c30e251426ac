import { builtInErrorsOf, isErrorLike, orElse } from '../error-shape.js';
import { constructorName, isObject, isPlain } from '../object-shape.js';
import { isRefusal } from '../refusal-error.js';
import { brandOf } from '../switchgear-error.js';
import { tryRead } from '../try-read.js';
import { type ErrorRecord, RECORD_MARK, type Marked, type ThrownError } from './record-format.js';

const MAX_DEPTH = 64;
const MAX_VALUES = 10_000;
const MAX_CHARACTERS = 1_000_000;

// Own fields of built-in classes that are not enumerable.
const HIDDEN = ['cause', 'errors', 'error', 'suppressed'] as const;

interface Numbered {
  id?: number;
}

export function encodeThrown(thrown: unknown): ErrorRecord {
  const encoder = new Encoder();
  return isErrorLike(thrown) ? encoder.error(thrown, 0) : { kind: 'value', value: encoder.value(thrown, 0) };
}

class Encoder {
  #values = MAX_VALUES;
  #characters = MAX_CHARACTERS;
  #lastId = 0;
  /** The errors encoded so far and the objects being encoded. A reference can point to these. */
  readonly #met = new Map<object, Numbered>();

  error(error: Error, depth: number): ThrownError {
    const node: { -readonly [Field in keyof ThrownError]: ThrownError[Field] } = {
      kind: 'error',
      builtIn: tryRead(() => builtInErrorsOf(error)[0]) ?? 'Error',
      name: 'Error',
      message: '',
      fields: {},
    };
    this.#met.set(error, node);
    const brand = brandOf(error);
    if (brand !== undefined) node.brand = brand;
    if (isRefusal(error)) node.refusal = true;
    // Texts before fields: fields must not use up the characters that the texts need.
    node.name = this.#text(textOf(() => error.name) ?? 'Error');
    node.message = this.#text(textOf(() => error.message) ?? '');
    const stack = textOf(() => error.stack);
    if (stack !== undefined) node.stack = this.#text(stack);
    const keys = tryRead(() => Object.keys(error)) ?? [];
    const code = tryRead(() => (error as { code?: unknown }).code);
    if (node.builtIn !== 'DOMException' && !keys.includes('code')) {
      if (typeof code === 'string') node.code = this.#text(code);
      else if (typeof code === 'number') node.code = code;
    }
    const hidden: Record<string, unknown> = {};
    for (const key of HIDDEN) {
      const field = tryRead(() => Object.getOwnPropertyDescriptor(error, key));
      if (field !== undefined && !field.enumerable) hidden[key] = this.#field(error, key, depth);
    }
    if (Object.keys(hidden).length > 0) node.hidden = hidden;
    node.fields = this.#fields(
      error,
      keys.filter((key) => key !== 'message' && key !== 'stack'),
      depth,
    );
    return node;
  }

  value(value: unknown, depth: number): unknown {
    this.#values--;
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'symbol':
        return this.#text(`[${String(value)}]`);
      case 'function':
        return this.#text(
          `[function ${orElse(
            tryRead(() => value.name),
            '(anonymous)',
          )}]`,
        );
      case 'object':
        return value === null ? null : (tryRead(() => this.#object(value, depth)) ?? '[unreadable object]');
      default:
        return value;
    }
  }

  #object(value: object, depth: number): unknown {
    const met = this.#met.get(value);
    if (met !== undefined) return { [RECORD_MARK]: 'ref', id: (met.id ??= ++this.#lastId) } satisfies Marked;
    if (depth >= MAX_DEPTH) return `[cut: nested deeper than ${MAX_DEPTH}]`;
    if (isErrorLike(value))
      return { [RECORD_MARK]: 'error', error: this.error(value, depth) } satisfies Marked;
    const self: Numbered = {};
    this.#met.set(value, self);
    try {
      const data = this.#data(value, depth);
      const looksMarked = isObject(data) && Object.hasOwn(data, RECORD_MARK);
      if (self.id === undefined && !looksMarked) return data;
      return { [RECORD_MARK]: 'data', value: data, ...self } satisfies Marked;
    } finally {
      // Data that occurs twice is written twice: references are for data that contains itself.
      this.#met.delete(value);
    }
  }

  #data(value: object, depth: number): unknown {
    if (Array.isArray(value)) return this.#items(value.length, (at) => this.#field(value, at, depth));
    const tag = Object.prototype.toString.call(value);
    if (tag === '[object Date]') return new Date(Date.prototype.getTime.call(value));
    if (tag === '[object Map]') return new Map(this.#entries(value as Map<unknown, unknown>, depth));
    if (tag === '[object Set]') {
      const members = [...Set.prototype.values.call(value)] as unknown[];
      return new Set(this.#items(members.length, (at) => this.value(members[at], depth + 1)));
    }
    if (tag === '[object RegExp]') return new RegExp((value as RegExp).source, (value as RegExp).flags);
    if (ArrayBuffer.isView(value) || tag === '[object ArrayBuffer]') return this.#bytes(value as ArrayBuffer);
    if (isPlain(value) || isPlainInstance(value)) return this.#fields(value, Object.keys(value), depth);
    return this.#text(`[${orElse(constructorName(Object.getPrototypeOf(value) as object), 'object')}]`);
  }

  #fields(owner: object, keys: readonly string[], depth: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    for (const [at, key] of keys.entries()) {
      if (this.#values <= 0 || key.length > this.#characters) {
        fields['…'] = `[cut: ${keys.length - at} more fields]`;
        break;
      }
      this.#characters -= key.length;
      // A field named __proto__ is data, and assignment would set the prototype.
      const value = this.#field(owner, key, depth);
      Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return fields;
  }

  #field(owner: object, key: string | number, depth: number): unknown {
    let value: unknown;
    try {
      value = (owner as Record<string | number, unknown>)[key];
    } catch {
      return '[unreadable: its getter threw]';
    }
    return this.value(value, depth + 1);
  }

  #items(length: number, encode: (at: number) => unknown): unknown[] {
    const items: unknown[] = [];
    for (let at = 0; at < length; at++) {
      if (this.#values <= 0) {
        items.push(`[cut: ${length - at} more items]`);
        break;
      }
      items.push(encode(at));
    }
    return items;
  }

  #entries(map: Map<unknown, unknown>, depth: number): [unknown, unknown][] {
    const entries = [...Map.prototype.entries.call(map)] as [unknown, unknown][];
    const encoded: [unknown, unknown][] = [];
    for (const [key, value] of entries) {
      if (this.#values <= 0) {
        encoded.push(['…', `[cut: ${entries.length - encoded.length} more entries]`]);
        break;
      }
      encoded.push([this.value(key, depth + 1), this.value(value, depth + 1)]);
    }
    return encoded;
  }

  /** Copies the bytes: a buffer may be a small view of a large pool, and its owner may transfer the buffer. */
  #bytes(value: ArrayBuffer | ArrayBufferView): unknown {
    if (value.byteLength > this.#characters) return `[cut: ${value.byteLength} bytes]`;
    this.#characters -= value.byteLength;
    if (!ArrayBuffer.isView(value)) return value.slice(0);
    if (value instanceof DataView) return `[DataView of ${value.byteLength} bytes]`;
    const array = value as Uint8Array;
    // Not array.slice(): that of a Buffer shares memory. A copy of a typed array on shared memory is not shared.
    return Reflect.construct(typedArrayOf(array), [array]);
  }

  #text(text: string): string {
    if (text.length <= this.#characters) {
      this.#characters -= text.length;
      return text;
    }
    const start = text.slice(0, this.#characters);
    this.#characters = 0;
    return `${start}… [cut: ${text.length - start.length} more characters]`;
  }
}

/** An instance of a class without methods, which is data with a name. */
function isPlainInstance(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object;
  return (
    isPlain(prototype) && Reflect.ownKeys(prototype).length <= 1 && constructorName(prototype) !== undefined
  );
}

function typedArrayOf(array: Uint8Array): typeof Uint8Array {
  const name = (array as { [Symbol.toStringTag]: string })[Symbol.toStringTag];
  return (globalThis as unknown as Record<string, typeof Uint8Array>)[name] ?? Uint8Array;
}

function textOf(read: () => unknown): string | undefined {
  const value = tryRead(read);
  return typeof value === 'string' ? value : undefined;
}
