import { describe, expect, it } from '@jest/globals';
import { attemptsOf } from '@switchgear/core';
import { circuitOf, CircuitBreaker, Retry } from '@switchgear/decorators';
import { Api } from '../support/api.js';
import { manualCircuits } from '../support/manual-circuits.js';
import { errorOf, outcomeOf } from '../support/outcome-of.js';

manualCircuits();

const TWICE = { maxRetries: 2, initialDelay: 0 } as const;

class Stacks {
  readonly api: Api = new Api();

  @Retry(TWICE)
  @CircuitBreaker({ failureThreshold: 5 })
  async retryOutside(): Promise<string> {
    return this.api.get();
  }

  @CircuitBreaker({ failureThreshold: 5 })
  @Retry(TWICE)
  async circuitOutside(): Promise<string> {
    return this.api.get();
  }

  @Retry(TWICE)
  @CircuitBreaker({ failureThreshold: 2 })
  async opening(): Promise<string> {
    return this.api.get();
  }

  @CircuitBreaker({ failureThreshold: 2, key: 'stacking.spec outer' })
  @CircuitBreaker({ failureThreshold: 9, key: 'stacking.spec inner' })
  async circuits(): Promise<string> {
    return this.api.get();
  }

  @Retry({ maxRetries: 1, initialDelay: 0 })
  @Retry(TWICE)
  async retries(): Promise<string> {
    return this.api.get();
  }
}

function down(): Stacks {
  const stacks = new Stacks();
  stacks.api.isDown = true;
  return stacks;
}

describe('@Retry over @CircuitBreaker', () => {
  it('calls the method for each attempt', async () => {
    const stacks = down();
    await outcomeOf(() => stacks.retryOutside());
    expect(stacks.api.calls).toBe(3);
  });

  it('counts each attempt', async () => {
    await outcomeOf(() => down().retryOutside());
    expect(circuitOf(Stacks, 'retryOutside')?.snapshot().failures).toBe(3);
  });

  it('ends with the attempt that the circuit refuses', async () => {
    const stacks = down();
    expect(await outcomeOf(() => stacks.opening())).toBe('ERR_CIRCUIT_OPEN');
    expect(stacks.api.calls).toBe(2);
  });

  it('makes no attempt where the circuit is open', async () => {
    const stacks = down();
    await outcomeOf(() => stacks.opening());
    await outcomeOf(() => stacks.opening());
    expect(stacks.api.calls).toBe(2);
  });
});

describe('@CircuitBreaker over @Retry', () => {
  it('calls the method for each attempt', async () => {
    const stacks = down();
    await outcomeOf(() => stacks.circuitOutside());
    expect(stacks.api.calls).toBe(3);
  });

  it('counts one failure for each call', async () => {
    await outcomeOf(() => down().circuitOutside());
    expect(circuitOf(Stacks, 'circuitOutside')?.snapshot().failures).toBe(1);
  });

  it('counts no failure where an attempt succeeds', async () => {
    const stacks = down();
    const outcome = outcomeOf(() => stacks.circuitOutside());
    stacks.api.isDown = false;
    expect(await outcome).toBe('answer');
    expect(circuitOf(Stacks, 'circuitOutside')?.snapshot().failures).toBe(0);
  });

  it('rejects where the circuit refuses the very first call', async () => {
    circuitOf(Stacks, 'circuitOutside')?.force('open');
    await expect(new Stacks().circuitOutside()).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
  });
});

describe('@CircuitBreaker over @CircuitBreaker', () => {
  it('counts a failure in both', async () => {
    await outcomeOf(() => down().circuits());
    expect(circuitOf(Stacks, 'circuits')?.snapshot()).toMatchObject({
      key: 'stacking.spec outer',
      failures: 1,
    });
  });

  it('refuses by the outer one first', async () => {
    const stacks = down();
    for (let i = 0; i < 2; i++) await outcomeOf(() => stacks.circuits());
    expect(await errorOf(() => stacks.circuits())).toMatchObject({ circuit: 'stacking.spec outer' });
  });
});

describe('@Retry over @Retry', () => {
  it('makes a series of series', async () => {
    const stacks = down();
    const error = await errorOf(() => stacks.retries());
    expect([stacks.api.calls, attemptsOf(error)?.count]).toEqual([6, 2]);
  });
});
