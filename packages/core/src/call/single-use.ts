import { Readable } from 'node:stream';
import { fieldOf } from '../errors/object-shape.js';

/** Where clients are given what they send: fetch, got and undici; axios; the AWS SDK; OpenAI; superagent, nodemailer and others. */
const BODY_FIELDS = [
  'body',
  'data',
  'Body',
  'input',
  'file',
  'form',
  'formData',
  'stream',
  'payload',
  'content',
  'attachments',
] as const;

/** An argument holds an options object that holds a list of files: no client goes deeper. */
const MAX_DEPTH = 4;
/** Of a list with more entries, those beyond are not looked at. */
const MAX_ENTRIES = 100;

/**
 * Whether an input that can be used only once has been used, in part or whole, or may have been: a stream that was read, a
 * `Request` or `Response` whose body was taken, an iterator. Another attempt would send what is left of it.
 *
 * Looked at are the arguments of a call, and what an argument carries as its body. What does not show whether it was used
 * (an iterator, a stream of an old library) counts as used.
 *
 * Asked only after an attempt, so that calls that succeed pay nothing. Never throws.
 */
export function isInputUsed(args: readonly unknown[]): boolean {
  return args.some((arg) => isUsed(arg, MAX_DEPTH));
}

function isUsed(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  try {
    return kindOf(value) ?? carriesUsed(value, depth - 1);
  } catch {
    // A getter that throws, a Proxy: no stream looks like this.
    return false;
  }
}

/** Whether something that can be used once has been used; undefined for all that is no such thing itself. */
function kindOf(value: object): boolean | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof URLSearchParams)
    return false;
  const has = (name: string): boolean => typeof fieldOf(value, name) === 'function';
  if (has('pipe') && has('on') && !has('subscribe')) return isStreamUsed(value);
  if (has('getReader')) return isWebStreamUsed(value);
  // A reader of a web stream.
  if (has('releaseLock') && has('read')) return true;
  if (typeof fieldOf(value, 'bodyUsed') === 'boolean') return isBodyUsed(value);
  if (has('entries') && has('append') && has('getAll')) return isFormUsed(value as FormLike);
  if (has('next') && (Symbol.asyncIterator in value || Symbol.iterator in value)) return true;
  // A Blob can be read again and again. What only looks like a file may give the same stream each time.
  if (has('stream') && (has('arrayBuffer') || Reflect.get(value, Symbol.toStringTag) === 'File'))
    return !has('slice');
  return undefined;
}

function carriesUsed(value: object, depth: number): boolean {
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).some((entry) => isUsed(entry, depth));
  return BODY_FIELDS.some((name) => isUsed(fieldOf(value, name), depth));
}

/** Streams of Node, and of libraries that stand for them. What can only be written to is no input. */
function isStreamUsed(stream: object): boolean {
  if (typeof fieldOf(stream, 'readable') !== 'boolean') return false;
  if (fieldOf(stream, 'destroyed') === true) return true;
  const wasRead = fieldOf(stream, 'readableDidRead');
  if (typeof wasRead === 'boolean') {
    // One that flows is in the hands of an attempt still.
    return wasRead || fieldOf(stream, 'readableFlowing') === true || isDisturbed(stream);
  }
  // form-data, which is a stream of its own making.
  if (fieldOf(stream, '_released') === false && fieldOf(stream, '_currentStream') === null) {
    return false;
  }
  return true;
}

function isWebStreamUsed(stream: object): boolean {
  if (fieldOf(stream, 'locked') === true) return true;
  if (stream instanceof ReadableStream) return isDisturbed(stream);
  // web-streams-polyfill; others do not say.
  return fieldOf(stream, '_disturbed') !== false;
}

/** A Request or Response, also of node-fetch, whose body is a stream of Node. */
function isBodyUsed(message: object): boolean {
  if (fieldOf(message, 'bodyUsed') === true) return true;
  const body = fieldOf(message, 'body');
  return typeof body === 'object' && body !== null && kindOf(body) === true;
}

function isDisturbed(stream: object): boolean {
  return Readable.isDisturbed(stream as Readable);
}

interface FormLike {
  entries(): Iterable<readonly [unknown, unknown]>;
}

function isFormUsed(form: FormLike): boolean {
  let left = MAX_ENTRIES;
  for (const [, value] of form.entries()) {
    if (isUsed(value, 1)) return true;
    if (--left === 0) break;
  }
  return false;
}
