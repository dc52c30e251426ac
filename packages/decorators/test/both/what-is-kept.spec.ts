import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker, policiesOf, Retry } from '@switchgear/decorators';
import { manualCircuits } from '../support/manual-circuits.js';
import { methodOf } from '../support/method-of.js';

manualCircuits();

/** The function that is decorated, in either mode. */
function decoratedOf(target: unknown, descriptor: unknown): object {
  return (descriptor === undefined ? target : (descriptor as PropertyDescriptor).value) as object;
}

/** What frameworks do: it writes on the function, in either mode, and leaves the function as it is. */
function Route(path: string): (...args: readonly unknown[]) => void {
  return (target, _, descriptor) => {
    Reflect.defineMetadata('path', path, decoratedOf(target, descriptor));
  };
}

/** What others do: a property of the function itself. */
function Marked(given: object): (...args: readonly unknown[]) => void {
  return (target, _, descriptor) => {
    const fn = decoratedOf(target, descriptor);
    Object.defineProperty(fn, 'mark', { value: given, enumerable: false });
    Object.assign(fn, { [MARK]: given });
  };
}

const MARK = Symbol('mark');
const mark = { deep: true };
const symbol = Symbol('of a symbol');

class Controller {
  @Route('/below')
  @Retry()
  @CircuitBreaker()
  async above(id: string, page: number): Promise<string> {
    return `${id} ${page}`;
  }

  @Retry()
  @CircuitBreaker()
  @Route('/below')
  @Marked(mark)
  async below(id: string, page = 1): Promise<string> {
    return `${id} ${page}`;
  }

  @Retry()
  @Route('/between')
  @CircuitBreaker()
  async between(): Promise<void> {}

  @CircuitBreaker()
  async [symbol](): Promise<void> {}

  @CircuitBreaker({ key: () => 'keyed' })
  async keyed(tenant: string): Promise<string> {
    return tenant;
  }

  @Retry()
  async retried(first: unknown, second: unknown, third: unknown): Promise<unknown> {
    return [first, second, third];
  }

  @CircuitBreaker()
  static of(...ids: readonly string[]): string {
    return ids.join();
  }
}

describe('a decorated method keeps', () => {
  it.each<[string, object, PropertyKey, number]>([
    ['above', Controller.prototype, 'above', 2],
    ['below', Controller.prototype, 'below', 1],
    ['keyed', Controller.prototype, 'keyed', 1],
    ['retried', Controller.prototype, 'retried', 3],
    ['of', Controller, 'of', 0],
    ['[of a symbol]', Controller.prototype, symbol, 0],
  ])('its name and length: %s', (name, home, key, length) => {
    const method = methodOf(home, key);
    expect([method.name, method.length]).toEqual([name, length]);
  });

  it('metadata that is written below', () => {
    expect(Reflect.getMetadata('path', methodOf(Controller.prototype, 'below'))).toBe('/below');
  });

  it('metadata that is written above', () => {
    expect(Reflect.getMetadata('path', methodOf(Controller.prototype, 'above'))).toBe('/below');
  });

  it('metadata that is written in between', () => {
    expect(Reflect.getMetadata('path', methodOf(Controller.prototype, 'between'))).toBe('/between');
  });

  it('its policies when others write metadata in between', () => {
    expect(policiesOf(Controller, 'between').map(({ kind }) => kind)).toEqual(['retry', 'circuit-breaker']);
  });

  it('properties of the function, with their attributes', () => {
    const below = methodOf(Controller.prototype, 'below');
    expect(Object.getOwnPropertyDescriptor(below, 'mark')).toEqual({
      value: mark,
      enumerable: false,
      writable: false,
      configurable: false,
    });
  });

  it('properties of the function that are symbols', () => {
    expect(Reflect.get(methodOf(Controller.prototype, 'below'), MARK)).toBe(mark);
  });

  it('its circuit beneath a retry', () => {
    expect(circuitOf(Controller, 'above')?.key).toMatch(/^Controller\.above /);
  });
});

describe('what is written on a decorated method', () => {
  it('is not written on the method that another class inherits it from', () => {
    class Sub extends Controller {
      @Route('/sub')
      @Retry()
      override async below(): Promise<string> {
        return 'sub';
      }
    }
    expect([
      Reflect.getMetadata('path', methodOf(Sub.prototype, 'below')),
      policiesOf(Controller, 'below').length,
    ]).toEqual(['/sub', 2]);
  });
});
