import { describe, expect, it } from '@jest/globals';
import type { CircuitBreakerPolicy } from '@switchgear/core';
import {
  functionsIn,
  policyText,
  type PublishedPolicy,
  readPolicyText,
  settingsFrom,
} from '../../../src/circuit/policy/published-policy.js';
import { readPolicy } from '../../../src/circuit/policy/read-policy.js';

const textOf = (policy: CircuitBreakerPolicy): string => policyText(readPolicy(policy).settings);

function published(policy: CircuitBreakerPolicy): PublishedPolicy {
  const read = readPolicyText(textOf(policy));
  if (read === undefined) throw new Error('of another format');
  return read;
}

describe('the text of a policy', () => {
  it('has the fields that people write, completed, and the number of its format', () => {
    expect(JSON.parse(textOf({ failureThreshold: 3, resetTimeout: '30s' }))).toMatchObject({
      format: 1,
      failureThreshold: 3,
      successThreshold: 2,
      resetTimeout: 30_000,
      halfOpen: { permits: 2 },
      expectedErrors: false,
    });
  });

  it('has nothing that only the inside of the package knows', () => {
    const text = textOf({ window: { duration: '1s' }, slowCallDuration: 20 });
    for (const inner of ['slots', 'range', 'kind', 'resetTimeouts', 'fingerprint'])
      expect(text).not.toContain(inner);
  });

  it('is the same for policies that are written in another order', () => {
    const one = textOf({ failureThreshold: 3, async: true });
    expect(textOf({ async: true, failureThreshold: 3 })).toBe(one);
  });

  it('says how long each opening lasts where that grows', () => {
    const { resetTimeout } = published({ resetTimeout: { initialDelay: 100, maxDelay: 300 } });
    expect((resetTimeout as number[]).slice(0, 4)).toEqual([100, 200, 300, 300]);
  });

  it('names no threshold where only the window decides', () => {
    expect(published({ window: { calls: 10 } }).failureThreshold).toBeUndefined();
  });

  it('names the functions that it cannot hold', () => {
    const policy = published({ isFailure: (result) => result === 'bad', excludedErrors: TypeError });
    expect(functionsIn(policy)).toEqual(['excludedErrors', 'isFailure']);
  });

  it('of another format is not read', () => {
    expect(readPolicyText('{"format":2,"failureThreshold":3}')).toBeUndefined();
  });
});

describe('settings that are read from the text of a policy', () => {
  it.each<[string, CircuitBreakerPolicy]>([
    ['all defaults', {}],
    ['a window of calls', { window: { calls: 50, failureRate: 0.3 }, slowCallDuration: '1s' }],
    ['a window of time beside a threshold', { failureThreshold: 9, window: { duration: '10s' } }],
    ['a growing reset timeout', { resetTimeout: { initialDelay: '1s', factor: 1.7, maxDelay: '1m' } }],
    ['a reset timeout that could grow', { resetTimeout: { initialDelay: '1s', factor: 1 } }],
    ['permits and their timeout', { halfOpen: { permits: 4, permitTimeout: '5s' }, async: false }],
    ['functions', { expectedErrors: RangeError, isFailure: () => false }],
  ])('are those of the policy: %s', (_, policy) => {
    const { settings } = readPolicy(policy);
    const { fingerprint, identity } = settingsFrom(published(policy));
    expect([fingerprint, identity]).toEqual([settings.fingerprint, settings.identity]);
  });
});
