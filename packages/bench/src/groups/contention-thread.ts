import { parentPort } from 'node:worker_threads';
import { CircuitBreaker, type CircuitBreakerPolicy } from '@switchgear/core';

/** The work of a thread, at the same time as other threads. */
export interface Job {
  readonly policy: CircuitBreakerPolicy & { readonly key: string };
  /** One of this number of calls fails; 0 for none. */
  readonly failEvery: number;
  readonly ms: number;
  /** One cell with the number of threads that are ready to start. */
  readonly startLine: SharedArrayBuffer;
  readonly threads: number;
}

export interface Measured {
  /** The time of one call, in this thread. */
  readonly nanoseconds: number;
}

const CALLS_BETWEEN_LOOKS = 200;

const failure = 'down';
const breakers = new Map<string, CircuitBreaker>();

parentPort?.on('message', (job: Job) => {
  void perform(job).then((measured) => parentPort?.postMessage(measured));
});

async function perform({ policy, failEvery, ms, startLine, threads }: Job): Promise<Measured> {
  const breaker = breakers.get(policy.key) ?? new CircuitBreaker(policy);
  breakers.set(policy.key, breaker);
  waitForAll(new Int32Array(startLine), threads);
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

/** Waits for the other threads in a loop, because waking a thread takes longer than the difference that is measured. */
function waitForAll(startLine: Int32Array, threads: number): void {
  Atomics.add(startLine, 0, 1);
  while (Atomics.load(startLine, 0) < threads);
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
