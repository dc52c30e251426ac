import { expect, it } from '@jest/globals';
import type { CircuitBreakerPolicy, Duration } from '@switchgear/core';
import { withDeadline, withRetry, withTimeout } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { rejectionOf, turns } from '../../support/attempts-to-make.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';

// Stands still: the calls hang, and keep no process alive.
const clock = new ManualClock();
const timed = (timeout: Duration) => withTimeout(timeout, { clock });
const never = () => new Promise<never>(() => {});

/** How long a probe of a function may take, in ms, as a second call is told. */
async function timeOfProbe(fn: () => Promise<unknown>, halfOpen?: CircuitBreakerPolicy['halfOpen']) {
  const { breaker, clock: own } = circuit({
    failureThreshold: 1,
    resetTimeout: '10s',
    successThreshold: 1,
    ...(halfOpen === undefined ? {} : { halfOpen }),
  });
  await rejectionOf(breaker.call(async () => Promise.reject(new Error('down'))));
  own.advance(10_000);
  breaker.wrap(fn)().catch(String);
  await turns();
  return breaker.explain().retryAfter;
}

it('is the timeout further in', async () => {
  expect(await timeOfProbe(timed('2s')(never))).toBe(2_000);
});

it('is a deadline further in', async () => {
  expect(await timeOfProbe(withDeadline('4s', { clock })(withRetry()(timed('2s')(never))))).toBe(4_000);
});

it('is the default where a retry may make many such calls', async () => {
  expect(await timeOfProbe(withRetry()(timed('2s')(never)))).toBe(30_000);
});

it('is the default without a timeout', async () => {
  expect(await timeOfProbe(never)).toBe(30_000);
});

it('is what the policy says, whatever is further in', async () => {
  expect(await timeOfProbe(timed('2s')(never), { permitTimeout: '7s' })).toBe(7_000);
});

it('makes no other policy of it: two functions share a circuit whatever their timeouts', () => {
  const { another } = circuit();
  const policy: CircuitBreakerPolicy = { key: 'shared', failureThreshold: 3 };
  another(policy).wrap(timed('2s')(never));
  expect(() => another(policy).wrap(timed('9s')(never))).not.toThrow();
});
