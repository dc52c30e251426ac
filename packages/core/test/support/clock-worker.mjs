import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { serve } from './serve.cjs';

/** Spoils every source of time but the one that all threads share, before and after core has been loaded. */
function tamper() {
  Date.now = () => 0;
  performance.now = () => -1e9;
  Object.defineProperty(performance, 'timeOrigin', { value: 4e15 });
}

let core;
async function load() {
  core = await import('@switchgear/core');
}

serve({
  load,

  async loadTampered() {
    tamper();
    await load();
    // Fake timers of tests do this, in the midst of a run.
    process.hrtime = () => [0, 0];
    process.hrtime.bigint = () => 0n;
  },

  /** Answers each question for the time, as fast as threads can talk. */
  pong({ turn, times, rounds }) {
    for (let i = 0; i < rounds; i++) {
      while (Atomics.load(turn, 0) !== 2 * i + 1);
      times[0] = core.systemClock.now();
      Atomics.store(turn, 0, 2 * i + 2);
    }
  },

  /** Opens the circuit; tells between which two moments. */
  open(key, policy) {
    const breaker = core.circuits.get(key, policy);
    const before = core.systemClock.now();
    breaker.acquire().fail(new Error('down'));
    return [before, core.systemClock.now()];
  },
});
