import { tryRead } from '../../errors/try-read.js';
import { ANNEX_CELLS } from '../../panel/layout.js';
import type { Memory } from '../../panel/memory.js';
import { decodeText, encodeText, hashCells } from '../../panel/text.js';
import { GENERATION_BITS, GENERATION_MASK } from '../../panel/word.js';

/** The part of the failure that opened a circuit which other threads can read. */
export interface FailureCopy {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
}

const TEXT_AT = 2;
const MAX_BYTES = (ANNEX_CELLS - TEXT_AT) * 4;
const SEPARATOR = '\0';

/**
 * Copies the failure that opened a circuit, cut to 120 bytes, into shared memory.
 *
 * Length and generation are written first, a checksum over these and the text last. If two threads write at once, or one
 * dies while it writes, the checksum is wrong, and readers find no failure.
 */
export function writeLastFailure(memory: Memory, at: number, generation: number, failure: FailureCopy): void {
  const text = encodeText([failure.name, failure.code ?? '', failure.message].join(SEPARATOR));
  const bytes = Math.min(text.bytes, MAX_BYTES);
  const cells = text.cells.slice(0, Math.ceil(bytes / 4));
  const head = (bytes << GENERATION_BITS) | generation;
  memory.store(at, head);
  cells.forEach((cell, i) => {
    memory.store(at + TEXT_AT + i, cell);
  });
  memory.store(at + 1, hashCells(cells, head));
}

/** The failure that opened the circuit into `generation`, if a thread has written it. */
export function readLastFailure(memory: Memory, at: number, generation: number): FailureCopy | undefined {
  const head = memory.load(at);
  const bytes = head >>> GENERATION_BITS;
  if ((head & GENERATION_MASK) !== generation || bytes > MAX_BYTES) return undefined;
  const cells = Int32Array.from({ length: Math.ceil(bytes / 4) }, (_, i) => memory.load(at + TEXT_AT + i));
  if (memory.load(at + 1) !== hashCells(cells, head)) return undefined;
  // A character that was cut in two decodes to a replacement character, which is removed.
  const [name = '', code = '', message = ''] = decodeText(cells, bytes)
    .replace(/\uFFFD$/, '')
    .split(SEPARATOR);
  return { name, code: code === '' ? undefined : code, message };
}

/** The same as an error. */
export function readLastError(memory: Memory, at: number, generation: number): Error | undefined {
  const copy = readLastFailure(memory, at, generation);
  return copy === undefined ? undefined : errorFrom(copy);
}

/** What of an error other threads are told. It is a stranger's: reading it may throw. */
export function copyOfFailure(error: unknown): FailureCopy {
  if (typeof error !== 'object' || error === null) {
    return { name: 'Error', code: undefined, message: String(error) };
  }
  const read = (field: string): string | undefined =>
    text(tryRead(() => (error as Record<string, unknown>)[field]));
  return { name: read('name') ?? 'Error', code: read('code'), message: read('message') ?? '' };
}

/** An error that stands for one of another thread: name, code and message are that one's, the stack is not. */
function errorFrom({ name, code, message }: FailureCopy): Error {
  const error = new Error(message);
  const fields = code === undefined ? { name } : { name, code };
  for (const [field, value] of Object.entries({ ...fields, stack: `${name}: ${message}` })) {
    Object.defineProperty(error, field, { value, configurable: true, writable: true });
  }
  return error;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
