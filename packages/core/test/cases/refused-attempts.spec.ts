import { expect, it } from '@jest/globals';
import { attemptsOf, CircuitBreaker, Panel, withRetry } from '@switchgear/core';
import { flaky, rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

// What a circuit refused was 'failed' in attemptsOf, and 'refused' everywhere else.

it('an attempt that a circuit refused is one of status refused, with the refusal', async () => {
  const clock = new JumpingClock();
  const panel = new Panel({ circuits: 1, clock });
  const breaker = new CircuitBreaker({ failureThreshold: 2 }, { panel });
  const { attempt, errors } = flaky(Infinity);
  const error = await rejectionOf(withRetry({}, { clock })(breaker.wrap(attempt))());
  expect(attemptsOf(error)).toEqual({
    count: 3,
    outcomes: [
      { status: 'failed', error: errors[0] },
      { status: 'failed', error: errors[1] },
      { status: 'refused', error },
    ],
    gaveUp: 'refused',
  });
});

it('one whose error only wraps the refusal is as well', async () => {
  const breaker = new CircuitBreaker({}, { panel: new Panel({ circuits: 1 }) });
  breaker.force('open');
  const error = await rejectionOf(
    withRetry()(() =>
      breaker
        .call(async () => 'ok')
        .catch((cause: unknown) => {
          throw new Error('users', { cause });
        }),
    )(),
  );
  expect(attemptsOf(error)?.outcomes).toMatchObject([
    { status: 'refused', error: { code: 'ERR_CIRCUIT_OPEN' } },
  ]);
});
