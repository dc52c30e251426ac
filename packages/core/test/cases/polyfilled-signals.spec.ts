import { describe, expect, it } from '@jest/globals';
import { type RetryPolicy, withRetry } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { flaky, rejectionOf, turns } from '../support/attempts-to-make.js';
import { PolyfilledSignal } from '../support/polyfilled-signal.js';

// A signal of a polyfill, or of another realm, is one by its shape. Such signals come from the npm package
// abort-controller, and from the servers of whatwg-node#2451.

describe('a polyfilled signal ends the wait of a retry, with the AbortError that Node would give', () => {
  it.each<[string, (signal: PolyfilledSignal) => [RetryPolicy, ...unknown[]]]>([
    ['as an argument', (signal) => [{}, 'url', signal]],
    ['in an argument', (signal) => [{}, { signal }]],
    ['in the policy', (signal) => [{ signal }]],
    ['beside one of Node', (signal) => [{ signal: new AbortController().signal }, signal]],
  ])('%s', async (_, given) => {
    const signal = new PolyfilledSignal();
    const [policy, ...args] = given(signal);
    const clock = new ManualClock();
    const { attempt, made } = flaky(Infinity);
    const work: (...all: unknown[]) => Promise<string> = attempt;
    const guarded = withRetry(policy, { clock })(work);
    const rejection = rejectionOf(guarded(...args));
    await turns();
    signal.abort();
    expect(await rejection).toMatchObject({ name: 'AbortError' });
    expect([made(), clock.sleeping, signal.listeners.size]).toEqual([1, 0, 0]);
  });
});

it('a polyfilled signal that has aborted keeps a policy from calling', async () => {
  const signal = new PolyfilledSignal();
  signal.abort();
  const { attempt, made } = flaky(0);
  expect(await rejectionOf(withRetry({ signal })(attempt)())).toMatchObject({ name: 'AbortError' });
  expect(made()).toBe(0);
});
