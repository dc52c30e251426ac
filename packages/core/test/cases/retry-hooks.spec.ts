import { expect, it } from '@jest/globals';
import {
  type AttemptOutcome,
  execution,
  type GiveUpNotice,
  retry,
  type RetryNotice,
  withRetry,
} from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

// What p-retry (attempt number, retriesLeft) and cockatiel (context, onGiveUp) tell, and was not to be learnt here.

const clock = new JumpingClock();

it('the function learns which attempt it is, by execution() or as an argument of retry', async () => {
  const heard: number[] = [];
  const note = (attempt: number) => {
    heard.push(attempt);
    if (attempt < 3) throw new Error('down');
  };
  await withRetry({}, { clock })(async () => note(execution().attempt))();
  await retry(({ attempt }) => note(attempt), {}, { clock });
  expect(heard).toEqual([1, 2, 3, 1, 2, 3]);
});

it('onRetry hears the result that is not wanted, and how many retries are left', async () => {
  const heard: RetryNotice[] = [];
  const states = ['pending', 'pending', 'done'];
  const retryIf = (outcome: AttemptOutcome) => outcome.status === 'succeeded' && outcome.value === 'pending';
  await withRetry(
    { retryIf, onRetry: (one) => void heard.push(one) },
    { clock },
  )(async () => states.shift())();
  expect(heard).toMatchObject([
    { outcome: { status: 'succeeded', value: 'pending' }, attempt: 1, retriesLeft: 3 },
    { outcome: { status: 'succeeded', value: 'pending' }, attempt: 2, retriesLeft: 2 },
  ]);
});

it('onGiveUp hears the last failure', async () => {
  const heard: GiveUpNotice[] = [];
  const error = await rejectionOf(
    withRetry(
      { maxRetries: 1, onGiveUp: (one) => void heard.push(one) },
      { clock },
    )(async () => {
      throw new Error('down');
    })(),
  );
  expect(heard).toEqual([{ outcome: { status: 'failed', error }, attempt: 2, gaveUp: 'no-retries-left' }]);
});
