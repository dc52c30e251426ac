import { pipeline, withCircuitBreaker, withDeadline, withRetry, withTimeout } from '@switchgear/core';
import { expectTypeOf } from 'expect-type';

const load = async (id: number, name?: string): Promise<string> => `${id} ${name ?? ''}`;
const twice = (n: number): number => n * 2;

// The function keeps its type, and a sync one gives a promise where a policy may wait.
expectTypeOf(pipeline(withRetry(), withCircuitBreaker())(load)).toEqualTypeOf<typeof load>();
expectTypeOf(pipeline(withCircuitBreaker(), withCircuitBreaker())(twice)).toEqualTypeOf<typeof twice>();
expectTypeOf(pipeline(withDeadline('5s'), withCircuitBreaker())(twice)).toEqualTypeOf<
  (n: number) => Promise<number>
>();
expectTypeOf(pipeline(withCircuitBreaker(), withTimeout('1s'), { warn: false })(twice)).toEqualTypeOf<
  (n: number) => Promise<number>
>();
expectTypeOf(pipeline({ circuit: {} })(twice)).toEqualTypeOf<typeof twice>();
expectTypeOf(pipeline({ circuit: {}, timeout: '1s' })(twice)).toEqualTypeOf<(n: number) => Promise<number>>();
expectTypeOf(pipeline({ bulkhead: 5 })(twice)).toEqualTypeOf<typeof twice>();
expectTypeOf(pipeline({ bulkhead: { maxConcurrent: 5, maxQueue: 9 } })(twice)).toEqualTypeOf<
  (n: number) => Promise<number>
>();
expectTypeOf(pipeline({ retry: {} }).waits).toEqualTypeOf<true>();

// @ts-expect-error -- no such part
pipeline({ retries: 3 });
// @ts-expect-error -- a function is no object of parts
pipeline(load);
// @ts-expect-error -- a pipeline of nothing guards nothing
pipeline();
