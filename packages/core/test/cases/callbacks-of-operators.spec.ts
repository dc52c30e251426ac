import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker, ForceMode } from '@switchgear/core';
import { fail, succeed } from '../support/calls.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';
import { BRITTLE } from '../support/openings.js';

// O14: `force('open'); force('auto')` called onClose without an onOpen before. Polly tells both by IsManual
// (https://pollydocs.org/api/Polly.CircuitBreaker.OnCircuitClosedArguments-1.html).

const recorded = () => {
  const calls: string[] = [];
  const made = circuit({
    ...BRITTLE,
    onOpen: (_failures, _error, { by }) => calls.push(`open by ${by}`),
    onHalfOpen: () => calls.push('half-open'),
    onClose: () => calls.push('close'),
  });
  return { ...made, calls };
};

type Step = ForceMode | 'reset' | 'fail';

function take(breaker: CircuitBreaker, step: Step): void {
  if (step === 'fail') fail(breaker);
  else if (step === 'reset') breaker.reset();
  else breaker.force(step);
}

describe('the callbacks of a policy are in step with an operator', () => {
  it.each<[readonly Step[], readonly string[]]>([
    [
      ['open', 'auto'],
      ['open by operator', 'close'],
    ],
    [
      ['open', 'closed'],
      ['open by operator', 'close'],
    ],
    [
      ['open', 'reset'],
      ['open by operator', 'close'],
    ],
    [
      ['open', 'shadow'],
      ['open by operator', 'close'],
    ],
    [['open', 'open'], ['open by operator']],
    [['closed', 'auto'], []],
    [['shadow', 'auto'], []],
    [['shadow', 'fail', 'auto'], []],
    [['reset'], []],
    [
      ['fail', 'reset'],
      ['open by failures', 'close'],
    ],
    [
      ['fail', 'closed'],
      ['open by failures', 'close'],
    ],
    [
      ['fail', 'open'],
      ['open by failures', 'open by operator'],
    ],
  ])('%j', (steps, expected) => {
    const { breaker, calls } = recorded();
    for (const step of steps) take(breaker, step);
    expect(calls).toEqual(expected);
  });

  it('who resets a half-open circuit', () => {
    const { breaker, clock, calls } = recorded();
    fail(breaker);
    clock.advance(100);
    succeed(breaker);
    breaker.reset();
    expect(calls).toEqual(['open by failures', 'half-open', 'close']);
  });
});
