import { describe, expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker, policiesOf, Retry } from '@switchgear/decorators';
import { manualCircuits } from '../support/manual-circuits.js';
import { methodOf } from '../support/method-of.js';

manualCircuits();

const symbol = Symbol('symbol');

class Geocoder {
  readonly region: string = 'AT';

  @Retry({ maxRetries: 2 })
  @CircuitBreaker({ key: 'lookup.spec', failureThreshold: 4 })
  async lookup(): Promise<void> {}

  @CircuitBreaker('lookup.spec')
  @Retry({ maxRetries: 5 })
  static async lookup(): Promise<void> {}

  @CircuitBreaker({ key: 'lookup.spec' })
  static async reference(): Promise<void> {}

  @CircuitBreaker({ failureThreshold: 7 })
  async [symbol](): Promise<void> {}

  @CircuitBreaker({ key: (tenant: string) => tenant })
  async keyed(tenant: string): Promise<string> {
    return tenant;
  }

  @CircuitBreaker({ key: (tenant: string) => tenant, failureThreshold: 3 })
  async keyedPolicy(tenant: string): Promise<string> {
    return tenant;
  }

  @CircuitBreaker()
  async bare(): Promise<void> {}

  @Retry()
  async retried(): Promise<void> {}

  async plain(): Promise<void> {}
}

class Sub extends Geocoder {
  override async retried(): Promise<void> {}
}

const RETRY = { kind: 'retry', policy: { maxRetries: 2 } };
const CIRCUIT = { kind: 'circuit-breaker', key: 'lookup.spec', policy: { failureThreshold: 4 } };
const REFERENCE = { kind: 'circuit-breaker', key: 'lookup.spec', policy: undefined };

describe('policiesOf a method', () => {
  it.each([
    ['a class', Geocoder],
    ['a prototype', Geocoder.prototype],
    ['an instance', new Geocoder()],
    ['a subclass', Sub],
    ['an instance of a subclass', new Sub()],
  ])('is what it carries, outermost first, asked of %s', (_, target) => {
    expect(policiesOf(target, 'lookup')).toEqual([RETRY, CIRCUIT]);
  });

  it('is what it carries, asked of the function', () => {
    expect(policiesOf(methodOf(Geocoder.prototype, 'lookup'))).toEqual([RETRY, CIRCUIT]);
  });

  it('is what a static method carries, asked of the function', () => {
    expect(policiesOf(methodOf(Geocoder, 'lookup'))).toEqual([
      REFERENCE,
      { kind: 'retry', policy: { maxRetries: 5 } },
    ]);
  });

  it('is what a static method carries, where no instance method has its name', () => {
    expect(policiesOf(Geocoder, 'reference')).toEqual([REFERENCE]);
  });

  it('tells a method with a symbol for a name', () => {
    expect(policiesOf(Geocoder, symbol)).toEqual([
      { kind: 'circuit-breaker', key: undefined, policy: { failureThreshold: 7 } },
    ]);
  });

  it('tells the function that names the circuit', () => {
    expect(policiesOf(Geocoder, 'keyedPolicy')).toEqual([
      { kind: 'circuit-breaker', key: expect.any(Function), policy: { failureThreshold: 3 } },
    ]);
  });

  it('tells an empty policy where nothing but such a function was written', () => {
    expect(policiesOf(Geocoder, 'keyed')).toEqual([
      { kind: 'circuit-breaker', key: expect.any(Function), policy: {} },
    ]);
  });

  it('tells empty policies where nothing was written', () => {
    expect([...policiesOf(Geocoder, 'bare'), ...policiesOf(Geocoder, 'retried')]).toEqual([
      { kind: 'circuit-breaker', key: undefined, policy: {} },
      { kind: 'retry', policy: {} },
    ]);
  });

  it('is nothing of a method without decorators', () => {
    expect(policiesOf(Geocoder, 'plain')).toEqual([]);
  });

  it('is nothing of an override without decorators', () => {
    expect(policiesOf(Sub, 'retried')).toEqual([]);
  });

  it.each(['lookup', 'bare', 'plain'])('is frozen: %s', (method) => {
    expect(Object.isFrozen(policiesOf(Geocoder, method as 'lookup'))).toBe(true);
  });

  it('is made of frozen policies', () => {
    const policies = policiesOf(Geocoder, 'lookup');
    const parts = policies.flatMap<unknown>((one) => (one.kind === 'circuits' ? [one] : [one, one.policy]));
    expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true, true]);
  });

  it('does not change with the object that was given', () => {
    const retry: { maxRetries: number } = { maxRetries: 1 };
    const circuit: { failureThreshold: number } = { failureThreshold: 1 };
    class Given {
      @Retry(retry)
      @CircuitBreaker(circuit)
      async load(): Promise<void> {}
    }
    retry.maxRetries = circuit.failureThreshold = 9;
    expect(policiesOf(Given, 'load')).toMatchObject([
      { policy: { maxRetries: 1 } },
      { policy: { failureThreshold: 1 } },
    ]);
  });

  it('leaves the object that was given as it was', () => {
    const given = { failureThreshold: 3, key: 'lookup.spec given' };
    class Given {
      @CircuitBreaker(given)
      async load(): Promise<void> {}
    }
    policiesOf(Given, 'load');
    expect([Object.isFrozen(given), given]).toEqual([
      false,
      { failureThreshold: 3, key: 'lookup.spec given' },
    ]);
  });
});

describe('of the method itself, and not its name', () => {
  it('policiesOf tells what it carries', () => {
    const geocoder = new Geocoder();
    expect(policiesOf(geocoder.lookup.bind(geocoder))).toEqual([]);
    expect(policiesOf(Geocoder.prototype.lookup)).toEqual(policiesOf(Geocoder, 'lookup'));
    expect(policiesOf(geocoder, Geocoder.prototype.lookup)).toEqual(policiesOf(Geocoder, 'lookup'));
  });

  it('circuitOf finds its circuit', () => {
    expect(circuitOf(Geocoder.prototype.lookup)?.key).toBe('lookup.spec');
  });

  it('circuitOf finds the circuit of a call with an instance and arguments', async () => {
    class Crm {
      readonly host = 'lookup.spec host';

      @CircuitBreaker({
        key(tenant) {
          return `${this.host} ${tenant}`;
        },
        failureThreshold: 1,
      })
      async load(tenant: string): Promise<string> {
        return tenant;
      }
    }
    const crm = new Crm();
    await crm.load('acme');
    expect(circuitOf(crm, Crm.prototype.load, 'acme')?.key).toBe('lookup.spec host acme');
  });

  it('circuitOf gives a circuit of its own no name that leaves the class out', async () => {
    class Service {
      @CircuitBreaker({ failureThreshold: 1 })
      async load(): Promise<string> {
        return 'loaded';
      }
    }
    const before = circuitOf(Service.prototype.load);
    await new Service().load();
    const after = circuitOf(Service, 'load');
    // Legacy decorators know the class at once.
    expect([undefined, after]).toContain(before);
    expect(circuitOf(Service.prototype.load)).toBe(after);
  });
});

describe('circuitOf a method', () => {
  it('is the circuit that its key names', () => {
    expect(circuitOf(Geocoder, 'lookup')?.key).toBe('lookup.spec');
  });

  it('is one breaker, whoever asks', () => {
    expect(circuitOf(new Sub(), 'lookup')).toBe(circuitOf(Geocoder, 'reference'));
  });

  it('is none of a method without one', () => {
    expect([circuitOf(Geocoder, 'plain'), circuitOf(Geocoder, 'retried')]).toEqual([undefined, undefined]);
  });
});

/** As JavaScript calls them, whose arguments may be any. */
type Find = (target: unknown, method?: unknown) => unknown;

describe.each([
  ['policiesOf', policiesOf as Find],
  ['circuitOf', circuitOf as Find],
] as const)('%s', (name, find) => {
  it.each([
    ['a method that the class does not have', Geocoder, 'lokup', /Geocoder has no method "lokup"/],
    ['a field', new Geocoder(), 'region', /Geocoder has no method "region"/],
    [
      'a field that hides a method',
      Object.assign(new Geocoder(), { lookup: 7 }),
      'lookup',
      /no method "lookup"/,
    ],
    ['a symbol that names nothing', Geocoder.prototype, Symbol('x'), /Geocoder has no method Symbol\(x\)/],
    ['an object without a class', Object.create(null) as object, 'load', /the object has no method "load"/],
  ])('throws for %s', (_, target, method, message) => {
    expect(() => find(target, method)).toThrow(message);
    expect(() => find(target, method)).toThrow(new RegExp(`^${name}: `));
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['a', '"a"'],
    [5, '5'],
    [true, 'true'],
    [Symbol('x'), 'Symbol(x)'],
  ])('throws for what has no methods: %p', (target, shown) => {
    const message = `${name}: expected a class, a prototype, an instance or a method, received ${shown}`;
    for (const args of [[], [undefined], ['lookup'], [Geocoder.prototype.lookup]]) {
      expect(() => find(target, ...args)).toThrow(new TypeError(message));
    }
  });

  it('does not read what a getter returns', () => {
    class Lazy {
      get load(): never {
        throw new Error('it was read');
      }
    }
    expect(() => find(Lazy, 'load')).toThrow(/Lazy has no method "load"/);
  });
});
