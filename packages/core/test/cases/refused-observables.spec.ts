import { describe, expect, it } from '@jest/globals';
import { type CircuitBreaker, CircuitRegistry } from '@switchgear/core';
import {
  catchError,
  concat,
  defer,
  firstValueFrom,
  forkJoin,
  from,
  isObservable,
  lastValueFrom,
  map,
  mergeMap,
  type Observable,
  of,
  retry,
  switchMap,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { PlainObservable } from '../../src/circuit/breaker/plain-observable.js';
import { refusedObservable } from '../../src/circuit/breaker/refused-observable.js';
import type { SubscribedPath } from '../../src/circuit/breaker/guarded-observable.js';
import { circuit } from '../support/circuit-on-a-manual-clock.js';

// Nest's HttpService behind an open circuit: the first call of another method threw, past the pipe that handles errors.

const policy = { key: 'geo', failureThreshold: 1, successThreshold: 1, resetTimeout: 100 };
const down = (): Observable<string> => throwError(() => new Error('down'));

async function errorOf(source: Observable<unknown>): Promise<unknown> {
  return lastValueFrom(source).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A circuit that an Observable has opened, here or by a breaker that shares nothing but the memory. */
async function opened(isElsewhere: boolean) {
  const { breaker, another, clock, panel } = circuit(policy);
  const elsewhere = another(policy);
  await errorOf(breaker.call(down));
  return { breaker: isElsewhere ? elsewhere : breaker, clock, registry: new CircuitRegistry(panel) };
}

const refusal = { code: 'ERR_CIRCUIT_OPEN' };

describe.each([
  ['the same thread', false],
  ['another thread', true],
])('the first call of a function on a circuit that Observables have opened in %s', (_, isElsewhere) => {
  it.each<[string, (breaker: CircuitBreaker, get: () => Observable<string>) => Observable<string>]>([
    ['call', (breaker, get) => breaker.call(get)],
    ['wrap', (breaker, get) => breaker.wrap(get)()],
    ['call with a new arrow', (breaker, get) => breaker.call(() => get())],
  ])('is refused by an error to the subscriber, by %s', async (__, guarded) => {
    const { breaker } = await opened(isElsewhere);
    let calls = 0;
    const source = guarded(breaker, () => of(String(++calls)));
    expect([await errorOf(source), calls]).toEqual([expect.objectContaining(refusal), 0]);
  });

  it('counts as one refusal', async () => {
    const { breaker, registry } = await opened(isElsewhere);
    await errorOf(breaker.call(() => of('fine')));
    expect(registry.snapshot()).toMatchObject([{ totals: { failed: 1, refused: 1 } }]);
  });

  it('asks the circuit again when it is subscribed to again', async () => {
    const { breaker, clock } = await opened(isElsewhere);
    const source = breaker.call(() => of('fine'));
    const wait = tap<unknown>({ error: () => clock.advance(100) });
    expect(await lastValueFrom(source.pipe(wait, retry(1)))).toBe('fine');
    expect(breaker.state).toBe('closed');
  });

  it('is refused again where the circuit is still open then', async () => {
    const { breaker } = await opened(isElsewhere);
    const source = breaker.call(() => of('fine'));
    expect(await errorOf(source.pipe(retry(2)))).toMatchObject(refusal);
  });

  it('gives the result of a function that returns no Observable after all', async () => {
    const { breaker, clock } = await opened(isElsewhere);
    const source = breaker.call(async () => Promise.resolve('fine')) as unknown;
    await (source as Promise<string>).catch(() => undefined);
    const unknown = breaker.call(() => Promise.resolve('fine')) as unknown as Observable<string>;
    const wait = tap<unknown>({ error: () => clock.advance(100) });
    expect(await lastValueFrom(unknown.pipe(wait, retry(1)))).toBe('fine');
  });
});

describe('a refusal of an unknown function', () => {
  it('throws where calls of the circuit gave Observables and plain values', async () => {
    const { breaker } = circuit({ ...policy, failureThreshold: 2 });
    await errorOf(breaker.call(down));
    breaker.call(() => 1);
    breaker.force('open');
    expect(() => breaker.call(() => of('fine'))).toThrow(expect.objectContaining(refusal));
  });

  it('throws where the circuit was never called', () => {
    const { breaker } = circuit(policy);
    breaker.force('open');
    expect(() => breaker.call(() => of('fine'))).toThrow(expect.objectContaining(refusal));
  });

  it('rejects for an async function, though calls of the circuit gave Observables', async () => {
    const { breaker } = await opened(false);
    await expect(breaker.call(async () => Promise.resolve('fine'))).rejects.toMatchObject(refusal);
  });
});

describe('a refused Observable in a thread that has not seen the RxJS of the program', () => {
  const error = Object.assign(new Error('refused'), refusal);
  const path = {
    circuit: undefined,
    admit: () => ({ status: 'failed', error }),
  } as unknown as SubscribedPath;
  const refused = (): Observable<string> =>
    new PlainObservable((subscriber) => {
      subscriber.error(error);
    }) as unknown as Observable<string>;

  it('is made of a class of its own', () => {
    const run = (): never => {
      throw error;
    };
    expect(isObservable(refusedObservable({ ...path, run }, error, run, undefined, []))).toBe(true);
    expect(isObservable(refused())).toBe(true);
  });

  it.each<[string, (source: Observable<string>) => Observable<unknown>]>([
    ['map', (source) => source.pipe(map((one) => one))],
    ['several operators', (source) => source.pipe(take(1), tap(), toArray())],
    ['switchMap into it', (source) => of(1).pipe(switchMap(() => source))],
    ['mergeMap into it', (source) => of(1).pipe(mergeMap(() => source))],
    ['from', (source) => from(source)],
    ['defer', (source) => defer(() => source)],
    ['concat', (source) => concat(source, of('never'))],
    ['forkJoin', (source) => forkJoin([source, of(1)])],
    ['retry', (source) => source.pipe(retry(2))],
  ])('passes its error through %s', async (_, build) => {
    expect(await errorOf(build(refused()))).toBe(error);
  });

  it('can be caught', async () => {
    expect(await firstValueFrom(refused().pipe(catchError(() => of('cached'))))).toBe('cached');
  });

  it('can be read by functions, by an observer and by forEach', async () => {
    const heard: unknown[] = [];
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- programs still do so
    refused().subscribe(undefined, (e: unknown) => heard.push(e));
    refused().subscribe({ error: (e: unknown) => heard.push(e) });
    await refused()
      .forEach(() => undefined)
      .catch((e: unknown) => heard.push(e));
    expect(heard).toEqual([error, error, error]);
  });

  it('passes items on, ends, and runs what was left to be done', () => {
    const heard: unknown[] = [];
    const source = new PlainObservable((subscriber) => {
      subscriber.next(1);
      subscriber.complete();
      subscriber.next(2);
      return () => heard.push('torn down');
    });
    source.subscribe({ next: (one) => heard.push(one), complete: () => heard.push('complete') });
    expect(heard).toEqual([1, 'complete', 'torn down']);
  });

  it('gives nothing more to a subscriber who has left', () => {
    const heard: unknown[] = [];
    let emit: (value: unknown) => void = () => undefined;
    const source = new PlainObservable((subscriber) => void (emit = (value) => subscriber.next(value)));
    const subscription = source.subscribe((one) => heard.push(one));
    emit(1);
    subscription.unsubscribe();
    emit(2);
    expect(heard).toEqual([1]);
  });
});
