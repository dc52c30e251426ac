import { attempt } from '../../errors/attempt.js';
import type { FailureCopy } from '../panel/last-failure.js';

/** What one thread knows of one opening of a circuit: all its refusals say the same. */
export interface Opening {
  readonly generation: number;
  /** Epoch ms. */
  readonly openedAt: number | undefined;
  /** The failure that opened it, or its copy where that happened in another thread. */
  readonly cause: unknown;
  /** The first refusal says where it was; collecting frames for all of them would cost more than the calls do. */
  hasGivenFrames: boolean;
  /**
   * The last refusal of it, kept for nobody: were none alive when the collector comes, V8 would throw away the code it
   * has compiled for making them, again and again.
   */
  lastRefusal: unknown;
}

/** What of an error other threads are told. It is a stranger's: reading it may throw. */
export function copyOf(error: unknown): FailureCopy {
  if (typeof error !== 'object' || error === null) {
    return { name: 'Error', code: undefined, message: String(error) };
  }
  const read = (field: string): string | undefined =>
    text(attempt(() => (error as Record<string, unknown>)[field]));
  return { name: read('name') ?? 'Error', code: read('code'), message: read('message') ?? '' };
}

/** An error that stands for one of another thread: name, code and message are that one's, the stack is not. */
export function errorFrom({ name, code, message }: FailureCopy): Error {
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
