import {
  attemptsOf,
  type Attempts,
  type AttemptOutcome,
  retry,
  type RetryPolicy,
  withRetry,
} from '@switchgear/core';
import { expectTypeOf } from 'expect-type';

interface Point {
  readonly x: number;
}
declare const lookup: (address: string, zoom?: number) => Promise<Point>;
declare const query: (table: string) => PromiseLike<Point>;
declare function firstLater<T>(items: readonly T[]): Promise<T>;
declare function parse(text: string): Promise<number>;
declare function parse(text: string, radix: number): Promise<bigint>;
declare function balance(this: Point, currency: string): Promise<number>;
declare function sync(text: string): number;

// withRetry: the function as it was, generics, overloads and `this` included.
expectTypeOf(withRetry()(lookup)).toEqualTypeOf<typeof lookup>();
expectTypeOf(withRetry()(firstLater)(['a'])).toEqualTypeOf<Promise<string>>();
expectTypeOf(withRetry()(parse)('7')).toEqualTypeOf<Promise<number>>();
expectTypeOf(withRetry()(parse)('7', 2)).toEqualTypeOf<Promise<bigint>>();
expectTypeOf(withRetry()(balance)).thisParameter.toEqualTypeOf<Point>();
// But for a thenable, which is adopted.
expectTypeOf(withRetry()(query)).toEqualTypeOf<(this: unknown, table: string) => Promise<Point>>();

// retry: a promise of what the function gives.
expectTypeOf(retry(() => lookup('here'))).toEqualTypeOf<Promise<Point>>();
expectTypeOf(retry(() => 7)).toEqualTypeOf<Promise<number>>();
expectTypeOf(retry((): number | Promise<string> => 7)).toEqualTypeOf<Promise<number | string>>();

expectTypeOf(attemptsOf(new Error())).toEqualTypeOf<Attempts | undefined>();

// Policies that are right.
expectTypeOf<{ maxRetries: 3; initialDelay: '1.5s'; jitter: 'equal' }>().toExtend<RetryPolicy>();
expectTypeOf<{ retryOn: [typeof RangeError, (error: unknown) => boolean] }>().toExtend<RetryPolicy>();
withRetry({ retryIf: (outcome) => outcome.status === 'succeeded' && outcome.value === null });
expectTypeOf<Parameters<NonNullable<RetryPolicy['retryIf']>>[0]>().toEqualTypeOf<
  Exclude<AttemptOutcome, { status: 'refused' }>
>();

// A sync function has to wait too, and so returns a promise.
expectTypeOf(withRetry()(sync)).returns.toEqualTypeOf<Promise<ReturnType<typeof sync>>>();
expectTypeOf(withRetry().waits).toEqualTypeOf<true>();
expectTypeOf(withRetry().wrap(lookup)).toEqualTypeOf<typeof lookup>();
// @ts-expect-error the address is a text
void withRetry()(lookup)(7);
// @ts-expect-error a misspelt field
withRetry({ retries: 5 });
// @ts-expect-error a misspelt jitter
withRetry({ jitter: 'half' });
// @ts-expect-error weeks are no unit
withRetry({ maxDelay: '2w' });
// @ts-expect-error it answers at once
withRetry({ retryIf: async () => true });
// @ts-expect-error a signal, not its controller
withRetry({ signal: new AbortController() });
// @ts-expect-error the delay is a number
withRetry({ onRetry: (error: unknown, attempt: number, delay: string) => [error, attempt, delay] });
