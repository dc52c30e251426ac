import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker } from '@switchgear/core';
import {
  BehaviorSubject,
  defer,
  EMPTY,
  firstValueFrom,
  lastValueFrom,
  NEVER,
  Observable,
  of,
  Subject,
  throwError,
} from 'rxjs';
import { concatWith, map, take, toArray } from 'rxjs/operators';
import { admits } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { openCircuit, probingCircuit } from '../../support/openings.js';

const down = throwError(() => new Error('down'));

/** Subscribes, and tells what the subscriber heard. */
function heardOf(source: Observable<unknown>): { readonly heard: unknown[]; leave(): void } {
  const heard: unknown[] = [];
  const subscription = source.subscribe({
    next: (value) => heard.push(value),
    error: (error: unknown) => heard.push(String(error)),
    complete: () => heard.push('complete'),
  });
  return { heard, leave: () => subscription.unsubscribe() };
}

const counts = (breaker: CircuitBreaker): unknown => {
  const { window } = breaker.snapshot();
  return { calls: window?.calls, failures: window?.failures };
};
const windowed = { window: { calls: 10 }, failureThreshold: 9 };

describe.each(['wrap', 'call'] as const)('a function that returns an Observable, guarded by %s', (by) => {
  const guarded = <T>(breaker: CircuitBreaker, get: () => Observable<T>): (() => Observable<T>) =>
    by === 'wrap' ? breaker.wrap(get) : () => breaker.call(get);

  it('gives an Observable with the same items', async () => {
    const get = guarded(circuit().breaker, () => of(1, 2, 3));
    expect(await lastValueFrom(get().pipe(toArray()))).toEqual([1, 2, 3]);
  });

  it('counts as nothing while nobody has subscribed', () => {
    const { breaker } = circuit(windowed);
    const get = guarded(breaker, () => down);
    get();
    get();
    expect(counts(breaker)).toEqual({ calls: 0, failures: 0 });
  });

  it('has a call in each subscription', () => {
    const { breaker } = circuit(windowed);
    const source = guarded(breaker, () => of(1))();
    heardOf(source);
    heardOf(source);
    expect(counts(breaker)).toEqual({ calls: 2, failures: 0 });
  });

  it('opens the circuit by errors', () => {
    const { breaker } = circuit({ failureThreshold: 10 });
    const get = guarded(breaker, () => down);
    for (let i = 0; i < 10; i++) heardOf(get());
    expect(breaker.state).toBe('open');
  });

  it('passes the error on', () => {
    expect(heardOf(guarded(circuit().breaker, () => down)()).heard).toEqual(['Error: down']);
  });

  it('refuses by an error to the subscriber, and does not subscribe to the source', () => {
    const { breaker } = circuit();
    let subscriptions = 0;
    const get = guarded(breaker, () => defer(() => of(++subscriptions)));
    const source = get();
    breaker.force('open');
    const { heard } = heardOf(source);
    expect([subscriptions, heard]).toEqual([0, [expect.stringContaining('CircuitBreakerError')]]);
  });

  it('is a success where the subscriber leaves after an item, as firstValueFrom does', async () => {
    const { breaker } = circuit(windowed);
    const get = guarded(breaker, () => of(1).pipe(concatWith(NEVER)));
    await firstValueFrom(get());
    expect(counts(breaker)).toEqual({ calls: 1, failures: 0 });
  });

  it('counts as nothing where the subscriber leaves before any item', () => {
    const { breaker } = circuit(windowed);
    heardOf(guarded(breaker, () => NEVER)()).leave();
    expect(counts(breaker)).toEqual({ calls: 0, failures: 0 });
  });

  it('is a success where the source completes without an item', () => {
    const { breaker } = circuit(windowed);
    expect(heardOf(guarded(breaker, () => EMPTY)()).heard).toEqual(['complete']);
    expect(counts(breaker)).toEqual({ calls: 1, failures: 0 });
  });

  it('stops a source that emits at once when the subscriber has left', () => {
    let emitted = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed && emitted < 1_000) subscriber.next(++emitted);
    });
    heardOf(guarded(circuit().breaker, () => endless)().pipe(take(3)));
    expect(emitted).toBe(3);
  });

  it('tears the source down when the subscriber leaves', () => {
    let isTornDown = false;
    const source = new Observable(() => () => (isTornDown = true));
    heardOf(guarded(circuit().breaker, () => source)()).leave();
    expect(isTornDown).toBe(true);
  });

  it.each([
    ['a Subject', () => new Subject<number>(), [2]],
    ['a BehaviorSubject', () => new BehaviorSubject(1), [1, 2]],
  ])('takes %s as well', (_, make, expected) => {
    const subject = make();
    const { heard } = heardOf(guarded<number>(circuit().breaker, () => subject)());
    subject.next(2);
    expect(heard).toEqual(expected);
  });

  it('can be piped', async () => {
    const doubled = guarded(circuit().breaker, () => of(21))().pipe(map((one) => one * 2));
    expect(await firstValueFrom(doubled)).toBe(42);
  });
});

describe('an Observable as a probe', () => {
  const onePermit = { successThreshold: 1, halfOpen: { permits: 1 } };

  it('is settled by its first item', () => {
    const { breaker } = probingCircuit(onePermit);
    const subject = new Subject<number>();
    heardOf(breaker.wrap(() => subject)());
    subject.next(1);
    expect(breaker.state).toBe('closed');
  });

  it('reopens the circuit by its error', () => {
    const { breaker } = probingCircuit(onePermit);
    heardOf(breaker.wrap(() => down)());
    expect(breaker.state).toBe('open');
  });

  it('gives its permit back where the subscriber leaves before any item', () => {
    const { breaker } = probingCircuit(onePermit);
    heardOf(breaker.wrap(() => NEVER)()).leave();
    expect(admits(breaker)).toBe(true);
  });

  it('takes no permit while nobody has subscribed', () => {
    const { breaker } = probingCircuit(onePermit);
    breaker.wrap(() => NEVER)();
    expect(admits(breaker)).toBe(true);
  });
});

it('a function that is known to return Observables never throws a refusal', () => {
  const { breaker } = circuit({ failureThreshold: 1 });
  const get = breaker.wrap(() => down);
  heardOf(get());
  expect(() => get()).not.toThrow();
  expect(heardOf(get()).heard).toEqual([expect.stringContaining('is open')]);
});

it('what only looks a little like an Observable is a plain result', () => {
  const store = { subscribe: () => () => undefined };
  const { breaker } = openCircuit();
  breaker.force('closed');
  expect(breaker.call(() => store)).toBe(store);
});
