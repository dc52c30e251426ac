import { describe, expect, it } from '@jest/globals';
import { attemptsOf, withRetry } from '@switchgear/core';
import { flaky, rejectionOf, throwing } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

const clock = new JumpingClock();

describe('attemptsOf', () => {
  it('tells what became of each attempt, in order', async () => {
    const { attempt, errors } = flaky(Infinity);
    const error = await rejectionOf(withRetry({ maxRetries: 2 }, { clock })(attempt)());
    expect(attemptsOf(error)).toEqual({
      count: 3,
      outcomes: errors.map((one) => ({ status: 'failed', error: one })),
      gaveUp: 'no-retries-left',
    });
  });

  it('tells of results that were tried again', async () => {
    const results = ['pending', 'pending'];
    const attempt = async () => {
      if (results.length === 0) throw new ReferenceError('x is not defined');
      return results.shift();
    };
    const retryIf = ({ status }: { status: string }) => status === 'succeeded';
    const error = await rejectionOf(withRetry({ retryIf }, { clock })(attempt)());
    expect(attemptsOf(error)?.outcomes.map(({ status }) => status)).toEqual([
      'succeeded',
      'succeeded',
      'failed',
    ]);
  });

  it('tells of a single attempt that was not to be repeated', async () => {
    const error = await rejectionOf(withRetry({}, { clock })(throwing(new ReferenceError('x')).attempt)());
    expect(attemptsOf(error)).toMatchObject({ count: 1, gaveUp: 'not-retryable' });
  });

  it('leaves the error as it was, and it may be frozen', async () => {
    const frozen = Object.freeze(new Error('down'));
    const error = await rejectionOf(withRetry({}, { clock })(throwing(frozen).attempt)());
    expect(error).toBe(frozen);
    expect(attemptsOf(error)?.count).toBe(4);
  });

  it('counts all attempts and keeps the last ten', async () => {
    const { attempt, errors } = flaky(Infinity);
    const error = await rejectionOf(
      withRetry({ maxRetries: 24, maxElapsed: Infinity }, { clock })(attempt)(),
    );
    const made = attemptsOf(error);
    expect(made?.count).toBe(25);
    expect(made?.outcomes).toEqual(errors.slice(15).map((one) => ({ status: 'failed', error: one })));
  });

  it('tells of the last call, where one object is thrown by several', async () => {
    const { attempt } = throwing(new Error('made once'));
    await rejectionOf(withRetry({ maxRetries: 3 }, { clock })(attempt)());
    const error = await rejectionOf(withRetry({ maxRetries: 1 }, { clock })(attempt)());
    expect(attemptsOf(error)?.count).toBe(2);
  });

  it.each([[new Error('never retried')], ['a text'], [undefined], [null]])(
    'knows nothing of %p',
    (thrown) => {
      expect(attemptsOf(thrown)).toBeUndefined();
    },
  );

  it('cannot be changed', async () => {
    const error = await rejectionOf(withRetry({}, { clock })(flaky(Infinity).attempt)());
    const made = attemptsOf(error);
    expect([made, made?.outcomes].every(Object.isFrozen)).toBe(true);
  });
});
