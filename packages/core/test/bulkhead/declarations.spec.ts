import { describe, expect, it } from '@jest/globals';
import {
  Bulkhead,
  CircuitBreaker,
  isKeyConflictError,
  isPolicyError,
  Panel,
  PolicyError,
  withBulkhead,
} from '@switchgear/core';
import { ManualClock, replaceCircuits } from '@switchgear/core/testing';
import { PendingCalls } from '../support/pending-calls.js';

const faultsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof PolicyError) return error.faults.map(({ path, allowed }) => `${path}: ${allowed}`);
    throw error;
  }
  return [];
};

describe('the policy of a bulkhead', () => {
  it('has all its faults named at once', () => {
    const policy = { maxConcurrent: 0, maxQueue: -1, queueTimeout: '0ms', key: '', limit: 3 };
    expect(faultsOf(() => new Bulkhead(policy as never))).toEqual([
      'key: a text of at least 1 characters',
      'maxConcurrent: a whole number from 1 to 1000000',
      'maxQueue: a whole number from 0 to 1000000',
      "queueTimeout: a duration from 1ms to 365d, in milliseconds or as text such as '30s'",
      'limit: key, maxConcurrent, maxQueue, queueTimeout',
    ]);
  });

  it('needs a queue for a time in the queue', () => {
    expect(faultsOf(() => new Bulkhead({ queueTimeout: '1s' }))).toEqual([
      'queueTimeout: nothing, unless maxQueue says how many calls may wait',
    ]);
  });

  it.each([[1.5], [Number.NaN], [0], [1_000_001]])('is none for %p', (max) => {
    expect(() => withBulkhead(max)).toThrow('maxConcurrent');
  });

  it('conflicts with another one of its key, which is told with both lines of code', () => {
    const panel = new Panel({ circuits: 16 });
    new Bulkhead({ key: 'geo', maxConcurrent: 2 }, { panel, declaredAt: 'one.ts:1:1' });
    let thrown: unknown;
    try {
      new Bulkhead({ key: 'geo', maxConcurrent: 3 }, { panel, declaredAt: 'two.ts:2:2' });
    } catch (error) {
      thrown = error;
    }
    expect(isKeyConflictError(thrown)).toBe(true);
    expect(thrown).toMatchObject({ here: 'two.ts:2:2', there: 'one.ts:1:1', differences: ['maxConcurrent'] });
  });

  it('may have the key of a circuit', () => {
    const panel = new Panel({ circuits: 16 });
    const breaker = new CircuitBreaker({ key: 'geo', failureThreshold: 5 }, { panel });
    const bulkhead = new Bulkhead({ key: 'geo' }, { panel });
    expect([breaker.state, bulkhead.snapshot().free]).toEqual(['closed', 10]);
    expect([panel.keys(), panel.keys('bulkhead')]).toEqual([['geo'], ['geo']]);
  });
});

describe('a reference to a bulkhead', () => {
  it('finds the one that was declared, before or after', async () => {
    const calls = new PendingCalls();
    const refers = withBulkhead('declarations-spec-later')(calls.begin);
    withBulkhead({ key: 'declarations-spec-later', maxConcurrent: 1 });
    void refers('a');
    await expect(refers('b')).rejects.toThrow('is full');
    await calls.endAll();
  });

  it('rejects at the call where there is none, with the key that was probably meant', async () => {
    new Bulkhead({ key: 'declarations-spec-geo' });
    const refers = withBulkhead('declarations-spec-gio')(async () => 1);
    const error: unknown = await refers().catch((reason: unknown) => reason);
    expect(isPolicyError(error)).toBe(true);
    expect(error).toMatchObject({ faults: [{ suggestion: 'declarations-spec-geo' }] });
  });
});

describe('a bulkhead with a key', () => {
  it('moves to the panel of a test with the circuits, and has the clock of that panel', async () => {
    const clock = new ManualClock();
    const calls = new PendingCalls();
    const guarded = withBulkhead({
      key: 'declarations-spec-moved',
      maxConcurrent: 1,
      maxQueue: 1,
      queueTimeout: '1s',
    })(calls.begin);
    const restore = replaceCircuits(new Panel({ clock, circuits: 16 }));
    try {
      void guarded();
      const late = guarded();
      clock.advance(1_000);
      await expect(late).rejects.toMatchObject({ reason: 'queue-timeout' });
    } finally {
      restore();
    }
    await calls.endAll();
  });
});

it('anything but a function is refused by a bulkhead, with what it was', () => {
  expect(() => withBulkhead()(7 as never)).toThrow('withBulkhead: expected a function, received 7');
  expect(() => void new Bulkhead().call(7 as never)).toThrow('call: expected a function, received 7');
});
