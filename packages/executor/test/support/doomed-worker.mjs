import { appendFileSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout } from 'node:timers';
import { BroadcastChannel, threadId } from 'node:worker_threads';
import { Parallel } from '@switchgear/executor';

const never = new Promise(() => {});
const outside = new BroadcastChannel('doomed');
outside.unref();

const deaths = {
  'process.exit(0)': () => process.exit(0),
  'process.exit(3)': () => process.exit(3),
  'an uncaught exception': () => {
    setTimeout(() => {
      throw new RangeError('nobody caught it');
    }, 0);
    return never;
  },
  'an unhandled rejection': () => {
    void Promise.reject(new RangeError('nobody handled it'));
    return never;
  },
  'want of memory': () => {
    const all = [];
    for (;;) all.push(new Array(100_000).fill(all.length));
  },
  'terminate() from outside': () => {
    outside.postMessage(threadId);
    return never;
  },
};

/** Its items die as often as they are told to, in the way that they are told to. */
export class Doomed {
  work({ n, log, how, times }) {
    const before =
      times === 0
        ? 0
        : readFileSync(log, 'utf8')
            .split('\n')
            .filter((line) => line === `${n}`).length;
    appendFileSync(log, `${n}\n`);
    if (before < times) return deaths[how]();
    // Long enough for what was done before to have been told.
    const end = performance.now() + 9;
    while (performance.now() < end);
    return `${n} done`;
  }

  quick({ n, log, dies }) {
    if (dies && !readFileSync(log, 'utf8').split('\n').includes(`${n}`)) {
      appendFileSync(log, `${n}\n`);
      process.exit(1);
    }
    appendFileSync(log, `${n}\n`);
    return n * n;
  }

  busy() {
    const end = performance.now() + 20;
    while (performance.now() < end);
    return threadId;
  }

  overflow() {
    return 1 + this.overflow();
  }

  thread() {
    return threadId;
  }
}
Parallel({ module: import.meta.url })(Doomed);
