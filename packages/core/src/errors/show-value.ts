import { orElse } from './error-shape.js';
import { constructorName, isPlain } from './object-shape.js';

const MAX_TEXT = 60;
const MAX_ENTRIES = 4;
const MAX_DEPTH = 2;

/**
 * Any value as one short line for an error message. It calls no getter of a plain object. It never throws and stays
 * short, even for a trap that throws, a revoked Proxy or an object of a million fields.
 *
 * @example
 * showValue({ calls: -0, onOpen() {} }); // '{ calls: -0, onOpen: [function onOpen] }'
 */
export function showValue(value: unknown): string {
  return show(value, 0);
}

function show(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return showText(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${clip(String(value))}n`;
    case 'symbol':
      return clip(String(value));
    case 'function':
      return showFunction(value);
    case 'object':
      if (value === null) return 'null';
      try {
        return showObject(value, depth);
      } catch {
        return '[unreadable object]';
      }
    default:
      return String(value);
  }
}

function showText(text: string): string {
  if (text.length <= MAX_TEXT) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, MAX_TEXT))}… (${text.length} characters)`;
}

function showFunction(value: object): string {
  try {
    const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
    const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
    return `[${kind} ${typeof name === 'string' && name !== '' ? clip(name) : '(anonymous)'}]`;
  } catch {
    return '[function]';
  }
}

function showObject(value: object, depth: number): string {
  if (Array.isArray(value)) {
    if (depth >= MAX_DEPTH) return value.length === 0 ? '[]' : `[${value.length} items]`;
    const shown = Array.from({ length: Math.min(value.length, MAX_ENTRIES) }, (_, at) =>
      showField(value, at, depth),
    );
    return `[${withRest(shown, value.length)}]`;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && !isPlain(value)) return showInstance(value, prototype);
  const name = prototype === null ? 'Object' : constructorName(prototype);
  if (prototype !== null && name !== undefined && name !== 'Object') return showInstance(value, prototype);
  const keys = Object.keys(value);
  if (keys.length === 0) return '{}';
  if (depth >= MAX_DEPTH) return '{…}';
  const shown = keys.slice(0, MAX_ENTRIES).map((key) => `${showKey(key)}: ${showField(value, key, depth)}`);
  return `{ ${withRest(shown, keys.length)} }`;
}

/** The class of an instance, without its fields; of an error also the message, of a date the time. */
function showInstance(value: object, prototype: object): string {
  const tag = Object.prototype.toString.call(value);
  const name = clip(orElse(constructorName(prototype), 'object'));
  if (tag === '[object Date]') {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? '[Date invalid]' : `[Date ${new Date(time).toISOString()}]`;
  }
  if (tag === '[object Error]') {
    const message: unknown = Object.getOwnPropertyDescriptor(value, 'message')?.value;
    return `[${name}${typeof message === 'string' && message !== '' ? `: ${clip(message)}` : ''}]`;
  }
  return `[${name}]`;
}

function showField(owner: object, key: string | number, depth: number): string {
  const field = Object.getOwnPropertyDescriptor(owner, key);
  if (field === undefined) return 'undefined';
  return field.get === undefined && field.set === undefined ? show(field.value, depth + 1) : '[getter]';
}

function showKey(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,39}$/u.test(key) ? key : showText(key);
}

function withRest(shown: readonly string[], total: number): string {
  return (total > shown.length ? [...shown, `… ${total - shown.length} more`] : shown).join(', ');
}

/** A shortened text, without line breaks and control characters, which could forge lines of a log. */
function clip(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  // eslint-disable-next-line no-control-regex
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}
