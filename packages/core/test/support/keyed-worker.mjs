import { setImmediate } from 'node:timers/promises';
import { circuits, isCircuitBreakerError, withCircuitBreaker } from '@switchgear/core';
import { seededRandom } from '@switchgear/core/testing';
import { pass, serve } from './serve.cjs';

class Down extends Error {}

serve({
  /** Calls of many keys; tells how many there were of each end, and whatever else came of one. */
  async storm({ prefix, keys, calls, policy, gate, seed }) {
    const random = seededRandom(seed);
    const tell = async (key, n, isFailing) => {
      if (n % 7 === 0) await setImmediate();
      if (isFailing) throw new Down(`${key} ${n}`);
      return `${key} ${n}`;
    };
    const fn = withCircuitBreaker({ ...policy, key: (key) => prefix + key })(tell);
    const ends = { succeeded: 0, failed: 0, refused: 0, strange: [] };
    const call = async (key, n, isFailing) => {
      try {
        const result = await fn(key, n, isFailing);
        if (result === `${key} ${n}` && !isFailing) ends.succeeded++;
        else ends.strange.push(result);
      } catch (error) {
        if (error instanceof Down && error.message === `${key} ${n}`) ends.failed++;
        else if (isCircuitBreakerError(error) && error.circuit === prefix + key) ends.refused++;
        else ends.strange.push(String(error?.stack));
      }
    };
    pass(gate);
    for (let n = 0; n < calls;) {
      const burst = Array.from({ length: 20 }, () => call(Math.floor(random() * keys), n++, random() < 0.2));
      await Promise.all(burst);
    }
    return ends;
  },

  /** One call of each key, one after the other. */
  callEach({ keys, policy }) {
    const fn = withCircuitBreaker({ ...policy, key: (key) => key })((key) => key);
    return keys.map((key) => fn(key));
  },

  keys: () => circuits.keys(),
});
