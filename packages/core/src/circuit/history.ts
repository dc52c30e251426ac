import type { FailureCopy } from './last-failure.js';

/** What one thread remembers of a circuit beyond the memory all threads share; made with the first failure or refusal. */
export interface History {
  /** Errors that were counted, so that one passing through the circuit again is not counted again. */
  readonly counted: WeakSet<object>;
  /** The failure that last opened the circuit, and the generation that began with it. */
  cause: { readonly generation: number; readonly error: unknown } | undefined;
  /** The opening whose first refusal was given a whole stack. */
  framesGivenFor: number;
}

export function newHistory(): History {
  return { counted: new WeakSet(), cause: undefined, framesGivenFor: -1 };
}

/** What of an error other threads are told. */
export function copyOf(error: unknown): FailureCopy {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', code: undefined, message: String(error) };
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  return { name: text(name) ?? 'Error', code: text(code), message: text(message) ?? '' };
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
