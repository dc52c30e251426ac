import { setImmediate } from 'node:timers';
import { threadId } from 'node:worker_threads';
import { CircuitBreaker, CircuitRegistry, circuits, Panel } from '@switchgear/core';
import { seededRandom } from '@switchgear/core/testing';
import { pass, serve } from './serve.cjs';

/** The next call of a kind, by turns: each API in its sync and async form. */
const calls = [
  (breaker, fn) => void breaker.tryCall(fn),
  (breaker, fn) => {
    try {
      breaker.call(fn);
    } catch {
      // It is counted where it is to be counted.
    }
  },
  (breaker, fn) => {
    const permit = breaker.acquire();
    try {
      permit.succeed(fn());
    } catch (error) {
      permit.fail(error);
    }
  },
  (breaker, fn) => breaker.call(async () => fn()).catch(() => undefined),
  (breaker, fn) => breaker.tryCall(async () => fn()),
];

const fails = () => {
  throw new Error('down');
};
const failsCheaply = () => {
  throw 'down';
};
const succeeds = () => 'fine';

/** Calls with so many failures and successes, evenly mixed, through all APIs. */
async function makeCalls(breaker, failures, successes) {
  const total = failures + successes;
  let pending = [];
  for (let i = 0, failed = 0; i < total; i++) {
    const isFailure = Math.floor(((i + 1) * failures) / total) > failed;
    if (isFailure) failed++;
    const result = calls[i % calls.length](
      breaker,
      isFailure ? (i % 8 === 0 ? fails : failsCheaply) : succeeds,
    );
    if (result !== undefined) pending.push(result);
    if (pending.length < 100) continue;
    await Promise.all(pending);
    pending = [];
  }
  await Promise.all(pending);
}

/** A clock that nobody moves but this thread. */
function ownClock() {
  let ms = 0;
  return { now: () => ms, sleep: () => Promise.resolve(), move: (by) => (ms += by) };
}

/** A clock in memory that all threads see, and any may move. */
function sharedClock(cells) {
  return { now: () => Atomics.load(cells, 0), sleep: () => Promise.resolve() };
}

serve({
  async hammer({ key, policy, gate, failures, successes }) {
    const breaker = circuits.get(key, policy);
    pass(gate);
    await makeCalls(breaker, failures, successes);
  },

  hammerSlowly({ buffer, policy, gate, fast, slow }) {
    const clock = ownClock();
    const breaker = new CircuitBreaker(policy, { panel: new Panel({ buffer, clock }) });
    pass(gate);
    for (let i = 0; i < fast + slow; i++) breaker.tryCall(() => void clock.move(i < slow ? 11 : 1));
  },

  /** Makes or finds circuits, whichever comes to pass, and counts one failure in each. */
  makeAll({ buffer, keys, policy, gate }) {
    const panel = new Panel({ buffer });
    pass(gate);
    const breakers = keys.map((key) => new CircuitBreaker({ ...policy, key }, { panel, declaredAt: 'here' }));
    for (const breaker of breakers) breaker.tryCall(failsCheaply);
  },

  /** Makes and removes circuits of the same few names as everybody else. */
  makeAndRemove({ buffer, keys, policy, gate, rounds }) {
    const panel = new Panel({ buffer });
    const registry = new CircuitRegistry(panel);
    pass(gate);
    for (let round = 0; round < rounds; round++) {
      const key = keys[round % keys.length];
      new CircuitBreaker({ ...policy, key }, { panel, declaredAt: 'here' });
      if (round % 3 === 0) registry.remove(key);
    }
  },

  /** Keeps calling a half-open circuit until it has closed; tells how many probes it saw running at once. */
  async probe({ buffer, time, running, key, policy, gate, spread, isAsync }) {
    const told = [];
    const panel = new Panel({ buffer, clock: sharedClock(time) });
    const breaker = new CircuitBreaker(
      { ...policy, key, onHalfOpen: () => told.push('half-open'), onClose: () => told.push('closed') },
      { panel },
    );
    let most = 0;
    const begin = () => {
      const now = Atomics.add(running, 0, 1) + 1;
      // A probe only if the circuit has not closed by now: calls of a closed circuit are nobody's to limit.
      if (breaker.state === 'half-open') most = Math.max(most, now);
    };
    const end = () => void Atomics.sub(running, 0, 1);
    const sync = () => {
      begin();
      Atomics.wait(gate, 0, 1, 0.05);
      end();
    };
    const async = async () => {
      begin();
      await new Promise(setImmediate);
      end();
    };
    pass(gate);
    while (breaker.state !== 'closed') {
      if (isAsync) await Promise.all(Array.from({ length: spread }, () => breaker.tryCall(async)));
      else breaker.tryCall(sync);
    }
    return { most, told };
  },

  /** Does what comes to its mind, and tells of all transitions that it made. */
  storm({ buffer, time, key, policy, gate, seed, steps }) {
    const random = seededRandom(seed);
    const own = [];
    const callbacks = { open: 0, 'half-open': 0, closed: 0 };
    const breaker = new CircuitBreaker(
      {
        ...policy,
        key,
        onOpen: () => callbacks.open++,
        onHalfOpen: () => callbacks['half-open']++,
        onClose: () => callbacks.closed++,
      },
      { panel: new Panel({ buffer, clock: sharedClock(time) }) },
    );
    breaker.subscribe((event) => {
      if (event.type !== 'transition' || event.thread !== threadId) return;
      own.push([event.generation, event.from, event.to, event.shadow]);
    });
    const held = [];
    const settleOne = () => {
      const [permit] = held.splice(Math.floor(random() * held.length), 1);
      const chance = random();
      if (chance < 0.5) permit?.succeed();
      else if (chance < 0.8) permit?.fail(new Error('late'));
      else permit?.ignore();
    };
    pass(gate);
    for (let step = 0; step < steps; step++) {
      const chance = random();
      if (chance < 0.35) breaker.tryCall(failsCheaply);
      else if (chance < 0.65) breaker.tryCall(succeeds);
      else if (chance < 0.75) Atomics.add(time, 0, 1);
      else if (chance < 0.85) settleOne();
      else if (chance < 0.95) {
        try {
          held.push(breaker.acquire());
        } catch {
          settleOne();
        }
      } else breaker.force(['open', 'closed', 'shadow', 'auto', 'auto'][Math.floor(random() * 5)]);
    }
    return { own, callbacks };
  },
});
