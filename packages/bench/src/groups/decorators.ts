import { circuits, withRetry } from '@switchgear/core';
import { CircuitBreaker, Retry } from '@switchgear/decorators';
import * as cockatiel from 'cockatiel';
import { type Contest, hold } from '../contest.js';
import type { Group } from '../contestant.js';

/* eslint-disable @typescript-eslint/require-await -- async methods are what is measured */

/** A decorated method, compared with the same method wrapped by hand. */
export const decorators: Group = {
  name: 'decorators',
  measure: async (effort) => [
    await hold(decorated(), effort),
    await hold(decoratedSync(), effort),
    await hold(stacked(), effort),
  ],
};

const breaker = circuits.get('by-hand', {});

const guard = cockatiel.circuitBreaker(cockatiel.handleAll, {
  halfOpenAfter: 60_000,
  breaker: new cockatiel.ConsecutiveBreaker(5),
});
const around = cockatiel.retry(cockatiel.handleAll, {
  maxAttempts: 3,
  backoff: new cockatiel.ExponentialBackoff(),
});

class Service {
  readonly one = 1;

  async bare(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  async byHand(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  @CircuitBreaker({ key: 'decorated', failureThreshold: 5 })
  async byKey(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  @CircuitBreaker()
  async own(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  @CircuitBreaker({ key: (a) => (a % 2 === 0 ? 'even' : 'odd') })
  async byArgument(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  async cockatiel(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  async stackedByHand(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  @Retry()
  @CircuitBreaker({ key: 'stacked', failureThreshold: 5 })
  async retryAroundCircuit(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  @CircuitBreaker({ key: 'stacked', failureThreshold: 5 })
  @Retry()
  async circuitAroundRetry(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  async stackedCockatiel(a: number, b: number): Promise<number> {
    return (a - b) * this.one;
  }

  bareSync(a: number, b: number): number {
    return (a - b) * this.one;
  }

  byHandSync(a: number, b: number): number {
    return (a - b) * this.one;
  }

  @CircuitBreaker({ key: 'decorated-sync', failureThreshold: 5 })
  byKeySync(a: number, b: number): number {
    return (a - b) * this.one;
  }
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- they become methods again
const { byHand, byHandSync, stackedByHand, cockatiel: guarded, stackedCockatiel } = Service.prototype;
Service.prototype.byHand = breaker.wrap(byHand);
Service.prototype.byHandSync = breaker.wrap(byHandSync);
Service.prototype.stackedByHand = withRetry()(breaker.wrap(stackedByHand));
Service.prototype.cockatiel = function (a, b) {
  return guard.execute(() => guarded.call(this, a, b));
};
const both = cockatiel.wrap(around, guard);
Service.prototype.stackedCockatiel = function (a, b) {
  return both.execute(() => stackedCockatiel.call(this, a, b));
};

const service = new Service();

function decorated(): Contest {
  return {
    title: 'A decorated method',
    note: 'Against the same method, wrapped by hand in the same circuit breaker. The circuit is closed and the method succeeds.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      { name: '`breaker.wrap(method)`, by hand', call: (i) => service.byHand(i + 1, i) },
      { name: "`@CircuitBreaker({ key: 'geo' })`", goal: 1.05, call: (i) => service.byKey(i + 1, i) },
      { name: '`@CircuitBreaker()`', goal: 1.05, call: (i) => service.own(i + 1, i) },
      { name: '`@CircuitBreaker({ key: (a) => … })`', call: (i) => service.byArgument(i + 1, i) },
      { name: 'the bare method', call: (i) => service.bare(i + 1, i) },
      { name: 'cockatiel, by hand', call: (i) => service.cockatiel(i + 1, i) },
    ],
  };
}

function decoratedSync(): Contest {
  return {
    title: 'A decorated sync method',
    note: 'What it costs over the same method, wrapped by hand.',
    pace: 'straight',
    unit: 'ns more',
    contestants: [
      { name: '`breaker.wrap(method)`, by hand', call: (i) => service.byHandSync(i + 1, i) },
      { name: "`@CircuitBreaker({ key: 'geo' })`", call: (i) => service.byKeySync(i + 1, i) },
      { name: 'the bare method', call: (i) => service.bareSync(i + 1, i) },
    ],
  };
}

function stacked(): Contest {
  return {
    title: 'Retry and circuit on one method',
    note: 'Nothing fails. The first line is both by hand, retry around circuit.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      { name: '`withRetry()(breaker.wrap(method))`, by hand', call: (i) => service.stackedByHand(i + 1, i) },
      {
        name: '`@Retry()` above `@CircuitBreaker`',
        goal: 1.05,
        call: (i) => service.retryAroundCircuit(i + 1, i),
      },
      { name: '`@CircuitBreaker` above `@Retry()`', call: (i) => service.circuitAroundRetry(i + 1, i) },
      { name: 'the bare method', call: (i) => service.bare(i + 1, i) },
      { name: 'cockatiel, by hand', call: (i) => service.stackedCockatiel(i + 1, i) },
    ],
  };
}
