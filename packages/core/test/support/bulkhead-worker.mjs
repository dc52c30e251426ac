import { setImmediate } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bulkhead, Panel } from '@switchgear/core';
import { pass, serve, tell } from './serve.cjs';

const bulkheadIn = (buffer, policy) =>
  new Bulkhead(policy, { panel: new Panel({ buffer }), declaredAt: 'here' });

const turn = () => new Promise((resolve) => setImmediate(resolve));

serve({
  /** Makes calls in so many lanes, each one after the other; counts refusals, and the most calls that it saw inside at once. */
  async hammer({ buffer, policy, gate, inside, lanes, rounds }) {
    const bulkhead = bulkheadIn(buffer, policy);
    let refused = 0;
    let most = 0;
    const work = async (i) => {
      most = Math.max(most, Atomics.add(inside, 0, 1) + 1);
      if (i % 3 === 0) await turn();
      else await undefined;
      Atomics.sub(inside, 0, 1);
    };
    pass(gate);
    const lane = async () => {
      for (let i = 0; i < rounds; i++) {
        const { status } = await bulkhead.tryCall(work, i);
        if (status === 'refused') refused++;
        if (i % 16 === 0) await turn();
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return { refused, most };
  },

  /** Holds permits, and lets calls wait, for good. */
  hold({ buffer, policy, held, waiting }) {
    const bulkhead = bulkheadIn(buffer, policy);
    for (let i = 0; i < held + waiting; i++) bulkhead.call(() => new Promise(() => {})).catch(() => {});
    return bulkhead.snapshot();
  },

  /** Waits for a permit, with nothing else that keeps the thread alive, and tells how it went. */
  waitAlone({ buffer, policy }) {
    const bulkhead = bulkheadIn(buffer, policy);
    bulkhead.call(() => tell('admitted')).catch((error) => tell(String(error)));
    return bulkhead.snapshot().waiting;
  },

  async holdFor({ buffer, policy, ms, calls }) {
    const bulkhead = bulkheadIn(buffer, policy);
    const order = [];
    await Promise.all(
      Array.from({ length: calls }, (_, i) =>
        bulkhead.call(async () => {
          order.push(i);
          await sleep(ms);
        }),
      ),
    );
    return order;
  },
});
