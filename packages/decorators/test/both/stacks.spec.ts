import { isDeepStrictEqual } from 'node:util';
import { expect, it } from '@jest/globals';
import {
  type CircuitBreakerPolicy,
  circuits,
  type RetryPolicy,
  withCircuitBreaker,
  withRetry,
} from '@switchgear/core';
import { circuitOf, CircuitBreaker, policiesOf, Retry } from '@switchgear/decorators';
import fc from 'fast-check';
import { composed } from '../support/composed.js';
import { manualCircuits } from '../support/manual-circuits.js';
import { outcomeOf } from '../support/outcome-of.js';

const { advance } = manualCircuits();

type Layer =
  | { readonly kind: 'retry'; readonly policy: RetryPolicy }
  | { readonly kind: 'circuit-breaker'; readonly key: string; readonly policy: CircuitBreakerPolicy };

/** What a call of the method does at each attempt; after the last one it succeeds. */
type Step =
  | { readonly do: 'call'; readonly attempts: readonly boolean[] }
  | { readonly do: 'advance'; readonly ms: number };

type Method = (this: object, attempts: boolean[]) => Promise<string>;

const retry = fc.record({
  kind: fc.constant('retry' as const),
  policy: fc.record({ maxRetries: fc.nat(2), initialDelay: fc.constant(0) }),
});
const breaker = fc.record({
  kind: fc.constant('circuit-breaker' as const),
  key: fc.constantFrom('a', 'b', 'c'),
  policy: fc.record({
    failureThreshold: fc.integer({ min: 1, max: 4 }),
    successThreshold: fc.integer({ min: 1, max: 2 }),
    resetTimeout: fc.constantFrom(10, 30),
  }),
});
const layers: fc.Arbitrary<Layer[]> = fc.uniqueArray(fc.oneof(retry, breaker), {
  maxLength: 4,
  selector: (layer) => ('key' in layer ? layer.key : layer),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('call' as const),
        attempts: fc.array(fc.boolean(), { maxLength: 6 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(40) }) },
  ),
  { maxLength: 20 },
);

/** One attempt: it takes the first of the outcomes that are left. */
async function attempt(this: { made: number }, attempts: boolean[]): Promise<string> {
  this.made++;
  if (attempts.shift() ?? true) return `attempt ${this.made}`;
  throw new Error(`attempt ${this.made}`);
}

function decorated(stack: readonly Layer[], prefix: string): Method {
  const stacked = composed(
    ...stack.map((layer) =>
      layer.kind === 'retry'
        ? Retry(layer.policy)
        : CircuitBreaker({ ...layer.policy, key: `${prefix} ${layer.key}` }),
    ),
  );
  class Service {
    made = 0;

    @stacked
    async load(attempts: boolean[]): Promise<string> {
      return Reflect.apply(attempt, this, [attempts]);
    }
  }
  expect(policiesOf(Service, 'load').map(({ kind }) => kind)).toEqual(stack.map(({ kind }) => kind));
  const outermost = stack.find((layer) => layer.kind === 'circuit-breaker');
  expect(circuitOf(Service, 'load')?.key).toBe(
    outermost === undefined ? undefined : `${prefix} ${outermost.key}`,
  );
  const service = new Service();
  return (attempts) => service.load(attempts);
}

function wrapped(stack: readonly Layer[], prefix: string): Method {
  const service = { made: 0 };
  const fn = stack.reduceRight<(this: { made: number }, attempts: boolean[]) => Promise<string>>(
    (inner, layer) =>
      layer.kind === 'retry'
        ? withRetry(layer.policy)(inner)
        : withCircuitBreaker({ ...layer.policy, key: `${prefix} ${layer.key}` })(inner),
    attempt,
  );
  return (attempts) => Reflect.apply(fn, service, [attempts]);
}

/** What is seen of a stack from outside: what calls come to, and what circuits say. */
async function historyOf(method: Method, stack: readonly Layer[], prefix: string, todo: readonly Step[]) {
  const history: unknown[] = [];
  for (const step of todo) {
    if (step.do === 'advance') {
      advance(step.ms);
      continue;
    }
    const attempts = [...step.attempts];
    history.push(await outcomeOf(() => Reflect.apply(method, {}, [attempts])), attempts.length);
    for (const layer of stack) {
      if (layer.kind === 'retry') continue;
      const { state, failures, successes } = circuits.get(`${prefix} ${layer.key}`).snapshot();
      history.push([state, failures, successes]);
    }
  }
  return history;
}

it('a stack of decorators does what the function forms do that are put together in its order', async () => {
  await fc.assert(
    fc.asyncProperty(layers, steps, async (stack, todo) => {
      const [ours, theirs] = [decorated(stack, 'decorated'), wrapped(stack, 'wrapped')];
      const seen = await historyOf(ours, stack, 'decorated', todo);
      const expected = await historyOf(theirs, stack, 'wrapped', todo);
      for (const key of circuits.keys()) {
        circuits.get(key).reset();
        circuits.remove(key);
      }
      return isDeepStrictEqual(seen, expected);
    }),
    { numRuns: 200 },
  );
}, 30_000);
