import { expectTypeOf } from 'expect-type';
import { type Policy, withDeadline, withTimeout } from '@switchgear/core';

const timed = withTimeout('5s');
const bounded = withDeadline({ deadline: 10_000 });
expectTypeOf(timed).toEqualTypeOf<Policy<true>>();
expectTypeOf(bounded).toEqualTypeOf<Policy<true>>();

const load = async (id: string, retries?: number): Promise<number> => id.length + (retries ?? 0);
expectTypeOf(timed(load)).toEqualTypeOf<typeof load>();
expectTypeOf(bounded.wrap(timed(load))).toEqualTypeOf<typeof load>();

// A sync function gets a promise of its result.
expectTypeOf(timed((id: string) => id.length)).returns.toEqualTypeOf<Promise<number>>();

async function* items(count: number): AsyncGenerator<number> {
  yield count;
}
expectTypeOf(timed(items)).toEqualTypeOf<typeof items>();

// @ts-expect-error a timeout has a unit
withTimeout('5');
// @ts-expect-error the timeout is required
withTimeout({});
// @ts-expect-error a deadline is no timeout
withTimeout({ deadline: '5s' });
// @ts-expect-error the deadline is required
withDeadline();
