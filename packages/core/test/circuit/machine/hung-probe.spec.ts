import { expect, it } from '@jest/globals';
import { printed } from '../../support/printed.js';

// In a process of its own, for Jest has asynchronous calls followed all the time.
const probing = `
  import { triggerAsyncId } from 'node:async_hooks';
  import { CircuitBreaker } from '@switchgear/core';
  import { ManualClock } from '@switchgear/core/testing';

  const clock = new ManualClock();
  const policy = { failureThreshold: 1, successThreshold: 1, resetTimeout: 100, halfOpen: { permitTimeout: 100 } };
  const breaker = new CircuitBreaker(policy, { clock });
  breaker.tryCall(() => { throw new Error('down'); });
  clock.advance(100);

  /** On Node 20 and 22 a promise knows who made it while asynchronous calls are followed; later versions follow them for nothing. */
  async function areCallsFollowed() {
    await Promise.resolve();
    await Promise.resolve();
    return triggerAsyncId() !== 0;
  }
`;

it('a probe that hangs for good does not keep asynchronous calls being followed for good', async () => {
  // Its permit expires, the circuit reopens as of then, and the next probe closes it.
  const program = `${probing}
    void breaker.call(() => new Promise(() => {}));
    clock.advance(200);
    await breaker.call(async () => 'up');
    console.log(breaker.state, await areCallsFollowed());
  `;
  expect(await printed(program)).toBe('closed false');
});

it('a stream whose probe was lost has asynchronous calls followed no longer', async () => {
  const program = `${probing}
    const stream = breaker.wrap(async function* () { await new Promise(() => {}); yield 1; })();
    void stream.next();
    clock.advance(200);
    await breaker.call(async () => 'up');
    void stream.next();
    console.log(breaker.state, await areCallsFollowed());
  `;
  expect(await printed(program)).toBe('closed false');
});
