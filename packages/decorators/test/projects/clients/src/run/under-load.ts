import { setTimeout as sleep } from 'node:timers/promises';
import { CircuitBreaker, circuits, failureOf } from '@switchgear/core';
import type { Child } from './child.js';

/** What is certain of a server that is killed under load and comes back. */
export interface LoadOutcome {
  readonly client: string;
  /** The kinds of all errors that calls ended with. */
  readonly errors: readonly string[];
  /** Whether the totals of the circuit are the calls that were made, each once. */
  readonly isCountedOnce: boolean;
  readonly opened: boolean;
  readonly closedAgain: boolean;
}

const LANES = 8;
const LIMIT_MS = 15_000;

/** Calls without a pause over a real clock, kills the server, and starts it again when the circuit has opened. */
export async function underLoad(
  client: string,
  server: Child,
  ask: () => Promise<unknown>,
): Promise<LoadOutcome> {
  const key = `load-${client}`;
  const breaker = new CircuitBreaker({
    key,
    failureThreshold: 5,
    resetTimeout: '200ms',
    successThreshold: 1,
  });
  const errors = new Set<string>();
  const until = Date.now() + LIMIT_MS;
  const calls = { succeeded: 0, failed: 0, refused: 0 };
  let isOver = false;
  const lane = async () => {
    while (!isOver && Date.now() < until) {
      const outcome = await breaker.tryCall(ask);
      calls[outcome.status]++;
      if (outcome.status === 'failed') errors.add(failureOf(outcome.error).kind);
      if (outcome.status === 'refused') await sleep(5);
    }
  };
  const reached = async (isThere: () => boolean) => {
    while (!isThere() && Date.now() < until) await sleep(5);
    return isThere();
  };
  const lanes = Array.from({ length: LANES }, lane);
  await reached(() => calls.succeeded > 200);
  await server.kill();
  const opened = await reached(() => breaker.state === 'open');
  await server.start();
  const before = calls.succeeded;
  const closedAgain = await reached(() => breaker.state === 'closed' && calls.succeeded > before + 200);
  isOver = true;
  await Promise.all(lanes);
  const totals = circuits.snapshot().find((one) => one.key === key)?.totals;
  const isCountedOnce =
    totals?.succeeded === calls.succeeded &&
    totals.failed + totals.ignored === calls.failed &&
    totals.refused === calls.refused;
  return { client, errors: [...errors].sort(), isCountedOnce, opened, closedAgain };
}
