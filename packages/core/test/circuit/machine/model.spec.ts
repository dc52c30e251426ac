import { isDeepStrictEqual } from 'node:util';
import { expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy, type ForceMode, Panel } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import fc from 'fast-check';
import {
  type ModelPermit,
  type ModelPolicy,
  type Outcome,
  ReferenceModel,
} from '../../support/reference-model.js';

class Neutral extends Error {}

/** A call in flight, in the circuit and in the model. */
interface InFlight {
  readonly settle: (outcome: Outcome) => unknown;
  readonly permit: ModelPermit;
}

type Step =
  | { readonly do: 'advance'; readonly ms: number }
  /** Until the circuit may admit a call. */
  | { readonly do: 'wait' }
  | { readonly do: 'call'; readonly outcome: Outcome; readonly by: number }
  | { readonly do: 'start'; readonly as: 'promise' | 'permit'; readonly by: number }
  | { readonly do: 'settle'; readonly which: number; readonly outcome: Outcome }
  | { readonly do: 'force'; readonly mode: ForceMode; readonly by: number }
  | { readonly do: 'reset'; readonly by: number };

const by = fc.nat(1);
const ms = fc.integer({ min: 1, max: 40 });
const outcome = fc.constantFrom<Outcome>('success', 'failure', 'neutral');
const as = fc.constantFrom('promise' as const, 'permit' as const);
const mode = fc.constantFrom<ForceMode>('open', 'closed', 'shadow', 'auto', 'auto');

const just = <Name extends Step['do']>(name: Name) => fc.constant(name);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: just('advance'), ms }) },
  { weight: 4, arbitrary: fc.record({ do: just('wait') }) },
  { weight: 8, arbitrary: fc.record({ do: just('call'), outcome, by }) },
  { weight: 12, arbitrary: fc.record({ do: just('start'), as, by }) },
  { weight: 8, arbitrary: fc.record({ do: just('settle'), which: fc.nat(3), outcome }) },
  { weight: 1, arbitrary: fc.record({ do: just('force'), mode, by }) },
  { weight: 1, arbitrary: fc.record({ do: just('reset'), by }) },
);

const rates = {
  minimumCalls: fc.integer({ min: 1, max: 4 }),
  failureRate: fc.constantFrom(0.25, 1 / 3, 0.5, 0.75, 1),
  slowRate: fc.option(fc.constantFrom(0.5, 1), { nil: undefined }),
};

const window = fc.oneof(
  fc.constant(undefined),
  fc.record({ calls: fc.integer({ min: 4, max: 12 }), ...rates }),
  fc.record({ duration: fc.integer({ min: 10, max: 300 }), ...rates }),
);

const policy: fc.Arbitrary<ModelPolicy> = fc
  .record({
    threshold: fc.integer({ min: 1, max: 3 }),
    onlyWindow: fc.boolean(),
    successThreshold: fc.integer({ min: 1, max: 3 }),
    initialDelay: fc.integer({ min: 1, max: 60 }),
    factor: fc.constantFrom(1, 1.5, 2, 3),
    permits: fc.integer({ min: 1, max: 3 }),
    permitTimeout: fc.integer({ min: 1, max: 60 }),
    slowCallDuration: fc.integer({ min: 1, max: 60 }),
    window,
  })
  .map(({ threshold, onlyWindow, slowCallDuration, ...rest }) => ({
    ...rest,
    failureThreshold: onlyWindow && rest.window !== undefined ? Infinity : threshold,
    maxDelay: rest.initialDelay * 10,
    slowCallDuration: rest.window?.slowRate === undefined ? undefined : slowCallDuration,
  }));

/** The policy as a user writes it. */
function written(model: ModelPolicy): CircuitBreakerPolicy {
  const { failureThreshold, successThreshold, permits, permitTimeout, slowCallDuration } = model;
  const { initialDelay, factor, maxDelay } = model;
  const policyOf = {
    key: 'model',
    failureThreshold: failureThreshold === Infinity ? undefined : failureThreshold,
    successThreshold,
    resetTimeout: factor === 1 ? initialDelay : { initialDelay, factor, maxDelay },
    halfOpen: { permits, permitTimeout },
    window: model.window,
    slowCallDuration,
    excludedErrors: Neutral,
    // A refused call says so at once, whatever calls before it gave.
    async: false,
  };
  return policyOf as unknown as CircuitBreakerPolicy;
}

const errorOf = (failing: Outcome): Error => (failing === 'failure' ? new Error('down') : new Neutral());

/** A call that ends at once; whether it was admitted. */
function call(breaker: CircuitBreaker, ending: Outcome): boolean {
  const { status } = breaker.tryCall(() => {
    if (ending !== 'success') throw errorOf(ending);
  });
  return status !== 'refused';
}

/** A call that ends later; undefined where it was refused. */
function start(breaker: CircuitBreaker, as: 'promise' | 'permit'): InFlight['settle'] | undefined {
  return as === 'promise' ? startPromise(breaker) : startPermit(breaker);
}

function startPromise(breaker: CircuitBreaker): InFlight['settle'] | undefined {
  let settle: ((ending: Outcome) => void) | undefined;
  const ended = breaker.tryCall(
    () =>
      new Promise<void>((resolve, reject) => {
        settle = (ending) => (ending === 'success' ? resolve() : reject(errorOf(ending)));
      }),
  );
  const end = settle;
  return end && (async (ending) => (end(ending), ended));
}

function startPermit(breaker: CircuitBreaker): InFlight['settle'] | undefined {
  try {
    const permit = breaker.acquire();
    return (ending) => {
      if (ending === 'success') permit.succeed();
      else if (ending === 'failure') permit.fail(errorOf(ending));
      else permit.ignore();
    };
  } catch {
    return undefined;
  }
}

/** Takes each step in a circuit that two breakers share, and in the model, and compares them after it. */
async function walk(modelPolicy: ModelPolicy, steps: readonly Step[]): Promise<void> {
  const clock = new ManualClock(1_000);
  const panel = new Panel({ circuits: 4, memory: 2 ** 15, clock });
  const breakers = [1, 2].map(() => new CircuitBreaker(written(modelPolicy), { panel }));
  const breakerOf = (index: number): CircuitBreaker => breakers[index];
  const model = new ReferenceModel(modelPolicy);
  const inFlight: InFlight[] = [];
  for (const next of steps) {
    switch (next.do) {
      case 'advance':
      case 'wait': {
        const ms = next.do === 'advance' ? next.ms : (breakerOf(0).snapshot().retryAfter ?? 0);
        clock.advance(ms);
        model.advance(ms);
        break;
      }
      case 'call': {
        const permit = model.start();
        same({ admitted: call(breakerOf(next.by), next.outcome) }, { admitted: permit !== undefined });
        if (permit) model.settle(permit, next.outcome);
        break;
      }
      case 'start': {
        const permit = model.start();
        const settle = start(breakerOf(next.by), next.as);
        same({ admitted: settle !== undefined }, { admitted: permit !== undefined });
        if (permit && settle) inFlight.push({ permit, settle });
        break;
      }
      case 'settle': {
        for (const ending of inFlight.splice(next.which % Math.max(1, inFlight.length), 1)) {
          model.settle(ending.permit, next.outcome);
          await ending.settle(next.outcome);
        }
        break;
      }
      case 'force':
        model.force(next.mode);
        breakerOf(next.by).force(next.mode);
        break;
      case 'reset':
        model.reset();
        breakerOf(next.by).reset();
    }
    compare(breakerOf(0), model);
  }
}

function compare(breaker: CircuitBreaker, model: ReferenceModel): void {
  if (model.isLapsed) {
    same(['half-open', 'open', 'shadow'].includes(breaker.state), true);
    return;
  }
  const { state, shadow, failures, successes, retryAfter, window: totals } = breaker.snapshot();
  same({ state, shadow, failures, successes, retryAfter, window: totals }, model.observed());
}

/** `expect` takes longer than the circuit: it is asked only when there is something to show. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

it('a circuit does what the reference model does, whatever is done to it', async () => {
  await fc.assert(
    fc.asyncProperty(policy, fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), walk),
    {
      numRuns: 1_500,
    },
  );
}, 30_000);
