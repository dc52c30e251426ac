import { expect, it } from '@jest/globals';
import { CircuitBreaker, Panel } from '@switchgear/core';

it('a panel that was told no size has room for 16,384 circuits', () => {
  const panel = new Panel();
  // To look for the line of each call takes longer in Jest than all the rest.
  const declare = (n: number) => new CircuitBreaker({ key: `circuit-${n}` }, { panel, declaredAt: 'here' });
  for (let n = 0; n < 16_384; n++) declare(n);
  expect(panel.keys()).toHaveLength(16_384);
}, 60_000);
