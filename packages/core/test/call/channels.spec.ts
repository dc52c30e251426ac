import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from '@jest/globals';
import {
  type AttemptMessage,
  Bulkhead,
  BulkheadFullError,
  type CallMessage,
  CircuitBreaker,
  execution,
  pipeline,
  type Policy,
  retry,
  type RetryMessage,
  type TransitionEvent,
  withBulkhead,
  withCircuitBreaker,
  withDeadline,
  withRetry,
  withTimeout,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import type { AnyFunction } from '../../src/call/guarded-function.js';
import { rejectionOf, turns } from '../support/attempts-to-make.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';
import { heardChannel, heardTracing } from '../support/heard-channels.js';
import { printed } from '../support/printed.js';

const calls = () => heardTracing<CallMessage>('switchgear:call');
const attempts = () => heardTracing<AttemptMessage>('switchgear:attempt');

const down = new Error('down');
const ASYNC = ['start', 'end', 'asyncStart', 'asyncEnd'];
const ASYNC_FAILED = ['start', 'end', 'error', 'asyncStart', 'asyncEnd'];

type Stack = <F extends AnyFunction>(policies: readonly Policy[], fn: F) => F;

const compiled: Stack = (policies, fn) =>
  pipeline(...(policies as [Policy]), { warn: false })(fn) as typeof fn;
const layerByLayer: Stack = (policies, fn) =>
  policies.reduceRight<AnyFunction>((inner, policy) => policy(inner), fn) as typeof fn;

describe.each([
  ['compiled', compiled],
  ['layer by layer', layerByLayer],
])('a stack, %s', (_, stack) => {
  it('publishes a call once, through its outermost policy, with the key of its circuit', async () => {
    const { breaker, clock } = circuit({ key: 'geo-api' });
    const heard = calls();
    const policies = [withRetry(), withCircuitBreaker(breaker), withTimeout('1s', { clock })];
    const lookup = stack(policies, async function lookup() {
      return 1;
    });
    expect(await lookup()).toBe(1);
    expect(heard.events).toEqual(ASYNC);
    expect(heard.messages).toEqual([{ policy: 'retry', key: 'geo-api', name: 'lookup' }]);
  });

  it('publishes the error that the caller gets', async () => {
    const { clock } = circuit();
    const heard = calls();
    const hanging = stack([withDeadline('1s', { clock }), withRetry()], () => new Promise<never>(() => {}));
    const ended = rejectionOf(hanging());
    clock.advance(1_000);
    const error = await ended;
    expect(heard.events).toEqual(ASYNC_FAILED);
    expect(heard.messages).toMatchObject([{ policy: 'deadline' }]);
    expect(heard.messages[0]?.error).toBe(error);
  });

  it('publishes each attempt with its number and its call, and each wait between them', async () => {
    const clock = new ManualClock();
    const [heardCalls, heard] = [calls(), attempts()];
    const waits = heardChannel<RetryMessage>('switchgear:retry');
    const policy = { maxRetries: 2, initialDelay: 100, jitter: 'none', maxElapsed: '1m' } as const;
    let made = 0;
    const lookup = stack([withRetry(policy, { clock }), withTimeout('1s', { clock })], async function find() {
      if (++made < 3) throw down;
      return made;
    });
    const found = lookup();
    await turns();
    clock.advance(100);
    await turns();
    clock.advance(200);
    expect(await found).toBe(3);
    const [call] = heardCalls.messages;
    expect(heard.messages).toEqual([
      { call, key: undefined, name: 'find', attempt: 1, error: down },
      { call, key: undefined, name: 'find', attempt: 2, error: down },
      { call, key: undefined, name: 'find', attempt: 3 },
    ]);
    expect(heard.events).toEqual([...ASYNC_FAILED, ...ASYNC_FAILED, ...ASYNC]);
    const wait = { policy: 'retry', call, key: undefined, error: down };
    expect(waits.messages).toEqual([
      { ...wait, attempt: 1, delay: 100, elapsed: 0 },
      { ...wait, attempt: 2, delay: 200, elapsed: 100 },
    ]);
    expect(heardCalls.events).toEqual(ASYNC);
  });

  it('publishes no attempt of a call that is refused, but the refusal', async () => {
    const { breaker } = circuit({ key: 'geo-api' });
    breaker.force('open');
    const [heardCalls, heard] = [calls(), attempts()];
    const refusals = heardChannel('switchgear:refusal');
    const lookup = stack([withRetry(), withCircuitBreaker(breaker)], async () => 1);
    const error = await rejectionOf(lookup());
    expect(heard.messages).toEqual([]);
    expect(refusals.messages).toMatchObject([
      { type: 'refusal', policy: 'circuit-breaker', key: 'geo-api', state: 'forced-open' },
    ]);
    expect(heardCalls.messages[0]?.error).toBe(error);
  });

  it('publishes what is sync without the async events', () => {
    const { breaker } = circuit({ key: 'sync' });
    const heard = calls();
    const guarded = stack([withCircuitBreaker(breaker), withBulkhead(3)], (fails: boolean) => {
      if (fails) throw down;
      return 1;
    });
    expect(guarded(false)).toBe(1);
    expect(() => guarded(true)).toThrow(down);
    expect(heard.events).toEqual(['start', 'end', 'start', 'error', 'end']);
  });

  it('publishes one call with a circuit for each key, also where the key function throws', async () => {
    const heard = calls();
    const keyed = withCircuitBreaker({
      key: (tenant: string) => {
        if (tenant === '') throw down;
        return `crm:${tenant}`;
      },
    }) as unknown as Policy;
    const load = stack([withRetry({ maxRetries: 0 }), keyed], async function load(tenant: string) {
      return `${tenant} ${execution().attempt}`;
    });
    expect(await load('a')).toBe('a 1');
    expect(await rejectionOf(load(''))).toBe(down);
    expect(heard.messages).toEqual([
      { policy: 'retry', key: 'crm:a', name: 'load' },
      { policy: 'retry', key: undefined, name: 'load', error: down },
    ]);
  });

  it('is published from the first subscription on, and not after the last subscriber has left', async () => {
    const { breaker } = circuit({ key: 'late' });
    const lookup = stack([withCircuitBreaker(breaker), withBulkhead(3)], async () => 1);
    await lookup();
    const [one, other] = [calls(), attempts()];
    await lookup();
    one.leave();
    await lookup();
    other.leave();
    await lookup();
    await lookup();
    expect([one.messages.length, other.messages.length]).toEqual([1, 2]);
    const again = calls();
    await lookup();
    expect(again.messages).toHaveLength(1);
  });

  it('is no execution of a policy', async () => {
    calls();
    const seen: unknown[] = [];
    const keyed = withCircuitBreaker({
      key: () => {
        seen.push(execution.orUndefined());
        return 'of-no-execution';
      },
    }) as unknown as Policy;
    await stack([keyed], async () => 1)();
    expect(execution.orUndefined()).toBeUndefined();
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });
});

describe('a closed circuit', () => {
  it('publishes the calls of `call` and `wrap`, each with one attempt', async () => {
    const { breaker } = circuit({ key: 'closed' });
    const wrapped = breaker.wrap(async function wrapped() {
      return 1;
    });
    const plain = (): number => 2;
    await wrapped();
    breaker.call(plain);
    const [heard, made] = [calls(), attempts()];
    await wrapped();
    breaker.call(plain);
    expect(heard.messages).toEqual([
      { policy: 'circuit-breaker', key: 'closed', name: 'wrapped' },
      { policy: 'circuit-breaker', key: 'closed', name: 'plain' },
    ]);
    expect(heard.events).toEqual([...ASYNC, 'start', 'end']);
    expect(made.messages.map(({ call, attempt }) => [call, attempt])).toEqual(
      heard.messages.map((call) => [call, 1]),
    );
  });

  it('publishes calls from within a call of it that subscribes', async () => {
    const { breaker } = circuit({ key: 'subscribes' });
    breaker.call(() => 1);
    const heard = breaker.call(calls);
    await turns();
    breaker.call(() => 1);
    expect(heard.messages).toHaveLength(1);
  });

  it('publishes the error in the outcome of `tryCall`', async () => {
    const { breaker } = circuit({ key: 'tried' });
    const heard = calls();
    await breaker.tryCall(async () => 1);
    await breaker.tryCall(async () => Promise.reject(down));
    breaker.force('open');
    const outcome = await breaker.tryCall(async () => 1);
    expect(heard.messages.map((message) => message.error)).toEqual([
      undefined,
      down,
      (outcome as { readonly error?: unknown }).error,
    ]);
    expect(heard.messages.map((message) => 'error' in message)).toEqual([false, true, true]);
  });

  it('publishes a call inside of another one as a call of its own', async () => {
    const [inner, outer] = [circuit({ key: 'inner' }).breaker, circuit({ key: 'outer' }).breaker];
    const [heard, made] = [calls(), attempts()];
    const find = inner.wrap(async () => 1);
    await outer.wrap(async () => (await find()) + (await inner.call(async () => 1)))();
    expect(heard.messages.map(({ key }) => key)).toEqual(['outer', 'inner', 'inner']);
    expect(made.messages.map(({ call }) => call)).toEqual(heard.messages);
  });
});

describe('retry(fn)', () => {
  it('is published as a call', async () => {
    const [heard, made] = [calls(), attempts()];
    await retry(async function load() {
      return 1;
    });
    expect(heard.messages).toEqual([{ policy: 'retry', key: undefined, name: 'load' }]);
    expect(made.messages).toMatchObject([{ name: 'load', attempt: 1 }]);
  });
});

describe('the channel of refusals', () => {
  it('hears a bulkhead refuse, with the reading of the clock that ended the wait', async () => {
    const { clock, panel } = circuit();
    const heard = heardChannel<{ readonly reason: string; readonly at: number }>('switchgear:refusal');
    const policy = { key: 'narrow', maxConcurrent: 1, maxQueue: 1, queueTimeout: '1s' } as const;
    const bulkhead = new Bulkhead(policy, { panel });
    const heardCalls = calls();
    const hang = () => new Promise<never>(() => {});
    void bulkhead.call(hang);
    const waiting = rejectionOf(bulkhead.call(hang));
    expect(await rejectionOf(bulkhead.call(hang))).toBeInstanceOf(BulkheadFullError);
    clock.advance(1_000);
    const error = await waiting;
    expect(heard.messages).toMatchObject([
      { policy: 'bulkhead', key: 'narrow', reason: 'full' },
      { policy: 'bulkhead', key: 'narrow', reason: 'queue-timeout' },
    ]);
    const [full, late] = heard.messages.map(({ at }) => at);
    expect(late - full).toBe(1_000);
    expect(heardCalls.messages.map((message) => message.policy)).toEqual([
      'bulkhead',
      'bulkhead',
      'bulkhead',
    ]);
    expect(heardCalls.messages[1]?.error).toBe(error);
  });
});

describe('the channel of states', () => {
  it('hears the transitions of this thread, of circuits with a key and without one', async () => {
    const policy = { key: 'geo-api', failureThreshold: 1, resetTimeout: 50 };
    const { breaker, another, clock } = circuit(policy);
    const heard = heardChannel<TransitionEvent>('switchgear:state');
    clock.advance(7);
    await rejectionOf(breaker.call(async () => Promise.reject(down)));
    clock.advance(50);
    await breaker.call(async () => 1);
    await breaker.call(async () => 1);
    another().force('open');
    expect(heard.messages).toMatchObject([
      { type: 'transition', key: 'geo-api', from: 'closed', to: 'open', cause: down },
      { key: 'geo-api', from: 'open', to: 'half-open' },
      { key: 'geo-api', from: 'half-open', to: 'closed' },
      { from: 'closed', to: 'forced-open' },
    ]);
    const [opened = NaN, ...later] = heard.messages.slice(0, 3).map(({ at }) => at);
    expect(later).toEqual([opened + 50, opened + 50]);
  });

  it('is heard beside a listener of the circuit', async () => {
    const { breaker } = circuit({ key: 'both' });
    const events: unknown[] = [];
    breaker.subscribe((event) => events.push(event));
    const heard = heardChannel('switchgear:state');
    breaker.force('open');
    breaker.force('auto');
    expect(heard.messages).toEqual(events);
  });
});

describe('a subscriber that is there before the package is loaded', () => {
  it('hears the first call', async () => {
    const program = `
      import { subscribe } from 'node:diagnostics_channel';
      subscribe('tracing:switchgear:call:start', ({ key }) => console.log(key));
      const { CircuitBreaker } = await import('@switchgear/core');
      new CircuitBreaker({ key: 'first' }).call(() => 1);`;
    expect(await printed(program)).toBe('first');
  });
});

describe('a subscriber that throws', () => {
  it('does not harm the call: Node throws its error anew as an uncaught exception', async () => {
    const program = `
      import { subscribe } from 'node:diagnostics_channel';
      import { CircuitBreaker } from '@switchgear/core';
      process.on('uncaughtException', ({ message }) => console.log('uncaught: ' + message));
      subscribe('tracing:switchgear:call:start', () => { throw new Error('of the subscriber'); });
      const breaker = new CircuitBreaker({ key: 'harmed' });
      console.log(await breaker.call(async () => 'result'), breaker.state);`;
    expect((await printed(program)).split('\n').sort()).toEqual([
      'result closed',
      'uncaught: of the subscriber',
    ]);
  });
});

describe('a rejection that the caller does not handle', () => {
  it('stays unhandled, with a subscriber as without one', async () => {
    const program = `
      import { subscribe } from 'node:diagnostics_channel';
      import { CircuitBreaker } from '@switchgear/core';
      process.on('unhandledRejection', ({ message }) => console.log('unhandled: ' + message));
      subscribe('tracing:switchgear:call:start', () => {});
      subscribe('tracing:switchgear:attempt:start', () => {});
      void new CircuitBreaker({ key: 'unhandled' }).call(async () => { throw new Error('down'); });`;
    expect(await printed(program)).toBe('unhandled: down');
  });
});

it('a subscriber by `subscribe` of one event alone is heard, and may leave', () => {
  const { breaker } = circuit({ key: 'one-event' });
  let ends = 0;
  const onEnd = (): void => {
    ends++;
  };
  subscribe('tracing:switchgear:call:end', onEnd);
  breaker.call(() => 1);
  unsubscribe('tracing:switchgear:call:end', onEnd);
  breaker.call(() => 1);
  expect(ends).toBe(1);
});

it('a breaker of `new CircuitBreaker` without a key has its name in messages', () => {
  const heard = calls();
  const breaker = new CircuitBreaker();
  breaker.call(() => 1);
  expect(heard.messages).toMatchObject([{ key: breaker.key }]);
});
