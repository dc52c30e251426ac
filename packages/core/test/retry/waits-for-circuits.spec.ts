import { describe, expect, it } from '@jest/globals';
import { attemptsOf, CircuitBreakerError, type RetryPolicy, withRetry } from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

const open = (retryAfter?: number) => new CircuitBreakerError({ circuit: 'geo', state: 'open', retryAfter });
const halfOpen = (retryAfter: number) =>
  new CircuitBreakerError({ circuit: 'geo', state: 'half-open', retryAfter });

/** The waits of a call that ends so, attempt after attempt, before it works. */
async function waitsAfter(errors: readonly unknown[], policy: RetryPolicy = {}) {
  const clock = new JumpingClock();
  const left = [...errors];
  const attempt = async (): Promise<string> => {
    if (left.length > 0) throw left.shift();
    return 'ok';
  };
  const retry = withRetry(
    { waitForCircuit: true, initialDelay: 100, maxElapsed: Infinity, ...policy },
    { clock, random: () => 0.5 },
  );
  expect(await retry(attempt)()).toBe('ok');
  return clock.sleeps;
}

describe('the wait for an open circuit', () => {
  it('is spread further each time that the circuit refuses again', async () => {
    expect(await waitsAfter([open(1_000), open(1_000), open(1_000)])).toEqual([1_050, 1_100, 1_200]);
  });

  it('is spread no further than maxDelay', async () => {
    expect(
      await waitsAfter([open(1_000), open(1_000), open(1_000)], { maxDelay: 75, initialDelay: 75 }),
    ).toEqual([1_038, 1_038, 1_038]);
  });

  it('is spread as at first once an attempt has come through', async () => {
    const down = new Error('down');
    expect(await waitsAfter([open(1_000), open(1_000), down, open(1_000)])).toEqual([
      1_050, 1_100, 50, 1_050,
    ]);
  });

  it('is not spread without jitter', async () => {
    expect(await waitsAfter([open(1_000), open(1_000)], { jitter: 'none' })).toEqual([1_000, 1_000]);
  });

  it('is a millisecond at least, though a probe is due at once', async () => {
    expect(await waitsAfter([open(0), open(0)], { jitter: 'none' })).toEqual([1, 1]);
  });

  it('uses up no delay of the backoff', async () => {
    const down = () => new Error('down');
    expect(await waitsAfter([down(), open(1_000), down()], { jitter: 'none' })).toEqual([100, 1_000, 200]);
  });
});

describe('the wait for a half-open circuit', () => {
  it('is the backoff, of which each half is kept and half left to chance', async () => {
    expect(await waitsAfter([halfOpen(60_000), halfOpen(60_000)])).toEqual([75, 150]);
  });

  it('is no longer than the circuit says: then a place is free at the latest', async () => {
    expect(await waitsAfter([halfOpen(30), halfOpen(30)], { initialDelay: '10s' })).toEqual([30, 30]);
  });

  it('is spread by half even where the policy wants no jitter', async () => {
    expect(await waitsAfter([halfOpen(60_000)], { jitter: 'none' })).toEqual([75]);
  });
});

it('a refusal that names no time is waited for in vain, and so not at all', async () => {
  const clock = new JumpingClock();
  const refusal = open();
  const attempt = async (): Promise<never> => {
    throw refusal;
  };
  await rejectionOf(withRetry({ waitForCircuit: true }, { clock })(attempt)());
  expect([attemptsOf(refusal)?.gaveUp, clock.sleeps]).toEqual(['refused', []]);
});
