'use strict';
// By their paths: dozens of these are born to die, and this build is the quicker to load.
const { CircuitBreaker, CircuitRegistry, Panel } = require('../../dist/cjs/index.js');
const { seededRandom } = require('../../dist/cjs/testing/index.js');
const { serve } = require('./serve.cjs');

const fails = () => {
  throw 'down';
};
const succeeds = () => 'fine';
const kept = [];

serve({
  /** Does anything one can do with a circuit, until it is killed. */
  hammerOn({ buffer, time, tally, seed, policies }) {
    const clock = { now: () => Atomics.load(time, 0), sleep: () => Promise.resolve() };
    const panel = new Panel({ buffer, clock });
    const [probed, byCalls, byTime] = policies.map((policy) => new CircuitBreaker(policy, { panel }));
    const random = seededRandom(seed);
    const held = [];
    for (;;) {
      const chance = random();
      if (chance < 0.25) probed.tryCall(fails);
      else if (chance < 0.55) probed.tryCall(succeeds);
      else if (chance < 0.65) Atomics.add(time, 0, 1);
      else if (chance < 0.75) {
        try {
          held.push(probed.acquire());
        } catch {
          held.splice(0).forEach((permit) => permit.succeed());
        }
      } else if (chance < 0.85) byCalls.tryCall(chance < 0.8 ? fails : succeeds);
      else {
        Atomics.add(tally, 0, 1);
        byTime.tryCall(chance < 0.9 ? fails : succeeds);
        Atomics.add(tally, 1, 1);
      }
      Atomics.add(tally, 2, 1);
    }
  },

  /** Takes permits and dies with them, having told so. */
  takePermits({ buffer, time, policy, permits }) {
    const clock = { now: () => Atomics.load(time, 0), sleep: () => Promise.resolve() };
    const breaker = new CircuitBreaker(policy, { panel: new Panel({ buffer, clock }) });
    return Array.from({ length: permits }, () => breaker.acquire()).length;
  },

  /** Makes, finds, uses and removes circuits, until it is killed. */
  turnNamesOver({ buffer, tally, seed, keys, policy }) {
    const panel = new Panel({ buffer });
    const random = seededRandom(seed);
    const registry = new CircuitRegistry(panel);
    const breakers = keys.map((key) => registry.get(key, policy, 'death-worker.cjs'));
    for (;;) {
      // A breaker whose circuit was removed makes it anew, without any work but that.
      breakers[Math.floor(random() * keys.length)].tryCall(succeeds);
      registry.remove(keys[Math.floor(random() * keys.length)]);
      Atomics.add(tally, 0, 1);
    }
  },

  /** Makes circuits that have no name, and keeps them. */
  makeNameless(count) {
    kept.push(...Array.from({ length: count }, () => new CircuitBreaker()));
    return kept.length;
  },
});
