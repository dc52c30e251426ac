import { threadId } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CircuitEvent, circuits, type Outcome } from '@switchgear/core';
import { classOf, executorOf, Log } from '../support/workplace.js';

const KEY = 'executor-api';
const policy = { failureThreshold: 5, resetTimeout: '1h' } as const;

describe('a circuit of a method that fails in two worker threads', () => {
  const heard: CircuitEvent[] = [];
  let outcomes: readonly Outcome<never>[];
  let calls: readonly string[];
  let here: string;

  beforeAll(async () => {
    const Guarded = await classOf<new () => { load(log: string): never }>('guarded-worker.mjs', 'Guarded');
    const breaker = circuits.get(KEY, policy);
    const opened = new Promise<void>((resolve) => {
      breaker.subscribe((event) => {
        heard.push(event);
        resolve();
      });
    });
    const log = new Log();
    const executor = executorOf();
    const items = Array.from({ length: 200 }, () => log.path);
    outcomes = await executor.mapSettled(Guarded, 'load', items, { chunk: 1 });
    here = breaker.tryCall(() => 'called').status;
    await opened;
    calls = log.lines;
    await executor.close();
  });

  const count = (status: string) => outcomes.filter((outcome) => outcome.status === status).length;

  it('lets through as many calls of all threads as its policy says, and no more', () => {
    // Two threads may be inside when it opens.
    expect([calls.length, calls.length - count('failed')]).toEqual([expect.any(Number), 0]);
    expect(Math.abs(calls.length - 5.5)).toBeLessThanOrEqual(0.5);
  });

  it('refuses all the others', () => {
    expect(count('refused')).toBe(200 - calls.length);
  });

  it('refuses the next call in this thread, too', () => {
    expect(here).toBe('refused');
  });

  it('tells this thread in which worker it opened', () => {
    const [event] = heard;
    expect(event).toMatchObject({
      type: 'transition',
      circuit: KEY,
      from: 'closed',
      to: 'open',
      failures: 5,
    });
    expect(calls).toContain(String((event as { readonly thread: number }).thread));
  });

  it('opened in no thread but a worker', () => {
    expect(calls).not.toContain(String(threadId));
  });
});
