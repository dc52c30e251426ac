import { describe, expect, it } from '@jest/globals';
import { Bulkhead, isKeyConflictError, Panel, PolicyError, RateLimit, withRateLimit } from '@switchgear/core';
import { stackOf } from '@switchgear/core/kit';

const faultsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof PolicyError) return error.faults.map(({ path, allowed }) => `${path}: ${allowed}`);
    throw error;
  }
  return [];
};

describe('the policy of a rate limit', () => {
  it('has all its faults named at once', () => {
    const policy = { per: 0, burst: 1.5, maxWait: -1, cost: -1, fleet: true, rps: 3 };
    expect(faultsOf(() => new RateLimit(policy as never))).toEqual([
      'limit: a whole number from 1 to 1000000000',
      "per: a duration from 1ms to 365d, in milliseconds or as text such as '30s'",
      'burst: a whole number from 1 to 1000000000',
      "maxWait: a duration from 0ms to 365d, in milliseconds or as text such as '30s'",
      expect.stringContaining('cost: a number from 0 to'),
      'fleet: nothing without a key, by which a fleet shares it',
      expect.stringContaining('rps: key, limit'),
    ]);
  });

  it('takes no cost above the burst, and no functions that answer later', () => {
    const policy = { limit: 10, burst: 2, cost: 3, actualCost: async () => 1 };
    expect(faultsOf(() => new RateLimit(policy as never))).toEqual([
      'cost: a number from 0 to 2, the burst, or a function that returns one',
      'actualCost: a function that returns a number, at once',
    ]);
  });

  it('conflicts with another one of its key, but not by its costs, which are those of each function', () => {
    const panel = new Panel({ circuits: 16 });
    new RateLimit({ key: 'geo', limit: 10, cost: 2 }, { panel, declaredAt: 'one.ts:1:1' });
    new RateLimit({ key: 'geo', limit: 10, cost: () => 3 }, { panel, declaredAt: 'two.ts:2:2' });
    let thrown: unknown;
    try {
      new RateLimit({ key: 'geo', limit: 11 }, { panel, declaredAt: 'three.ts:3:3' });
    } catch (error) {
      thrown = error;
    }
    expect(isKeyConflictError(thrown)).toBe(true);
    expect(thrown).toMatchObject({ there: 'one.ts:1:1', differences: ['limit', 'burst'] });
  });

  it('may have the key of a bulkhead', () => {
    const panel = new Panel({ circuits: 16 });
    new RateLimit({ key: 'geo', limit: 10 }, { panel });
    new Bulkhead({ key: 'geo' }, { panel });
    expect([panel.keys('rate-limit'), panel.keys('bulkhead'), panel.keys()]).toEqual([['geo'], ['geo'], []]);
  });

  it('is in the stack of the function that it guards', () => {
    const guarded = withRateLimit({ key: 'declarations-spec-stack', limit: 3 })(() => 1);
    expect(stackOf(guarded)).toMatchObject([{ kind: 'rate-limit', key: 'declarations-spec-stack' }]);
  });
});
