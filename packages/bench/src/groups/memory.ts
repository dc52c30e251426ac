import { CircuitBreaker, type CircuitBreakerPolicy, Panel } from '@switchgear/core';
import { ConsecutiveBreaker } from 'cockatiel';
import { SlidingCountBreaker } from 'mollitia';
import type { Effort, Group, Result } from '../contestant.js';
import { figureOf } from '../figure.js';
import { cockatielWith, mollitiaOf, opossumOf } from '../peers.js';

/** The memory of an idle circuit. */
export const memory: Group = {
  name: 'circuit/memory',
  async measure(effort) {
    const results: Result[] = [];
    for (const contestant of own) results.push(await weigh(contestant, effort));
    results.push(await weigh(cockatiel, effort), await weigh(opossum, effort), await weigh(mollitia, effort));
    const note =
      `${effort.circuits} circuits are made; the JavaScript heap after garbage collection is what it grew by, and of the ` +
      'panel every page of 4 KiB is counted in which anything was written.';
    return [{ title: 'Memory of an idle circuit', unit: 'bytes', note, results }];
  },
};

interface Weighed<Circuit = unknown> {
  readonly name: string;
  readonly goal?: number;
  readonly make: (i: number, panel: Panel) => Circuit;
  /** Releases a circuit that timers or a list would keep otherwise. */
  readonly end?: (circuit: Circuit) => void;
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async function is what is guarded
const one = async (): Promise<number> => 1;

const own: readonly Weighed[] = [
  ours('without a key', 320, () => ({})),
  ours('with a key', 320, (i) => ({ key: `circuit-${i}` })),
  ours('with a key and the last 100 calls', undefined, (i) => ({
    key: `circuit-${i}`,
    window: { calls: 100 },
  })),
  ours('with a key and the last 10 seconds', undefined, (i) => ({
    key: `circuit-${i}`,
    window: { duration: '10s' },
  })),
];

const cockatiel: Weighed = { name: 'cockatiel', make: () => cockatielWith(new ConsecutiveBreaker(5)) };

const opossum: Weighed<ReturnType<typeof opossumOf>> = {
  name: 'opossum',
  make: () => opossumOf(one),
  end: (circuit) => circuit.shutdown(),
};

const mollitia: Weighed<ReturnType<typeof mollitiaOf>> = {
  name: 'mollitia',
  make: () => mollitiaOf(one, SlidingCountBreaker),
  end: (circuit) => circuit.dispose(),
};

function ours(
  name: string,
  goal: number | undefined,
  policyOf: (i: number) => CircuitBreakerPolicy,
): Weighed {
  const make = (i: number, panel: Panel): CircuitBreaker => new CircuitBreaker(policyOf(i), { panel });
  return { name: `ours, ${name}`, make, ...(goal === undefined ? {} : { goal }) };
}

const MAX_REPETITIONS = 5;
const WARM_UP = 500;

async function weigh<Circuit>(contestant: Weighed<Circuit>, { circuits, rounds }: Effort): Promise<Result> {
  const { name, goal } = contestant;
  // The first circuits also allocate what all circuits share, such as settings and feedback of the compiler.
  await bytesEach(contestant, WARM_UP);
  const samples: number[] = [];
  for (let repetition = 0; repetition < Math.min(rounds, MAX_REPETITIONS); repetition++) {
    samples.push(await bytesEach(contestant, circuits));
  }
  return { name, goal, figure: figureOf(samples) };
}

async function bytesEach<Circuit>({ make, end }: Weighed<Circuit>, circuits: number): Promise<number> {
  const panel = new Panel();
  const made = new Array<Circuit | undefined>(circuits).fill(undefined);
  const before = (await heapBytes()) + touchedBytes(panel);
  for (let i = 0; i < circuits; i++) made[i] = make(i, panel);
  const after = (await heapBytes()) + touchedBytes(panel);
  for (const circuit of made) if (circuit !== undefined) end?.(circuit);
  return (after - before) / circuits;
}

/** The memory after garbage collection and the finalizers that follow. */
async function heapBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external - arrayBuffers;
}

const UNTOUCHED = Buffer.alloc(4096);

/** The pages that were written: the operating system allocates a page when it is first written. */
function touchedBytes({ buffer }: Panel): number {
  let bytes = 0;
  for (let at = 0; at < buffer.byteLength; at += UNTOUCHED.length) {
    const page = Buffer.from(buffer, at, Math.min(UNTOUCHED.length, buffer.byteLength - at));
    if (!page.equals(UNTOUCHED.subarray(0, page.length))) bytes += page.length;
  }
  return bytes;
}
