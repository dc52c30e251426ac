import { appendFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { CircuitBreakerError } from '@switchgear/core';
import { Parallel } from '@switchgear/executor';

class OwnError extends Error {
  name = 'OwnError';
  code = 'E_OWN';
  details = { tries: [1, 2], at: new Date(0) };
}

/** Tells the spec that it has come here. */
function arrive(gate) {
  Atomics.add(gate, 0, 1);
  Atomics.notify(gate, 0);
}

/** The same, and waits until it may go on. */
function pass(gate) {
  arrive(gate);
  Atomics.wait(gate, 1, 0, 20_000);
}

const failures = {
  own: () => new OwnError('mine', { cause: new TypeError('fetch failed') }),
  refusal: () => new CircuitBreakerError({ circuit: 'geo', state: 'open', openedAt: 7, retryAfter: 5 }),
  aggregate: () => new AggregateError([new RangeError('one'), new Error('two')], 'both'),
  undefined: () => undefined,
  null: () => null,
  text: () => 'a text',
  data: () => ({ status: 503 }),
};

export class Service {
  calls = 0;

  double(n) {
    return n * 2;
  }

  echo(value) {
    return value;
  }

  count() {
    return ++this.calls;
  }

  list(...args) {
    return args;
  }

  async afterDelay({ n, delay }) {
    await sleep(delay);
    return n;
  }

  thread() {
    return threadId;
  }

  /** Every third one fails. */
  thirds(n) {
    if (n % 3 === 2) throw new RangeError(`no ${n}`);
    return n;
  }

  fail(what) {
    throw failures[what]();
  }

  async failLater(what) {
    throw failures[what]();
  }

  thenable(n) {
    return { then: (resolve) => resolve(n * 2) };
  }

  strangeThenable() {
    return {
      get then() {
        throw new RangeError('what then?');
      },
    };
  }

  functionFor(n) {
    return n === 1 ? () => n : n;
  }

  logged({ n, log }) {
    appendFileSync(log, `${n}\n`);
    return n;
  }

  gated({ n, log, gate }) {
    appendFileSync(log, `${n}\n`);
    pass(gate);
    return n;
  }

  /** Leaves something to do behind. */
  tick() {
    setInterval(() => {}, 1_000);
  }

  never() {
    return new Promise(() => {});
  }

  /** Computes for so many ms. */
  spun({ n, log, ms }) {
    if (log !== undefined) appendFileSync(log, `${n}\n`);
    const end = performance.now() + ms;
    while (performance.now() < end);
    return n;
  }

  /** Comes to the gate, and never ends. */
  hang({ gate }) {
    arrive(gate);
    return new Promise(() => {});
  }

  /** The same without a promise: nothing but the end of the thread ends it. */
  spinForEver({ gate }) {
    arrive(gate);
    for (;;);
  }

  env(name) {
    return process.env[name];
  }

  setEnv({ name, value }) {
    process.env[name] = value;
  }

  global(name) {
    return globalThis[name];
  }

  get answer() {
    return () => 42;
  }
}
Parallel({ module: import.meta.url })(Service);

/** Hands its results over. */
export class Bytes {
  #last;

  make(length) {
    return (this.#last = new Uint8Array(length).fill(7));
  }

  same() {
    return (this.#last ??= new Uint8Array(3));
  }

  inside(length) {
    return { bytes: this.make(length) };
  }

  /** How long the last one is that it made. */
  left() {
    return this.#last.byteLength;
  }

  sum(bytes) {
    return bytes.reduce((sum, byte) => sum + byte, 0);
  }
}
Parallel({
  module: import.meta.url,
  transfer: (result) =>
    result instanceof Uint8Array ? [result.buffer] : result.bytes ? [result.bytes.buffer] : [],
})(Bytes);

export class Greeter {
  constructor(greeting, mark = '!') {
    this.greeting = greeting;
    this.mark = mark;
    this.calls = 0;
  }

  greet(name) {
    return `${this.greeting} ${name}${this.mark}`;
  }

  count() {
    return ++this.calls;
  }
}
Parallel({ module: import.meta.url })(Greeter);

export class Made {
  constructor(secret) {
    this.secret = secret;
  }

  tell() {
    return this.secret;
  }
}
Parallel({ module: import.meta.url, create: () => new Made('made by hand') })(Made);
