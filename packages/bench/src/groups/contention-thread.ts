import { parentPort } from 'node:worker_threads';
import { CircuitBreaker, type CircuitBreakerPolicy } from '@switchgear/core';

/** What a thread is to do, at the same time as others. */
export interface Job {
  readonly policy: CircuitBreakerPolicy & { readonly key: string };
  /** Every so many calls fail; 0 for none. */
  readonly failEvery: number;
  readonly ms: number;
  /** One cell, in which the threads count each other before they start. */
  readonly gate: SharedArrayBuffer;
  readonly threads: number;
}

export interface Measured {
  /** Of one call, in this thread. */
  readonly nanoseconds: number;
}

const CALLS_BETWEEN_LOOKS = 200;

const failure = 'down';
const breakers = new Map<string, CircuitBreaker>();

parentPort?.on('message', (job: Job) => {
  void perform(job).then((measured) => parentPort?.postMessage(measured));
});

async function perform({ policy, failEvery, ms, gate, threads }: Job): Promise<Measured> {
  const breaker = breakers.get(policy.key) ?? new CircuitBreaker(policy);
  breakers.set(policy.key, breaker);
  waitForAll(new Int32Array(gate), threads);
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < ms) {
    if (failEvery === 0) await succeedOften(breaker);
    else await failSometimes(breaker, failEvery);
    calls += CALLS_BETWEEN_LOOKS;
    elapsed = performance.now() - start;
  }
  if (breaker.state !== 'closed') throw new Error(`${policy.key} is ${breaker.state}`);
  return { nanoseconds: (elapsed * 1e6) / calls };
}

/** Spins: to be woken takes longer than the difference that is measured. */
function waitForAll(gate: Int32Array, threads: number): void {
  Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 0) < threads);
}

async function succeedOften(breaker: CircuitBreaker): Promise<void> {
  for (let i = 0; i < CALLS_BETWEEN_LOOKS; i++) await breaker.call(one);
}

async function failSometimes(breaker: CircuitBreaker, every: number): Promise<void> {
  for (let i = 0; i < CALLS_BETWEEN_LOOKS; i++) {
    try {
      await breaker.call(i % every === 0 ? fail : one);
    } catch (error) {
      if (error !== failure) throw error;
    }
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- async functions are what is measured
async function one(): Promise<number> {
  return 1;
}

// eslint-disable-next-line @typescript-eslint/require-await
async function fail(): Promise<number> {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- the price of a stack is not what is measured
  throw failure;
}
