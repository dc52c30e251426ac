import {
  type AbortSignalLike,
  attemptsOf,
  type Attempts,
  type AttemptOutcome,
  type Execution,
  execution,
  type GaveUp,
  type GiveUpNotice,
  type Outcome,
  type RefusalError,
  retry,
  type RetryNotice,
  type RetryPolicy,
  stopRetrying,
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
// @ts-expect-error it hears one object
withRetry({ onRetry: (error: unknown, attempt: number, delay: number) => [error, attempt, delay] });
// @ts-expect-error a list, or a function
withRetry({ delays: '5s' });
// @ts-expect-error a duration, at once
withRetry({ delays: async () => 5 });
// @ts-expect-error a misspelt growth
withRetry({ growth: 'quadratic' });

// Hooks are told what happened in one object.
expectTypeOf<RetryNotice<Point>['outcome']>().toEqualTypeOf<AttemptOutcome<Point>>();
expectTypeOf<GiveUpNotice['gaveUp']>().toEqualTypeOf<GaveUp>();
expectTypeOf<AttemptOutcome<Point>>().toEqualTypeOf<Outcome<Point>>();
withRetry({
  onRetry({ outcome, retriesLeft }) {
    expectTypeOf(retriesLeft).toEqualTypeOf<number>();
    if (outcome.status === 'refused') expectTypeOf(outcome.error).toEqualTypeOf<RefusalError>();
  },
});
// The functions of a policy of retry know the result.
void retry(() => lookup('here'), {
  retryIf: (outcome) => outcome.status === 'succeeded' && outcome.value.x === 0,
  onGiveUp: ({ outcome }) => outcome.status === 'succeeded' && outcome.value.x,
});
// @ts-expect-error the result has no y
void retry(() => lookup('here'), { retryIf: (outcome) => outcome.status === 'succeeded' && outcome.value.y });

// Delays as a list, or a function.
expectTypeOf<{ delays: ['10ms', 200]; jitter: 'none' }>().toExtend<RetryPolicy>();
withRetry({ delays: (retry, outcome) => (outcome.status === 'failed' ? retry * 10 : '1s') });
withRetry({ growth: 'linear', maxRetryAfter: '1m' });

// A signal of any make.
declare const polyfilled: {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: (this: Point, event: unknown) => unknown): void;
  removeEventListener(type: 'abort', listener: (this: Point, event: unknown) => unknown): void;
};
expectTypeOf<AbortSignal>().toExtend<AbortSignalLike>();
withRetry({ signal: polyfilled });
withRetry({ signal: new AbortController().signal });

// The attempt that runs.
void retry((own) => expectTypeOf(own).toEqualTypeOf<Execution>());
expectTypeOf(execution()).toEqualTypeOf<Execution>();
expectTypeOf(execution.orUndefined()).toEqualTypeOf<Execution | undefined>();
expectTypeOf(execution().signal).toEqualTypeOf<AbortSignal>();
expectTypeOf(execution().key).toEqualTypeOf<string | undefined>();

// An error that ends a retry keeps its type.
expectTypeOf(stopRetrying(new RangeError())).toEqualTypeOf<RangeError>();
expectTypeOf(stopRetrying('gone')).toEqualTypeOf<Error>();
