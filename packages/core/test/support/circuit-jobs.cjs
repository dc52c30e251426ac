'use strict';
const { performance } = require('node:perf_hooks');
const process = require('node:process');
const { haveDone, tell } = require('./serve.cjs');

/** What a thread does with circuits by name, on the build of core it is given. */
exports.circuitJobs = function circuitJobs(core) {
  let registry = core.circuits;
  const fails = () => {
    throw Object.assign(new RangeError('the geocoder is gone'), { code: 'EGEO' });
  };
  const succeeds = () => 'fine';
  const repeat = (key, times, fn) =>
    Array.from({ length: times }, () => registry.get(key).tryCall(fn).status);

  return {
    attach: (buffer) => void (registry = new core.CircuitRegistry(new core.Panel({ buffer }))),
    declare: (key, policy) => void registry.get(key, policy),
    declareWithJudge: (key, policy) =>
      void registry.get(key, { ...policy, isFailure: (result) => result === 'bad' }),
    declareWithCallbacks: (key, policy) =>
      void registry.get(key, {
        ...policy,
        onOpen: (failures, error) => tell({ callback: 'onOpen', failures, message: error.message }),
        onHalfOpen: () => tell({ callback: 'onHalfOpen' }),
        onClose: () => tell({ callback: 'onClose' }),
      }),
    failAfter(ms, key, times) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      return repeat(key, times, fails);
    },
    fail: (key, times = 1) => repeat(key, times, fails),
    succeed: (key, times = 1) => repeat(key, times, succeeds),
    state: (key) => registry.get(key).state,
    snapshot: (key) => registry.get(key).snapshot(),
    keys: () => registry.keys(),
    force: (key, mode) => registry.force(key, mode),
    remove: (key) => registry.remove(key),
    subscribe: () => void registry.subscribe(tell),
    /** Forces the circuit open and closed, so many transitions in all; says so in shared memory when done. */
    burst(key, transitions, done) {
      const breaker = registry.get(key);
      for (let i = 0; i < transitions; i++) breaker.force(i % 2 === 0 ? 'open' : 'closed');
      if (done === undefined) return;
      Atomics.store(done, 0, 1);
      Atomics.notify(done, 0);
    },
    /** The same without an end, but for a bound of a few seconds; tells whether it was stopped before that. */
    burstUntil(key, stop) {
      const breaker = registry.get(key);
      const bound = performance.now() + 2_000;
      while (Atomics.load(stop, 0) === 0 && performance.now() < bound) {
        breaker.force('open');
        breaker.force('closed');
      }
      return Atomics.load(stop, 0) !== 0;
    },
    haveDone,
    end: () => process.exit(),
  };
};
