import { expect, it } from '@jest/globals';
import { fail, succeed } from '../support/calls.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';
import { heard } from '../support/listening.js';

// O15: what a circuit was opened by is asked for when it has opened, and by then its window is empty. A failure rate of
// -1 is what resilience4j shows then (https://github.com/resilience4j/resilience4j/issues/1925); Polly keeps `LastException`.

const opened = () => {
  const made = circuit({ key: 'geo', window: { calls: 5, failureRate: 0.6 }, resetTimeout: '30s' });
  const transitions = heard(made.breaker, 'transition');
  succeed(made.breaker, 2);
  fail(made.breaker, 3);
  return { ...made, transitions };
};

const reason = {
  by: 'failure-rate',
  failures: 3,
  calls: 5,
  failureRate: 0.6,
  cause: new Error('down'),
  thread: 0,
};

it('3 of 5 calls failed: the snapshot of the open circuit says so', () => {
  expect(opened().breaker.snapshot()).toMatchObject({ state: 'open', opening: reason });
});

it('3 of 5 calls failed: the event says so', () => {
  expect(opened().transitions).toMatchObject([{ to: 'open', opening: reason }]);
});
