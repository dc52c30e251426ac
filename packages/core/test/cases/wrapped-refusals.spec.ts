import { describe, expect, it } from '@jest/globals';
import { attemptsOf, CircuitBreaker, Panel, type RetryPolicy, withRetry } from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

// A refusal that a service wraps into an error of its own is a refusal still. Reported as Polly#618, resilience4j#1065.

class ServiceError extends Error {}

/** A service around a circuit that is open, and that wraps what it catches. */
function service(wrap: (cause: unknown) => unknown) {
  const clock = new JumpingClock();
  const panel = new Panel({ circuits: 1, clock });
  const breaker = new CircuitBreaker(
    { failureThreshold: 1, successThreshold: 1, resetTimeout: '5s' },
    { panel },
  );
  breaker.tryCall(() => {
    throw new Error('down');
  });
  let made = 0;
  const users = async () => {
    made++;
    try {
      return await breaker.call(async () => 'ok');
    } catch (cause) {
      throw wrap(cause);
    }
  };
  const retrying = (policy: RetryPolicy) => withRetry({ jitter: 'none', ...policy }, { clock })(users);
  return { clock, retrying, made: () => made };
}

describe.each<[string, (cause: unknown) => unknown]>([
  ['as its cause', (cause) => new ServiceError('users', { cause })],
  ['as the cause of its cause', (cause) => new ServiceError('users', { cause: new Error('db', { cause }) })],
  ['as all of the errors of an AggregateError', (cause) => new AggregateError([cause, cause], 'all failed')],
])('a refusal that an error has %s', (_, wrap) => {
  it('is not tried again, also where retryOn takes the error, which is rethrown', async () => {
    const { retrying, made, clock } = service(wrap);
    const error = await rejectionOf(retrying({ retryOn: Error, retryIf: () => true })());
    expect(error).toMatchObject({ message: expect.stringMatching(/users|all failed/) });
    expect([made(), clock.sleeps, attemptsOf(error)?.gaveUp]).toEqual([1, [], 'refused']);
  });

  it('is waited for where the policy says so', async () => {
    const { retrying, clock } = service(wrap);
    expect(await retrying({ waitForCircuit: true })()).toBe('ok');
    expect(clock.sleeps).toEqual([5_000]);
  });
});

it('an AggregateError that holds another failure as well is none', async () => {
  const { retrying, made } = service((cause) => new AggregateError([cause, new Error('socket hang up')]));
  expect(await retrying({ maxRetries: 1 })()).toBe('ok');
  expect(made()).toBe(2);
});
