import { type CircuitBreaker, isRefusal } from '@switchgear/core';

/** What specs call: it works. */
export const ok = (): string => 'ok';

/** What specs call: it fails, each time with an error of its own. */
export const broken = (): never => {
  throw new Error('down');
};

/** Makes calls that fail. */
export function fail(breaker: CircuitBreaker, times = 1): void {
  for (let i = 0; i < times; i++) breaker.tryCall(broken);
}

/** Makes calls that succeed. */
export function succeed(breaker: CircuitBreaker, times = 1): void {
  for (let i = 0; i < times; i++) breaker.tryCall(ok);
}

/** Makes a call that fails with an error of the spec's choice. */
export function failWith(breaker: CircuitBreaker, error: unknown): void {
  breaker.tryCall(() => {
    throw error;
  });
}

/** Whether a call is let through, found out by making one that succeeds. */
export function admits(breaker: CircuitBreaker): boolean {
  try {
    breaker.acquire().succeed();
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** A call that has begun and ends when the spec says so. */
export interface CallInFlight {
  readonly admitted: boolean;
  readonly succeed: (value?: unknown) => Promise<void>;
  readonly fail: (error?: unknown) => Promise<void>;
}

export function startCall(breaker: CircuitBreaker, ...args: unknown[]): CallInFlight {
  let admitted = false;
  let resolve: (value: unknown) => void;
  let reject: (error: unknown) => void;
  const work: (...args: unknown[]) => Promise<unknown> = () =>
    new Promise((yes, no) => {
      admitted = true;
      [resolve, reject] = [yes, no];
    });
  const ended = breaker.tryCall(work, ...args);
  return {
    admitted,
    succeed: async (value = 'ok') => {
      resolve(value);
      await ended;
    },
    fail: async (error = new Error('down')) => {
      reject(error);
      await ended;
    },
  };
}
