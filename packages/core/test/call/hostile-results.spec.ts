import { describe, expect, it } from '@jest/globals';
import {
  execution,
  pipeline,
  withBulkhead,
  withCircuitBreaker,
  withDeadline,
  withRetry,
  withTimeout,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';

type Guard = (fn: () => unknown) => () => unknown;

const policies: readonly (readonly [string, Guard])[] = [
  ['a timeout', (fn) => withTimeout('1s')(fn)],
  ['a deadline', (fn) => withDeadline('1s')(fn)],
  ['a retry', (fn) => withRetry({ maxRetries: 0 })(fn)],
  ['a circuit', (fn) => withCircuitBreaker()(fn)],
  ['a bulkhead', (fn) => withBulkhead(1)(fn)],
  ['a bulkhead with a queue', (fn) => withBulkhead({ maxConcurrent: 1, maxQueue: 1 })(fn)],
  ['a pipeline that races', (fn) => pipeline(withRetry({ maxRetries: 0 }), withTimeout('1s'))(fn)],
  ['a pipeline', (fn) => pipeline(withRetry({ maxRetries: 0 }), withCircuitBreaker())(fn)],
];

/** As the query of a database client: it runs each time that `then` is called. */
class LazyQuery {
  runs = 0;

  then<A, B>(onRows: (rows: string) => A, onError: (error: unknown) => B): PromiseLike<A | B> {
    this.runs++;
    return Promise.resolve('rows').then(onRows, onError);
  }
}

const hostile = (): object => ({
  get then(): never {
    throw new Error('no then');
  },
});

const outcomeOf = async (call: () => unknown): Promise<unknown> => {
  try {
    return await call();
  } catch (error) {
    return error;
  }
};

describe.each(policies)('under %s', (_, guard) => {
  it('a lazy query runs once, also where its execution was asked for', async () => {
    const query = new LazyQuery();
    const guarded = guard(() => {
      execution();
      return query;
    });
    expect(await guarded()).toBe('rows');
    expect(query.runs).toBe(1);
  });

  it('a result whose `then` cannot be read ends the call and its execution', async () => {
    const guarded = guard(() => {
      execution();
      return hostile();
    });
    expect(await outcomeOf(guarded)).toEqual(new Error('no then'));
    expect(execution.orUndefined()).toBeUndefined();
  });
});

describe.each([
  ['a timeout', withTimeout('5s')],
  ['a deadline', withDeadline('5s')],
  ['a pipeline', pipeline(withRetry({ maxRetries: 0 }), withTimeout('5s'))],
])('under %s', (_, policy) => {
  it('a result whose `then` cannot be read rejects, and is not thrown', async () => {
    const result = policy(hostile)() as Promise<unknown>;
    await expect(result).rejects.toThrow('no then');
  });
});

it('a function whose name cannot be read loses its time as any other', async () => {
  const clock = new ManualClock();
  const hang = (): Promise<never> => new Promise(() => undefined);
  Object.defineProperty(hang, 'name', {
    get(): never {
      throw new Error('no name');
    },
  });
  const calls = [withTimeout(10, { clock })(hang)(), withDeadline(10, { clock })(hang)()];
  const ended = Promise.allSettled(calls);
  clock.advance(10);
  expect(await ended).toMatchObject([
    { reason: { code: 'ERR_TIMEOUT' } },
    { reason: { code: 'ERR_DEADLINE' } },
  ]);
});
