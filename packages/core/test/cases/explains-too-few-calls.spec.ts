import { expect, it } from '@jest/globals';
import { fail } from '../support/calls.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';

// O21: a call fails each 600 ms, all of them do, and the circuit stays closed: ten seconds never hold the twenty calls that a rate
// needs. Asked of resilience4j as "Breaker not opening as expected, with almost 100% failure"
// (https://github.com/resilience4j/resilience4j/issues/1925).

it('a circuit with too few calls in its window says how many it needs', () => {
  const { breaker, clock } = circuit({ key: 'geo', window: { duration: '10s' } });
  for (let i = 0; i < 200; i++) {
    clock.advance(600);
    fail(breaker);
  }
  expect(breaker.explain()).toMatchObject({
    admits: true,
    reason: 'closed',
    text: 'Circuit "geo" is closed: its window has 16 of the 20 calls it needs; 100 % failed, limit 50 %.',
  });
});
