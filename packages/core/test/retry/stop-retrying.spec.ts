import { describe, expect, it } from '@jest/globals';
import {
  attemptsOf,
  CircuitBreaker,
  Panel,
  retry,
  type RetryPolicy,
  stopRetrying,
  withRetry,
} from '@switchgear/core';
import { rejectionOf, throwing } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

const retrying = (policy: RetryPolicy = {}) => withRetry(policy, { clock: new JumpingClock() });

describe('an error of stopRetrying', () => {
  it('ends the retry at once, and is rethrown as it is', async () => {
    const gone = new Error('gone');
    const { attempt, made } = throwing(stopRetrying(gone));
    const error = await rejectionOf(retrying()(attempt)());
    expect(error).toBe(gone);
    expect([made(), attemptsOf(error)]).toMatchObject([1, { count: 1, gaveUp: 'stopped' }]);
  });

  it('ends it in a later attempt, after an await', async () => {
    let made = 0;
    const error = await rejectionOf(
      retry(
        async () => {
          await Promise.resolve();
          throw ++made < 3 ? new Error('down') : stopRetrying(new Error('gone'));
        },
        { maxRetries: 9 },
        { clock: new JumpingClock() },
      ),
    );
    expect(attemptsOf(error)).toMatchObject({ count: 3, gaveUp: 'stopped' });
  });

  it('thrown before there is a promise counts as well', async () => {
    let made = 0;
    await rejectionOf(
      retrying()((): string => {
        made++;
        throw stopRetrying(new Error('gone'));
      })(),
    );
    expect(made).toBe(1);
  });

  it('overrules retryOn and retryIf', async () => {
    const { attempt, made } = throwing(stopRetrying(new Error('gone')));
    await rejectionOf(retrying({ retryOn: Error, retryIf: () => true })(attempt)());
    expect(made()).toBe(1);
  });

  it('ends the retries around it as well', async () => {
    const { attempt, made } = throwing(stopRetrying(new Error('gone')));
    await rejectionOf(retrying()(retrying()(attempt))());
    expect(made()).toBe(1);
  });

  it('counts for a circuit in between as the error it is', async () => {
    const breaker = new CircuitBreaker(
      { failureThreshold: 1, excludedErrors: RangeError },
      { panel: new Panel({ circuits: 1 }) },
    );
    const { attempt } = throwing(stopRetrying(new RangeError('gone')));
    await rejectionOf(retrying()(breaker.wrap(attempt))());
    expect(breaker.state).toBe('closed');
  });

  it('ends the retry where it is the cause of what is thrown, which is rethrown', async () => {
    const wrapper = new Error('users', { cause: stopRetrying(new Error('gone')) });
    const { attempt, made } = throwing(wrapper);
    expect(await rejectionOf(retrying()(attempt)())).toBe(wrapper);
    expect(made()).toBe(1);
  });

  it('may be frozen', async () => {
    const { attempt, made } = throwing(stopRetrying(Object.freeze(new Error('gone'))));
    await rejectionOf(retrying()(attempt)());
    expect(made()).toBe(1);
  });

  it.each([['gone'], [undefined], [null], [404]])(
    'of %p, which is no object, lets the call reject with that',
    async (thrown) => {
      const { attempt, made } = throwing(stopRetrying(thrown));
      expect(await rejectionOf(retrying()(attempt)())).toBe(thrown);
      expect(made()).toBe(1);
    },
  );
});
