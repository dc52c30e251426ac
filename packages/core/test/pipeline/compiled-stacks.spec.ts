import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pipeline, type Policy } from '@switchgear/core';
import type { AnyFunction } from '../../src/call/guarded-function.js';
import { composedOf, copyStack } from '../../src/call/policy-stack.js';
import {
  bulkhead,
  byActor,
  deadline,
  loggedCircuit,
  loggedRetry,
  type MakePolicy,
  played,
  rateLimit,
  type Script,
  timeout,
} from '../support/played-script.js';

/** Each policy around the guarded function of the one before. */
function layerByLayer(policies: readonly Policy[], fn: AnyFunction): AnyFunction {
  return policies.reduceRight<AnyFunction>((inner, policy) => policy(inner), fn);
}

function compiled(policies: readonly Policy[], fn: AnyFunction): AnyFunction {
  return pipeline(...(policies as [Policy]), { warn: false })(fn);
}

const RUNS = 200;

/** Policies that end a call before what is further in has ended, or begin one at the moment at which another ends. */
const hasty: fc.Arbitrary<MakePolicy> = fc.oneof(
  fc
    .record({
      maxConcurrent: fc.constantFrom(1, 2),
      maxQueue: fc.constantFrom(1, 3),
      queueTimeout: fc.constantFrom(40, 400),
    })
    .map(bulkhead),
  fc
    .record({
      limit: fc.constantFrom(1, 3),
      per: fc.constantFrom(20, 200),
      maxWait: fc.constantFrom(70, 700),
    })
    .map(rateLimit),
  fc.constantFrom(7, 23, 61).map(timeout),
  fc.constantFrom(11, 37, 149).map(deadline),
);

/** Policies that wait for what is further in. */
const patient: fc.Arbitrary<MakePolicy> = fc.oneof(
  fc.constantFrom(1, 2).map((maxConcurrent) => bulkhead({ maxConcurrent })),
  fc.record({ limit: fc.constantFrom(1, 3), per: fc.constantFrom(20, 200) }).map(rateLimit),
  fc
    .record({
      maxRetries: fc.integer({ min: 0, max: 3 }),
      initialDelay: fc.constantFrom(2, 10, 25),
      waitForCircuit: fc.boolean(),
      maxElapsed: fc.constantFrom(40, 500, Infinity),
    })
    .map((policy) => loggedRetry({ ...policy, jitter: 'none' })),
  fc.constant(
    loggedRetry({
      maxRetries: 2,
      initialDelay: 10,
      jitter: 'none',
      retryIf: (outcome) => outcome.status === 'succeeded' && outcome.value === 1,
    }),
  ),
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
});

describe('a compiled stack', () => {
  it('behaves as its policies do layer by layer, in the same order', async () => {
    const stacks = fc.array(patient, { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(stacks, scripts, async (stack, script) => {
        expect(await played(stack, script, compiled)).toEqual(await played(stack, script, layerByLayer));
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  it('behaves as its policies do layer by layer where calls end early, or wait for others', async () => {
    const stacks = fc.array(fc.oneof(patient, hasty), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(stacks, scripts, async (stack, script) => {
        const expected = byActor(await played(stack, script, layerByLayer));
        expect(byActor(await played(stack, script, compiled))).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});

describe('the comparison above', () => {
  /** A circuit that forgets to settle the calls that fail, but only where it is compiled. */
  const faulty: MakePolicy = (world) => {
    const policy = loggedCircuit('faulty', { failureThreshold: 1 })(world);
    return Object.assign(
      (fn: AnyFunction): AnyFunction => {
        const wrapper = policy(fn);
        const made = composedOf(wrapper);
        copyStack(wrapper, wrapper, {
          stages: [
            { waits: false, races: false, compile: (inner) => inner },
            ...(made?.stages.slice(1) ?? []),
          ],
          fn: made?.fn ?? fn,
        });
        return wrapper;
      },
      { kind: 'faulty', waits: false },
    ) as unknown as Policy;
  };

  it('finds a stage that differs from its layer', async () => {
    const script: Script = {
      ends: [{ kind: 'rejects', after: 5, value: 1 }],
      steps: [
        { kind: 'call', ms: 20 },
        { kind: 'call', ms: 20 },
      ],
    };
    const stack = [faulty, loggedRetry({ maxRetries: 0 })];
    expect(await played(stack, script, compiled)).not.toEqual(await played(stack, script, layerByLayer));
  });
});
