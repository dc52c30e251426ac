import { describe, expect, it } from '@jest/globals';
import type { ForceMode } from '@switchgear/core';
import { admits, fail, ok, startCall } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { transitionsOf } from '../../support/listening.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

describe('a circuit forced open', () => {
  it('says so', () => {
    const { breaker } = circuit();
    breaker.force('open');
    expect(breaker.state).toBe('forced-open');
  });

  it('refuses calls', () => {
    const { breaker } = circuit();
    breaker.force('open');
    expect(admits(breaker)).toBe(false);
  });

  it('refuses calls however long it lasts', () => {
    const { breaker, clock } = circuit();
    breaker.force('open');
    clock.advance(365 * 86_400_000);
    expect(admits(breaker)).toBe(false);
  });

  it('names no time to try again', () => {
    const { breaker } = circuit();
    breaker.force('open');
    expect(breaker.tryCall(ok)).toMatchObject({
      error: { state: 'forced-open', retryAfter: undefined },
    });
  });

  it('is not moved by calls that were made before', async () => {
    const { breaker } = circuit(BRITTLE);
    const call = startCall(breaker);
    breaker.force('open');
    await call.fail();
    expect(breaker.state).toBe('forced-open');
  });
});

describe('a circuit forced closed', () => {
  it('says so', () => {
    const { breaker } = circuit();
    breaker.force('closed');
    expect(breaker.state).toBe('forced-closed');
  });

  it('admits calls, although it was open', () => {
    const { breaker } = openCircuit();
    breaker.force('closed');
    expect(admits(breaker)).toBe(true);
  });

  it('never opens', () => {
    const { breaker } = circuit(BRITTLE);
    breaker.force('closed');
    fail(breaker, 100);
    expect(breaker.state).toBe('forced-closed');
  });

  it('counts nothing', () => {
    const { breaker } = circuit({ window: { calls: 10 } });
    breaker.force('closed');
    fail(breaker, 3);
    expect(breaker.snapshot()).toMatchObject({ failures: 0, window: { calls: 0, failures: 0 } });
  });

  it('leaves no failures behind when it is handed back', () => {
    const { breaker } = circuit({ failureThreshold: 2 });
    breaker.force('closed');
    fail(breaker, 5);
    breaker.force('auto');
    fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('leaves errors uncounted, so that they count when they come again', () => {
    const { breaker } = circuit(BRITTLE);
    const error = new Error('down');
    const failing = () => {
      throw error;
    };
    breaker.force('closed');
    breaker.tryCall(failing);
    breaker.force('auto');
    breaker.tryCall(failing);
    expect(breaker.state).toBe('open');
  });
});

describe('a circuit handed back with auto', () => {
  it.each<ForceMode>(['open', 'closed', 'shadow'])('is closed after %s', (mode) => {
    const { breaker } = circuit();
    breaker.force(mode);
    breaker.force('auto');
    expect(breaker.state).toBe('closed');
  });

  it('opens by itself again', () => {
    const { breaker } = circuit(BRITTLE);
    breaker.force('closed');
    breaker.force('auto');
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('stays as it was if no operator had it in hand', () => {
    const { breaker } = openCircuit();
    breaker.force('auto');
    expect(breaker.state).toBe('open');
  });

  it('keeps its probes if no operator had it in hand', async () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    const probe = startCall(breaker);
    breaker.force('auto');
    await probe.succeed();
    expect(breaker.state).toBe('closed');
  });
});

describe('force', () => {
  it('tells of each change', () => {
    const { breaker } = circuit();
    const transitions = transitionsOf(breaker);
    for (const mode of ['open', 'closed', 'shadow', 'auto'] as const) breaker.force(mode);
    expect(transitions).toEqual([
      'closed → forced-open',
      'forced-open → forced-closed',
      'forced-closed → shadow',
      'shadow → closed',
    ]);
  });

  it('changes nothing where the circuit is in that mode already', () => {
    const { breaker } = circuit();
    breaker.force('open');
    const transitions = transitionsOf(breaker);
    breaker.force('open');
    expect(transitions).toEqual([]);
  });

  it('ends with a reset', () => {
    const { breaker } = circuit();
    breaker.force('open');
    breaker.reset();
    expect(breaker.state).toBe('closed');
  });

  it('knows its modes and says which they are', () => {
    const { breaker } = circuit();
    expect(() => breaker.force('opne' as never)).toThrow(/open, closed, shadow, auto.*opne/);
  });

  it('holds for every breaker of the key', () => {
    const { breaker, another } = circuit({ key: 'geo' });
    breaker.force('open');
    expect(another({ key: 'geo' }).state).toBe('forced-open');
  });
});
