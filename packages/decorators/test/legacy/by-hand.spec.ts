import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker, Circuits, policiesOf, Retry } from '@switchgear/decorators';
import type { AnyDecorator } from '../support/composed.js';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { call } from '../support/method-of.js';
import { outcomeOf, thrownBy } from '../support/outcome-of.js';

manualCircuits();

type Decorate = (
  decorators: readonly unknown[],
  target: object,
  name?: string,
  descriptor?: unknown,
) => unknown;

function define(target: object, name: string | undefined, descriptor: unknown): void {
  if (name !== undefined && descriptor !== undefined) {
    Object.defineProperty(target, name, descriptor as PropertyDescriptor);
  }
}

/** As TypeScript and tslib do it where nobody has a Reflect.decorate. */
const byTslib: Decorate = (decorators, target, name, descriptor) => {
  let value =
    name === undefined
      ? target
      : descriptor === null
        ? Object.getOwnPropertyDescriptor(target, name)
        : descriptor;
  for (const decorator of [...decorators].reverse() as AnyDecorator[]) {
    value = (name === undefined ? decorator(value) : decorator(target, name, value)) ?? value;
  }
  define(target, name, value);
  return value;
};

/** As TypeScript does it where reflect-metadata is loaded. */
const byReflect: Decorate = (decorators, target, name, descriptor) => {
  const from = descriptor === null ? Object.getOwnPropertyDescriptor(target, name ?? '') : descriptor;
  const { decorate } = Reflect as unknown as { decorate: (...args: readonly unknown[]) => unknown };
  const value = decorate(decorators, target, name, from);
  define(target, name, value);
  return value;
};

function makeService(): new () => object {
  class Service {
    readonly title: string = 'service';

    load(): string {
      throw new Error(this.title);
    }

    static load(): string {
      throw new Error('static');
    }

    get lazy(): number {
      return Math.PI;
    }
  }
  return Service;
}

describe.each([
  ['tslib', byTslib],
  ['Reflect.decorate', byReflect],
])('%s', (_, decorate) => {
  it('decorates a method', async () => {
    const Service = makeService();
    decorate([CircuitBreaker(BRITTLE)], Service.prototype as object, 'load', null);
    expect([
      await outcomeOf(() => call(new Service(), 'load')),
      await outcomeOf(() => call(new Service(), 'load')),
    ]).toEqual(['service', 'ERR_CIRCUIT_OPEN']);
  });

  it('decorates a static method', async () => {
    const Service = makeService();
    decorate([CircuitBreaker(BRITTLE)], Service, 'load', null);
    expect([
      await outcomeOf(() => call(Service, 'load')),
      await outcomeOf(() => call(Service, 'load')),
    ]).toEqual(['static', 'ERR_CIRCUIT_OPEN']);
  });

  it('decorates from the bottom up', () => {
    const Service = makeService();
    decorate([Retry(), CircuitBreaker(BRITTLE)], Service.prototype as object, 'load', null);
    expect(policiesOf(Service, 'load').map(({ kind }) => kind)).toEqual(['retry', 'circuit-breaker']);
  });

  it('leaves what the descriptor says', () => {
    const Service = makeService();
    decorate([Retry()], Service.prototype as object, 'load', {
      value: () => 'x',
      enumerable: true,
      writable: false,
      configurable: true,
    });
    expect(Object.getOwnPropertyDescriptor(Service.prototype, 'load')).toMatchObject({
      enumerable: true,
      writable: false,
      configurable: true,
    });
  });

  it('decorates a class with circuits', () => {
    const Service = makeService();
    decorate([Circuits({ 'by-hand.spec': BRITTLE })], Service);
    expect(policiesOf(Service)).toMatchObject([{ kind: 'circuits' }]);
  });

  it('leads to a circuit that is named by the class and where it is decorated', () => {
    const Service = makeService();
    decorate([CircuitBreaker(BRITTLE)], Service.prototype as object, 'load', null);
    expect(circuitOf(Service, 'load')?.key).toMatch(/^Service\.load \(.*legacy\/by-hand\.spec\.ts:\d+:\d+/);
  });

  it('does not decorate a field', () => {
    const Service = makeService();
    expect(
      thrownBy(() => decorate([Retry()], Service.prototype as object, 'field', undefined)),
    ).toMatchObject({ message: expect.stringContaining('@Retry decorates methods, not a field, "field"') });
  });

  it('does not decorate a getter, and does not call it', () => {
    const Service = makeService();
    expect(thrownBy(() => decorate([Retry()], Service.prototype as object, 'lazy', null))).toMatchObject({
      message: expect.stringContaining('@Retry decorates methods, not a getter, "lazy"'),
    });
  });
});

describe('the helpers of other compilers', () => {
  it('give a field an initializer, which is no method', () => {
    const decorate = CircuitBreaker() as unknown as AnyDecorator;
    const descriptor = { initializer: () => () => 'x', enumerable: true };
    expect(thrownBy(() => decorate({}, 'load', descriptor))).toMatchObject({
      message: expect.stringContaining('not a field, "load". Make it a method, or wrap the function'),
    });
  });
});

describe('a method with a symbol for a name', () => {
  it.each([
    ['@Retry', Retry as unknown as AnyDecorator],
    ['@CircuitBreaker', CircuitBreaker as unknown as AnyDecorator],
  ])('is no place for %s without parentheses', (name, factory) => {
    const descriptor = { value: () => 'x', configurable: true };
    expect(() => factory({}, Symbol('load'), descriptor)).toThrow(`${name} needs parentheses`);
  });
});

describe('a parameter', () => {
  it.each([
    ['of a method', 'load', /not a parameter, "load"\. Put it on the method/],
    ['of a constructor', undefined, /not a parameter, "constructor"\. Put it on the method/],
  ])('%s is no place for @Retry', (_, method, message) => {
    const decorate = Retry() as unknown as AnyDecorator;
    const Service = makeService();
    const target: object = method === undefined ? Service : (Service.prototype as object);
    expect(() => decorate(target, method, 0)).toThrow(message);
  });
});

describe('an accessor field', () => {
  it('is no method', () => {
    const misplaced = Retry() as unknown as (...args: readonly unknown[]) => void;
    const error = thrownBy(() => {
      class Service {
        @misplaced
        accessor load = 1;
      }
      return new Service();
    });
    expect(error).toMatchObject({ message: expect.stringContaining('"load". Make it a method') });
  });
});
