import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy, CircuitRegistry, Panel } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { fail, ok, succeed } from '../support/calls.js';
import { transitionsOf } from '../support/listening.js';

// O20: `keys()` listed circuits that only workers had declared, `has()` did not know them, iteration left them out, and `get()` threw.
// No report is known; it is what a health page of the main thread asks for.

const policy = { failureThreshold: 2, resetTimeout: '30s' } as const;

/** A registry over the memory of another thread: that thread's registry stands for it, with memory in common and nothing else. */
function twoThreads(declared: CircuitBreakerPolicy = policy) {
  const clock = new ManualClock(1_000);
  const worker = new Panel({ circuits: 8, memory: 2 ** 18, clock });
  const theirs = new CircuitBreaker({ ...declared, key: 'tenant' }, { panel: worker });
  // Objects over one buffer share what this thread knows of it: a copy of the buffer's circuits needs a buffer of its own.
  const registry = new CircuitRegistry(new Panel({ buffer: elsewhere(worker.buffer), clock }));
  return { clock, theirs, registry };
}

/** The same memory as another object, as a thread has it to which it was handed. */
function elsewhere(buffer: ArrayBufferLike): ArrayBufferLike {
  return structuredClone(buffer);
}

describe('a circuit that only another thread has declared', () => {
  it('is in keys, has, and the iteration', () => {
    const { registry } = twoThreads();
    expect([registry.keys(), registry.has('tenant'), [...registry].map(({ key }) => key)]).toEqual([
      ['tenant'],
      true,
      ['tenant'],
    ]);
  });

  it('can be looked at', () => {
    const { registry, theirs } = twoThreads();
    fail(theirs, 2);
    const { opening } = registry.get('tenant').snapshot();
    expect([registry.get('tenant').state, opening?.by]).toEqual(['open', 'failures']);
    expect(registry.get('tenant').explain().text).toContain('is open: 2 failures in a row');
  });

  it.each(['breaker', 'registry'] as const)('can be forced and reset by the %s', (by) => {
    const { registry, theirs } = twoThreads();
    if (by === 'breaker') registry.get('tenant').force('open');
    else registry.force('tenant', 'open');
    expect(theirs.state).toBe('forced-open');
    if (by === 'breaker') registry.get('tenant').reset();
    else registry.reset('tenant');
    expect(theirs.state).toBe('closed');
  });

  it('can be listened to', () => {
    const { registry } = twoThreads();
    const transitions = transitionsOf(registry.get('tenant'));
    registry.force('tenant', 'open');
    expect(transitions).toEqual(['closed → forced-open']);
  });

  it('can be called where its policy is all data', () => {
    const { registry, theirs } = twoThreads();
    fail(registry.get('tenant'));
    fail(theirs);
    expect([theirs.state, registry.get('tenant').tryCall(ok).status]).toEqual(['open', 'refused']);
  });

  it('cannot be called where its policy has functions, and says what to do', () => {
    const { registry } = twoThreads({ ...policy, isFailure: (result) => result === 'bad' });
    expect(() => registry.get('tenant').call(ok)).toThrow(
      /tenant.*only another thread has declared at .*circuits-of-workers\.spec\.ts:\d+.*\n.*isFailure.*declare the circuit in this thread/,
    );
  });

  it('can be looked at and forced all the same', () => {
    const { registry, theirs } = twoThreads({ ...policy, isFailure: (result) => result === 'bad' });
    registry.get('tenant').force('open');
    expect([registry.get('tenant').state, theirs.state]).toEqual(['forced-open', 'forced-open']);
  });

  it('can be called through a breaker from before, once this thread has declared it', () => {
    const declared = { ...policy, isFailure: (result: unknown) => result === 'ok' };
    const { registry } = twoThreads(declared);
    const before = registry.get('tenant');
    registry.get('tenant', declared);
    succeed(before, 2);
    expect(before.state).toBe('open');
  });

  it('calls the callbacks that this thread declares later', () => {
    const { registry } = twoThreads();
    const before = registry.get('tenant');
    const openings: string[] = [];
    registry.get('tenant', { ...policy, onOpen: (_failures, _error, { by }) => openings.push(by) });
    fail(before, 2);
    expect(openings).toEqual(['failures']);
  });

  it('is declared here with another policy no more than there', () => {
    const { registry } = twoThreads();
    registry.get('tenant');
    expect(() => registry.get('tenant', { failureThreshold: 9 })).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_CONFLICT' }),
    );
  });

  it('is nobody’s any more when it is removed', () => {
    const { registry } = twoThreads();
    registry.get('tenant');
    registry.remove('tenant');
    expect(registry.has('tenant')).toBe(false);
    expect(() => registry.get('tenant')).toThrow(expect.objectContaining({ code: 'ERR_POLICY' }));
  });
});

it.each(['force', 'reset'] as const)('a key that nobody has declared is told by circuits.%s', (method) => {
  const { registry } = twoThreads();
  expect(() => registry[method]('nope', 'open')).toThrow(new RegExp(`^circuits\\.${method} has 1 fault`));
});
