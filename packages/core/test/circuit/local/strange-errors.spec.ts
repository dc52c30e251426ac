import { describe, expect, it } from '@jest/globals';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { transitionsOf } from '../../support/listening.js';

const unreadable = (): Error =>
  Object.defineProperty(new Error('down'), 'message', {
    get() {
      throw new Error('a getter threw');
    },
  });

describe('an error that cannot be read', () => {
  it('reaches the caller as it is', () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const error = unreadable();
    const outcome = breaker.tryCall(() => {
      throw error;
    });
    expect(outcome.status === 'failed' && outcome.error === error).toBe(true);
  });

  it('opens the circuit, and listeners hear of it', () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const transitions = transitionsOf(breaker);
    breaker.tryCall(() => {
      throw unreadable();
    });
    expect(transitions).toEqual(['closed → open']);
  });
});

describe('what is no function', () => {
  it.each(['call', 'wrap', 'tryCall'] as const)('is refused by %s, and is no failure', (method) => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const misused = breaker[method].bind(breaker) as (fn: unknown) => unknown;
    expect(() => misused(undefined)).toThrow(`${method}: expected a function, received undefined`);
    expect(breaker.state).toBe('closed');
  });
});
