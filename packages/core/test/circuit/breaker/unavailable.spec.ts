import { describe, expect, it } from '@jest/globals';
import { CircuitRegistry, Panel } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';

/** A breaker whose circuit was removed and declared again with another policy, so that it cannot be made anew. */
function dispossessed() {
  const registry = new CircuitRegistry(new Panel({ circuits: 4, clock: new ManualClock() }));
  const breaker = registry.get('geo', { failureThreshold: 3 });
  registry.remove('geo');
  registry.get('geo', { failureThreshold: 4 });
  return breaker;
}

describe('a breaker whose key stands for another policy by now', () => {
  const conflict: unknown = expect.objectContaining({ code: 'ERR_KEY_CONFLICT' });

  it('throws where the function is sync', () => {
    expect(() => dispossessed().call(() => 1)).toThrow(conflict);
  });

  it('rejects where the function is async', async () => {
    const result = dispossessed().call(async () => 1);
    await expect(result).rejects.toEqual(conflict);
  });

  it('is a failed outcome in tryCall, for the circuit has refused nothing', async () => {
    const outcome = await dispossessed().tryCall(async () => 1);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'ERR_KEY_CONFLICT' } });
  });
});

describe('a breaker whose circuit was removed and made again by another', () => {
  it('tells of the one that stands now', () => {
    const registry = new CircuitRegistry(new Panel({ circuits: 4, clock: new ManualClock() }));
    const policy = { failureThreshold: 3 };
    const old = registry.get('geo', policy);
    registry.remove('geo');
    registry.get('geo', policy).force('open');
    expect([old.state, old.snapshot().state, old.explain().admits]).toEqual([
      'forced-open',
      'forced-open',
      false,
    ]);
  });
});
