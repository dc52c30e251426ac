import { attemptsOf, CircuitBreaker, circuits, failureOf, withRetry } from '@switchgear/core';
import type { CircuitBreakerPolicy, Clock, RetryPolicy } from '@switchgear/core';
import { ATTEMPTS, NOTHING, type Outcome } from './outcome.js';

/** What is called, and where it leads. */
export interface Scene {
  /** One attempt. */
  readonly ask: (...args: never[]) => Promise<unknown>;
  /** What the caller hands in: a signal, a stream. */
  readonly args?: readonly unknown[];
  /** Requests that the server has seen. */
  readonly requests?: () => number;
  /** Called before each attempt, with its number. */
  readonly before?: (attempt: number) => void | Promise<void>;
  readonly close?: () => void | Promise<void>;
}

/** The lines that a client needs beside the defaults. */
export interface Lines {
  readonly retry?: RetryPolicy;
  readonly circuit?: Partial<CircuitBreakerPolicy>;
}

/** The moment at which retries believe to be. Servers name their dates by it, so that waits are exact. */
export const NOW = Date.UTC(2030, 0, 1);

/** No client and no fault of the run takes as long. */
const LIMIT_MS = 10_000;
let last = 0;

/** Calls once under a retry and a circuit inside of it, and once more if the circuit is open then. */
export async function measure(scene: Scene, { retry, circuit }: Lines = {}): Promise<Outcome> {
  const key = `case-${++last}`;
  const breaker = new CircuitBreaker({ ...circuit, key, failureThreshold: ATTEMPTS, async: true });
  const waits: number[] = [];
  const { ask } = scene;
  let attempts = 0;
  const attempt = async (...args: unknown[]) => {
    attempts++;
    await scene.before?.(attempts);
    return (ask as (...args: unknown[]) => Promise<unknown>)(...args);
  };
  const call = withRetry(
    {
      maxRetries: ATTEMPTS - 1,
      delays: ['1ms'],
      maxElapsed: Infinity,
      maxRetryAfter: '1h',
      onRetry: ({ delay }) => waits.push(delay > 1 ? delay : 0),
      ...retry,
    },
    { clock: clockWithoutWaits(), wallClock: () => NOW },
  )(breaker.wrap(attempt));

  const end = await Promise.race([endOf(call(...(scene.args ?? []))), hung()]);
  const requests = scene.requests?.() ?? attempts;
  if (breaker.state === 'open') await breaker.tryCall(attempt, ...(scene.args ?? []));
  const { succeeded, failed, ignored, refused } = totalsOf(key);
  await scene.close?.();
  return {
    attempts,
    waits,
    counted: { succeeded, failed, ignored, refused },
    ...end,
    ...(requests === attempts ? {} : { requests }),
  };
}

type End = Pick<Outcome, 'got' | 'gaveUp'>;

async function endOf(call: Promise<unknown>): Promise<End> {
  try {
    const result = await call;
    const { status } = failureOf(result);
    return { got: status === undefined ? 'a result' : `a result, ${status}` };
  } catch (error) {
    if (process.env['DEBUG_CLIENTS'] === '1') console.error(error);
    const { kind, status } = failureOf(error);
    const gaveUp = attemptsOf(error)?.gaveUp;
    return {
      got: status === undefined ? kind : `${kind} ${status}`,
      ...(gaveUp === 'input-used' || gaveUp === 'retry-after-too-long' ? { gaveUp } : {}),
    };
  }
}

function hung(): Promise<End> {
  return new Promise((resolve) => setTimeout(resolve, LIMIT_MS, { got: NOTHING }).unref());
}

function totalsOf(key: string) {
  const totals = circuits.snapshot().find((circuit) => circuit.key === key)?.totals;
  if (totals === undefined) throw new Error(`the circuit ${key} has no totals`);
  return totals;
}

/** Sleeps are over at once and move the clock: a `Retry-After` of an hour takes a turn of the event loop. */
function clockWithoutWaits(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      await new Promise(setImmediate);
    },
  };
}
