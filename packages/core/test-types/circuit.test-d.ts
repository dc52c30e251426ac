import type { RefusalError } from '@switchgear/core';
import {
  CircuitBreaker,
  type CircuitBreakerPolicy,
  type CircuitEvent,
  circuits,
  type CircuitState,
  type Outcome,
  type Permit,
  withCircuitBreaker,
} from '@switchgear/core';
import { expectTypeOf } from 'expect-type';

const breaker = new CircuitBreaker();

interface Point {
  readonly x: number;
}
declare const lookup: (address: string, zoom?: number) => Promise<Point>;
declare const query: (table: string) => PromiseLike<Point>;
declare function first<T>(items: readonly T[]): T;
declare function firstLater<T>(items: readonly T[]): Promise<T>;
declare function parse(text: string): number;
declare function parse(text: string, radix: number): bigint;
declare function balance(this: Point, currency: string): number;

// call: what the function returns, and nothing else.
expectTypeOf(breaker.call(() => 1)).toEqualTypeOf<number>();
expectTypeOf(breaker.call(async () => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(breaker.call(lookup, 'here')).toEqualTypeOf<Promise<Point>>();
expectTypeOf(breaker.call(lookup, 'here', 3)).toEqualTypeOf<Promise<Point>>();
expectTypeOf(breaker.call(query, 'points')).toEqualTypeOf<Promise<Point>>();
expectTypeOf(() => breaker.call(() => {})).returns.toBeVoid();
expectTypeOf(breaker.call((): number | Promise<string> => 1)).toEqualTypeOf<number | Promise<string>>();
expectTypeOf(breaker.call(first<string>, ['a'])).toEqualTypeOf<string>();

// wrap: the function as it was, generics, overloads and `this` included.
expectTypeOf(breaker.wrap(lookup)).toEqualTypeOf<typeof lookup>();
expectTypeOf(breaker.wrap(first)([1])).toEqualTypeOf<number>();
expectTypeOf(breaker.wrap(firstLater)(['a'])).toEqualTypeOf<Promise<string>>();
expectTypeOf(breaker.wrap(parse)('7')).toEqualTypeOf<number>();
expectTypeOf(breaker.wrap(parse)('7', 2)).toEqualTypeOf<bigint>();
expectTypeOf(breaker.wrap(balance)).thisParameter.toEqualTypeOf<Point>();
expectTypeOf(breaker.wrap(balance)).parameters.toEqualTypeOf<[string]>();
// But for a thenable, which is adopted.
expectTypeOf(breaker.wrap(query)).toEqualTypeOf<(this: unknown, table: string) => Promise<Point>>();

// tryCall: an outcome, or a promise of one.
expectTypeOf(breaker.tryCall(() => 1)).toEqualTypeOf<Outcome<number>>();
expectTypeOf(breaker.tryCall(async () => 1)).toEqualTypeOf<Promise<Outcome<number>>>();
expectTypeOf(breaker.tryCall(query, 'points')).toEqualTypeOf<Promise<Outcome<Point>>>();
const outcome = breaker.tryCall(() => 1);
if (outcome.status === 'succeeded') expectTypeOf(outcome.value).toEqualTypeOf<number>();
if (outcome.status === 'failed') expectTypeOf(outcome.error).toEqualTypeOf<unknown>();
if (outcome.status === 'refused') expectTypeOf(outcome.error).toEqualTypeOf<RefusalError>();

// withCircuitBreaker: the same as wrap, of a policy, a key or a breaker.
expectTypeOf(withCircuitBreaker({ failureThreshold: 3 })(lookup)).toEqualTypeOf<typeof lookup>();
expectTypeOf(withCircuitBreaker('geo')(firstLater)(['a'])).toEqualTypeOf<Promise<string>>();
expectTypeOf(withCircuitBreaker(breaker)(balance)).thisParameter.toEqualTypeOf<Point>();

// The rest.
expectTypeOf(breaker.acquire()).toEqualTypeOf<Permit>();
expectTypeOf(breaker.state).toEqualTypeOf<CircuitState>();
expectTypeOf(circuits.get('geo', { failureThreshold: 3 })).toEqualTypeOf<CircuitBreaker>();
expectTypeOf<Parameters<CircuitBreaker['subscribe']>[0]>().parameter(0).toEqualTypeOf<CircuitEvent>();
expectTypeOf(breaker.subscribe(() => {})).toEqualTypeOf<() => void>();
{
  using permit = breaker.acquire();
  permit.succeed({ any: 'result' });
}

// Policies that are right.
expectTypeOf<{ resetTimeout: '1.5m' }>().toExtend<CircuitBreakerPolicy>();
expectTypeOf<{ resetTimeout: 1_500 }>().toExtend<CircuitBreakerPolicy>();
expectTypeOf<{ resetTimeout: { initialDelay: '1s'; maxDelay: '5m' } }>().toExtend<CircuitBreakerPolicy>();
expectTypeOf<{ window: { calls: 100; failureRate: 0.3 } }>().toExtend<CircuitBreakerPolicy>();
expectTypeOf<{ window: { duration: '10s' }; slowCallDuration: '2s' }>().toExtend<CircuitBreakerPolicy>();
expectTypeOf<{ expectedErrors: typeof TypeError }>().toExtend<CircuitBreakerPolicy>();
expectTypeOf<{
  excludedErrors: [typeof RangeError, (error: unknown) => boolean];
}>().toExtend<CircuitBreakerPolicy>();

// Arguments that do not fit.
// @ts-expect-error the address is a text
void breaker.call(lookup, 7);
// @ts-expect-error an argument is missing
void breaker.call(lookup);
// @ts-expect-error an argument too many
void breaker.call(lookup, 'here', 3, 'more');
// @ts-expect-error no function
breaker.call('lookup');
// @ts-expect-error no function
breaker.wrap(lookup('here'));
// @ts-expect-error the address is a text
void breaker.wrap(lookup)(7);
// @ts-expect-error an argument is missing
void breaker.tryCall(query);
// @ts-expect-error its `this` is no point
breaker.wrap(balance).call({ y: 1 }, 'EUR');
// @ts-expect-error a value only where the call succeeded
expectTypeOf(outcome.value).toBeNumber();

// Policies that are wrong.
// @ts-expect-error a misspelt field
new CircuitBreaker({ failureTreshold: 5 });
// @ts-expect-error a count is a number
new CircuitBreaker({ failureThreshold: '5' });
// @ts-expect-error a number as text has no unit
new CircuitBreaker({ resetTimeout: '30' });
// @ts-expect-error weeks are no unit
new CircuitBreaker({ resetTimeout: '2w' });
// @ts-expect-error a growing timeout starts somewhere
new CircuitBreaker({ resetTimeout: { factor: 2 } });
// @ts-expect-error calls or a duration, not both
new CircuitBreaker({ window: { calls: 100, duration: '10s' } });
// @ts-expect-error calls or a duration, not neither
new CircuitBreaker({ window: { failureRate: 0.5 } });
// @ts-expect-error misspelt, within
new CircuitBreaker({ window: { calls: 100, failurRate: 0.5 } });
// @ts-expect-error a window is an object
new CircuitBreaker({ window: 100 });
// @ts-expect-error misspelt, within
new CircuitBreaker({ halfOpen: { permit: 1 } });
// @ts-expect-error a class or a predicate, not a name
new CircuitBreaker({ expectedErrors: 'TypeError' });
// @ts-expect-error a class of errors
new CircuitBreaker({ expectedErrors: Date });
// @ts-expect-error a predicate answers at once
new CircuitBreaker({ excludedErrors: async (error: unknown) => error instanceof TypeError });
// @ts-expect-error it answers at once
new CircuitBreaker({ isFailure: async () => true });
// @ts-expect-error its first argument is a count
new CircuitBreaker({ onOpen: (failures: string) => failures });
// @ts-expect-error a misspelt field
withCircuitBreaker({ resetTimeOut: 5 });
// @ts-expect-error a misspelt field
circuits.get('geo', { key: 'geo', treshold: 5 });

// Commands that are wrong.
// @ts-expect-error a misspelt mode
breaker.force('opne');
// @ts-expect-error a mode is not a state
breaker.force('forced-open');
// @ts-expect-error a misspelt mode
circuits.force('geo', 'opne');
// @ts-expect-error no function
breaker.subscribe('log');
// @ts-expect-error a state is read, not written
breaker.state = 'open';
// @ts-expect-error a failure has an error
breaker.acquire().fail();
