import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pipeline, type Policy } from '@switchgear/core';
import type { AnyFunction } from '../../src/call/guarded-function.js';
import { loggedCircuit, loggedRetry, type MakePolicy, played, type Script } from '../support/played-script.js';

/** Each policy around the guarded function of the one before. */
function layerByLayer(policies: readonly Policy[], fn: AnyFunction): AnyFunction {
  return policies.reduceRight<AnyFunction>((inner, policy) => policy(inner), fn);
}

function compiled(policies: readonly Policy[], fn: AnyFunction): AnyFunction {
  return pipeline(...(policies as [Policy]))(fn);
}

const makers: fc.Arbitrary<MakePolicy> = fc.oneof(
  fc
    .record({
      maxRetries: fc.integer({ min: 0, max: 3 }),
      initialDelay: fc.constantFrom(0, 10, 25),
      waitForCircuit: fc.boolean(),
      maxElapsed: fc.constantFrom(40, 500, Infinity),
    })
    .map((policy) => loggedRetry({ ...policy, jitter: 'none' })),
  fc.constant(loggedRetry({ maxRetries: 2, initialDelay: 10, jitter: 'none', retryIf: (outcome) => outcome.status === 'succeeded' && outcome.value === 1 })),
  fc
    .record({
      key: fc.constantFrom('one', 'two', 'three', 'four'),
      failureThreshold: fc.integer({ min: 1, max: 4 }),
      resetTimeout: fc.constantFrom(20, 60),
      isTimed: fc.boolean(),
    })
    .map(({ key, isTimed, ...policy }) =>
      loggedCircuit(`${key} ${policy.failureThreshold} ${policy.resetTimeout} ${isTimed}`, {
        ...policy,
        ...(isTimed ? { slowCallDuration: 15, window: { calls: 5, minimumCalls: 2 } } : {}),
      }),
    ),
);

const scripts: fc.Arbitrary<Script> = fc.record({
  ends: fc.array(
    fc.record({
      kind: fc.constantFrom('resolves', 'rejects', 'rejects', 'throws', 'returns', 'is thenable'),
      after: fc.constantFrom(0, 5, 20, 50),
      value: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom('call', 'call', 'call with a signal', 'abort', 'time out', 'wait'),
      ms: fc.constantFrom(0, 0, 5, 30, 100),
    }),
    { minLength: 1, maxLength: 12 },
  ),
}) as fc.Arbitrary<Script>;

describe('a compiled stack', () => {
  it('behaves as its policies do layer by layer, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(makers, { minLength: 2, maxLength: 4 }), scripts, async (stack, script) => {
        expect(await played(stack, script, compiled)).toEqual(await played(stack, script, layerByLayer));
      }),
      { numRuns: 2000 },
    );
  }, 120_000);
});
