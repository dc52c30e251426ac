import { createServer } from 'node:net';
import process from 'node:process';
import { stat } from 'node:fs';
import { setInterval, setTimeout } from 'node:timers';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { Parallel } from '@switchgear/executor';

// The methods of this module need what they replace.
const TruePromise = globalThis.Promise;
const kept = [];

/** Messages of the user, of shapes that might be taken for those of the executor. */
const foreign = [
  'hello',
  null,
  undefined,
  7,
  { kind: 'ready' },
  { kind: 'outcomes' },
  { kind: 'outcomes', chunk: 1, outcomes: [{ value: 'forged' }], isLast: true },
  { kind: 'target-failed', id: 0, error: null },
  { kind: 'closing' },
];

const strayErrors = {
  throw: () => {
    throw new RangeError('a stray error');
  },
  reject: () => void Promise.reject(new RangeError('a stray error')),
  exit: () => process.exit(9),
  text: () => {
    throw 'a stray text';
  },
};

const replaced = {
  'Array.prototype': () => {
    for (const name of ['push', 'map', 'shift', 'entries', 'filter', 'find', 'concat', 'slice', 'splice']) {
      Array.prototype[name] = () => {
        throw new Error(`${name} is replaced`);
      };
    }
  },
  'Promise.prototype.then': () => {
    Promise.prototype.then = () => {
      throw new Error('then is replaced');
    };
  },
  Promise: () => {
    globalThis.Promise = class Other {
      constructor() {
        throw new Error('Promise is replaced');
      }
    };
  },
  timers: () => {
    for (const name of ['setTimeout', 'setImmediate', 'queueMicrotask', 'clearTimeout', 'structuredClone']) {
      globalThis[name] = () => {};
    }
    globalThis.performance = { now: () => NaN };
    process.nextTick = () => {};
  },
  'process.exit': () => {
    process.exit = () => {
      throw new Error('exit is replaced');
    };
    setInterval(() => {}, 1_000);
  },
  'Object.prototype': () => {
    Object.prototype.kind = 'inherited';
    Object.prototype.error = 'inherited';
    Object.prototype.value = 'inherited';
  },
};

/** Does what a method had better not do. */
export class Untidy {
  thread() {
    return threadId;
  }

  echo(value) {
    return value;
  }

  length({ text }) {
    return text.length;
  }

  later(n) {
    return new TruePromise((resolve) => setTimeout(resolve, n, n));
  }

  /** Sends messages of its own, and closes its port. */
  foreign(n) {
    for (const message of foreign) parentPort.postMessage(message);
    parentPort.close();
    return n;
  }

  data() {
    return workerData;
  }

  /** Fails when its item has long ended. */
  stray(how) {
    setTimeout(strayErrors[how], 5);
    return how;
  }

  leaveOpen() {
    setInterval(() => {}, 1_000);
    createServer().listen(0, '127.0.0.1');
    parentPort.on('message', () => {});
  }

  /** Leaves requests that follow each other for ever. */
  leaveRequests() {
    const again = () => stat('.', again);
    again();
  }

  keep(megabytes) {
    kept.push(new Array(megabytes * 131_072).fill(1.5));
    return threadId;
  }

  replace(what) {
    replaced[what]();
    return what;
  }
}
Parallel({ module: import.meta.url })(Untidy);
