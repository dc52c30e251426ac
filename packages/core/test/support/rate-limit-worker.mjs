import { performance } from 'node:perf_hooks';
import { Panel, RateLimit } from '@switchgear/core';
import { pass, serve, tell } from './serve.cjs';

serve({
  /** Asks for slots as fast as it can until a moment, and says how many it got. */
  async take({ buffer, policy, gate, ms }) {
    const limit = new RateLimit(policy, { panel: new Panel({ buffer }), declaredAt: 'here' });
    pass(gate);
    const start = performance.now();
    let got = 0;
    while (performance.now() - start < ms) if ((await limit.tryCall(() => 1)).status === 'succeeded') got++;
    return got;
  },

  /** Waits for a slot, with nothing else that keeps the thread alive, and tells how it went. */
  wait({ buffer, policy }) {
    const limit = new RateLimit(policy, { panel: new Panel({ buffer }), declaredAt: 'here' });
    limit.call(() => tell('admitted')).catch((error) => tell(error.reason));
    return limit.snapshot().waiting;
  },
});
