import { describe, expect, it } from '@jest/globals';
import {
  CircuitBreaker,
  execution,
  isPolicyError,
  pipeline,
  type Policy,
  withCircuitBreaker,
  withRetry,
  withTimeout,
} from '@switchgear/core';
import { stackOf } from '@switchgear/core/kit';
import { orderFaults } from '../../src/pipeline/order-faults.js';
import { heardWarnings } from '../support/heard-warnings.js';

const load = async (id: number): Promise<string> => `user ${id}`;
const kindsOf = (fn: object): readonly string[] => stackOf(fn).map(({ kind }) => kind);

describe('a pipeline', () => {
  it('keeps the order in which its policies are written, outermost first', () => {
    const breaker = new CircuitBreaker();
    expect(kindsOf(pipeline(withRetry(), withCircuitBreaker(breaker))(load))).toEqual([
      'retry',
      'circuit-breaker',
    ]);
    expect(kindsOf(pipeline(withCircuitBreaker(breaker), withRetry())(load))).toEqual([
      'circuit-breaker',
      'retry',
    ]);
  });

  it('of an object has the safe order, whatever the order of the keys', () => {
    const guarded = pipeline({ timeout: '1s', circuit: {}, bulkhead: 5, retry: {}, deadline: '9s' })(load);
    expect(kindsOf(guarded)).toEqual(['deadline', 'retry', 'bulkhead', 'circuit-breaker', 'timeout']);
  });

  it('may be a part of another one', () => {
    const inner = pipeline(withRetry(), withCircuitBreaker());
    expect(kindsOf(pipeline(withCircuitBreaker(), inner)(load))).toEqual([
      'circuit-breaker',
      'retry',
      'circuit-breaker',
    ]);
  });

  it('keeps the name, the length and the `this` of the function', async () => {
    const guarded = pipeline(
      withRetry(),
      withCircuitBreaker(),
    )(async function lookup(this: { readonly prefix: string }, id: number) {
      return `${this.prefix} ${id}`;
    });
    expect([guarded.name, guarded.length]).toEqual(['lookup', 1]);
    expect(await guarded.call({ prefix: 'user' }, 7)).toBe('user 7');
  });

  it('lets a sync function stay sync where no policy waits', () => {
    const twice = pipeline(withCircuitBreaker(), withCircuitBreaker())((n: number) => n * 2);
    expect(twice(2)).toBe(4);
  });

  it('says where it was given something that is no policy', () => {
    expect(() => pipeline(withRetry(), load as never)).toThrow(
      /expected policies, such as withRetry\(\).*in place 2/,
    );
    expect(() => (pipeline as () => unknown)()).toThrow('pipeline: expected at least one policy');
  });

  it('names the fault of a misspelt option, and keeps no silence by it', () => {
    expect(() => pipeline(withRetry(), { wran: false } as never)).toThrow('did you mean "warn"?');
    expect(() => pipeline(withRetry(), { warn: 0 } as never)).toThrow('warn: received 0');
  });

  it('says which policy has returned no function', () => {
    const log = Object.assign(() => undefined, { kind: 'log', waits: false });
    const policy = pipeline(withRetry(), log as never);
    expect(() => policy(load)).toThrow('the policy of kind "log" to return a function, received undefined');
  });

  it('names all faults of its parts at once, each with its place', () => {
    const faulty = { retry: { maxRetries: -1 }, circuit: { failureThreshold: 0 }, retries: 3 };
    try {
      pipeline(faulty as never);
      throw new Error('no fault was found');
    } catch (error) {
      if (!isPolicyError(error)) throw error;
      expect(error.faults.map(({ path }) => path)).toEqual([
        'retries',
        'retry.maxRetries',
        'circuit.failureThreshold',
      ]);
    }
  });

  it('without parts is refused', () => {
    expect(() => pipeline({})).toThrow('at least one of');
  });
});

describe('an order that harms', () => {
  it.each<[outer: string, inner: string, reason: RegExp]>([
    ['bulkhead', 'retry', /keeps its permit while it waits/],
    ['bulkhead', 'hedge', /keeps its permit while it waits/],
    ['rate-limit', 'retry', /only the first attempt is counted/],
    ['timeout', 'retry', /all attempts together have the time of one/],
    ['circuit-breaker', 'bulkhead', /time in a queue counts as a slow call/],
    ['circuit-breaker', 'rate-limit', /time in a queue counts as a slow call/],
    ['retry', 'retry', /the attempts multiply/],
  ])('%s around %s has a reason', (outer, inner, reason) => {
    expect(orderFaults([outer, inner])).toEqual([expect.stringMatching(reason)]);
    expect(orderFaults([outer, 'fallback', inner])).toHaveLength(1);
    if (outer !== inner) expect(orderFaults([inner, outer])).toEqual([]);
  });

  it('is none for a timeout around a retry that has a deadline as well', () => {
    expect(orderFaults(['deadline', 'timeout', 'retry'])).toEqual([]);
  });

  it('is a warning with the reason, once for each line of code, and none if it is turned off', () => {
    const heard = heardWarnings();
    for (let i = 0; i < 3; i++) pipeline(withRetry(), withRetry());
    pipeline(withRetry(), withRetry(), { warn: false });
    expect(heard).toEqual([
      expect.stringMatching(/the pipeline at .*order\.spec\.ts.*the attempts multiply/),
    ]);
  });

  it('is found between the pipeline and the policies that guard the function already', () => {
    const heard = heardWarnings();
    const policy = pipeline(withRetry(), withCircuitBreaker());
    expect(heard).toEqual([]);
    policy(withRetry()(load));
    expect(heard).toHaveLength(1);
  });
});

describe("a user's own policy in the middle", () => {
  it('ends the compiled part, and guards as it did', async () => {
    const calls: string[] = [];
    const noted = Object.assign(
      (fn: (...args: never[]) => unknown) =>
        (...args: never[]) => {
          calls.push('noted');
          return fn(...args);
        },
      { kind: 'noted', waits: false },
    ) as unknown as Policy;
    const guarded = pipeline(
      withRetry(),
      withCircuitBreaker(),
      noted,
      withCircuitBreaker(),
      withCircuitBreaker(),
    )(load);
    expect(await guarded(1)).toBe('user 1');
    expect(calls).toEqual(['noted']);
  });

  it('leaves the policies inside and around it one stack: its attempts, its key and its signals', async () => {
    const seen: unknown[] = [];
    const plain = Object.assign(
      (fn: (...args: never[]) => unknown) =>
        (...args: never[]) =>
          fn(...args),
      {
        kind: 'plain',
        waits: false,
      },
    ) as unknown as Policy;
    const guarded = pipeline(
      withRetry({ initialDelay: 0, maxRetries: 1 }),
      withCircuitBreaker({ key: 'around-a-policy', failureThreshold: 5 }),
      plain,
      withTimeout('10s'),
    )(async () => {
      const { attempt, key } = execution();
      seen.push([attempt, key]);
      if (attempt === 1) throw new Error('once');
      return attempt;
    });
    expect(await guarded()).toBe(2);
    expect(seen).toEqual([
      [1, 'around-a-policy'],
      [2, 'around-a-policy'],
    ]);
  });
});
