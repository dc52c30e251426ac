import { beforeEach, describe, expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker, Circuits, policiesOf, Retry } from '@switchgear/decorators';
import type { AnyDecorator } from '../support/composed.js';
import { heardWarnings } from '../support/heard-warnings.js';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { call, methodOf } from '../support/method-of.js';
import { errorOf, outcomeOf, thrownBy } from '../support/outcome-of.js';

manualCircuits();

// Every spec makes a class of the same name by the same line of code, which is told.
beforeEach(() => {
  heardWarnings();
});

type Method = (this: object, ...args: readonly unknown[]) => unknown;

/** A decorator that is called by hand, with no more of a context than this. */
function apply(decorator: unknown, fn: Method, context: object): Method {
  return (decorator as AnyDecorator)(fn, { kind: 'method', name: 'load', ...context }) as Method;
}

/** A class whose method is decorated by hand. */
function serviceWith(decorator: unknown, context: object, fn: Method): new () => object {
  class Service {
    readonly title: string = 'service';
  }
  const value = apply(decorator, fn, context);
  Object.defineProperty(Service.prototype, 'load', { value, writable: true, configurable: true });
  return Service;
}

function broken(): never {
  throw new Error('down');
}

const contexts: readonly (readonly [string, object])[] = [
  ['no metadata', { static: false, metadata: undefined }],
  ['metadata that no class has', { static: false, metadata: {} }],
  ['nothing but a kind and a name', {}],
  [
    'an addInitializer that calls back at once with nothing',
    { addInitializer: (tell: () => void) => tell() },
  ],
];

describe.each(contexts)('a decorator that is given %s', (_, context) => {
  it('guards the method', async () => {
    const service = new (serviceWith(CircuitBreaker(BRITTLE), context, broken))();
    await outcomeOf(() => call(service, 'load'));
    expect(await outcomeOf(() => call(service, 'load'))).toBe('ERR_CIRCUIT_OPEN');
  });

  it('finds the circuit of the calls', async () => {
    const Service = serviceWith(CircuitBreaker(BRITTLE), context, broken);
    await outcomeOf(() => call(new Service(), 'load'));
    expect(circuitOf(Service, 'load' as never)?.state).toBe('open');
  });

  it('names the circuit by the class', () => {
    const Service = serviceWith(CircuitBreaker(BRITTLE), context, broken);
    expect(circuitOf(new Service(), 'load' as never)?.key).toMatch(
      /^Service\.load \(.*contexts-by-hand\.spec\.ts/,
    );
  });

  it('names the circuit of a static method by the class', () => {
    class Service {
      readonly title: string = 'service';
    }
    const value = apply(CircuitBreaker(BRITTLE), broken, { ...context, static: true });
    Object.defineProperty(Service, 'load', { value });
    expect(circuitOf(Service, 'load' as never)?.key).toMatch(
      /^Service\.load \(static .*contexts-by-hand\.spec\.ts/,
    );
  });

  it('names the circuit by the class that has the method, for a subclass', () => {
    const Service = serviceWith(CircuitBreaker(BRITTLE), context, broken);
    class Sub extends Service {}
    expect(circuitOf(new Sub(), 'load' as never)?.key).toMatch(/^Service\.load /);
  });
});

describe('a function that is decorated by hand', () => {
  it('is guarded, though it belongs to no class', async () => {
    const load = apply(CircuitBreaker(BRITTLE), broken, {});
    await outcomeOf(() => Reflect.apply(load, {}, []));
    expect(await outcomeOf(() => Reflect.apply(load, {}, []))).toBe('ERR_CIRCUIT_OPEN');
  });

  it('is not called after the object that has borrowed it', () => {
    const load = apply(CircuitBreaker(BRITTLE), broken, {});
    expect(circuitOf({ load }, 'load')?.key).toMatch(/^load \(/);
  });

  it('may be decorated again, and carries both', () => {
    const inner = apply(CircuitBreaker(BRITTLE), broken, {});
    const outer = apply(Retry({ initialDelay: 0 }), inner, {});
    expect([policiesOf(outer).map(({ kind }) => kind), policiesOf(inner).length]).toEqual([
      ['retry', 'circuit-breaker'],
      1,
    ]);
  });

  it('stays in a stack over a method that a class inherits, whose circuit stays its base’s', async () => {
    class Base {
      @CircuitBreaker(BRITTLE)
      async load(): Promise<void> {
        throw new Error('down');
      }
    }
    class Sub extends Base {}
    const again = apply(Retry({ maxRetries: 0 }), methodOf(Base.prototype, 'load'), {});
    Object.defineProperty(Sub.prototype, 'load', { value: again });
    await outcomeOf(() => new Sub().load());
    expect(circuitOf(Base, 'load' as never)).toMatchObject({
      state: 'open',
      key: expect.stringMatching(/^Base\.load /),
    });
  });

  it('keeps properties that cannot be changed', () => {
    const fn = Object.freeze(Object.assign(() => 'x', { mark: 7 }));
    expect(apply(Retry(), fn, {})).toHaveProperty('mark', 7);
  });
});

describe('a class that is made by evaluated code', () => {
  it('is shown with class and method', async () => {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- as some bundlers do it
    const evaluate = new Function(
      'CircuitBreaker',
      `class Service {
        load() {}
      }
      const context = { kind: 'method', name: 'load', static: false };
      Service.prototype.load = CircuitBreaker()(Service.prototype.load, context);
      return Service;`,
    ) as (decorator: unknown) => new () => object;
    const Service = evaluate(CircuitBreaker);
    circuitOf(Service, 'load' as never)?.force('open');
    expect(await errorOf(() => call(new Service(), 'load'))).toMatchObject({
      message: 'Circuit "Service.load" is forced open: an operator holds it so',
    });
  });
});

describe('@Circuits that is given no metadata', () => {
  it('is told by policiesOf all the same', () => {
    class Service {
      readonly title: string = 'service';
    }
    const decorate = Circuits({ 'contexts-by-hand.spec': BRITTLE }) as unknown as AnyDecorator;
    decorate(Service, { kind: 'class', name: 'Service', metadata: undefined });
    expect(policiesOf(Service)).toMatchObject([{ kind: 'circuits' }]);
  });
});

describe('what only standard decorators can be put on', () => {
  it.each([
    ['@Retry', Retry() as unknown],
    ['@CircuitBreaker', CircuitBreaker() as unknown],
  ])('%s on an accessor says what to do', (name, decorator) => {
    const misplaced = decorator as (value: unknown, context: ClassAccessorDecoratorContext) => void;
    const error = thrownBy(() => {
      class Service {
        @misplaced
        accessor load = 1;
      }
      return new Service();
    });
    expect(error).toMatchObject({
      name: 'TypeError',
      message: `${name} decorates methods, not an accessor, "load". Make it a method.`,
    });
  });

  it('@Retry on a #private field names the field', () => {
    const misplaced = Retry() as unknown as (value: undefined, context: ClassFieldDecoratorContext) => void;
    const error = thrownBy(() => {
      class Service {
        @misplaced
        #load = 1;

        loaded(): number {
          return this.#load;
        }
      }
      return new Service();
    });
    expect(error).toMatchObject({ message: expect.stringContaining('not a field, "#load".') });
  });
});
