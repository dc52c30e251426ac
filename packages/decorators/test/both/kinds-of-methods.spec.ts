import { describe, expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker, Retry } from '@switchgear/decorators';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { call, methodOf } from '../support/method-of.js';
import { outcomeOf } from '../support/outcome-of.js';

manualCircuits();

const REFUSED = 'ERR_CIRCUIT_OPEN';
const symbol = Symbol('symbol');

/** Methods of all kinds: each says what its object is called, and what it was given. */
class Methods<T = unknown> {
  readonly title: string;
  static readonly title: string = 'class';

  constructor(title = 'object') {
    this.title = title;
  }

  @CircuitBreaker(BRITTLE)
  sync(...args: readonly unknown[]): string {
    return say(this.title, args);
  }

  @CircuitBreaker(BRITTLE)
  async async(...args: readonly unknown[]): Promise<string> {
    return say(this.title, args);
  }

  /** Returns a promise without being declared async. */
  @CircuitBreaker(BRITTLE)
  promising(...args: readonly unknown[]): Promise<string> {
    return Promise.resolve().then(() => say(this.title, args));
  }

  @Retry()
  async retried(...args: readonly unknown[]): Promise<string> {
    return say(this.title, args);
  }

  @CircuitBreaker(BRITTLE)
  private hidden(...args: readonly unknown[]): string {
    return say(this.title, args);
  }

  reveal(...args: readonly unknown[]): string {
    return this.hidden(...args);
  }

  @CircuitBreaker(BRITTLE)
  [symbol](...args: readonly unknown[]): string {
    return say(this.title, args);
  }

  @CircuitBreaker(BRITTLE)
  7(...args: readonly unknown[]): string {
    return say(this.title, args);
  }

  @CircuitBreaker(BRITTLE)
  static sync(...args: readonly unknown[]): string {
    return say(this.title, args);
  }

  @CircuitBreaker(BRITTLE)
  static async async(...args: readonly unknown[]): Promise<string> {
    return say(this.title, args);
  }

  @CircuitBreaker(BRITTLE)
  generic<U extends T>(value: U): U {
    return value;
  }

  overloaded(value: number): number;
  overloaded(value: string): string;
  @CircuitBreaker(BRITTLE)
  overloaded(value: number | string): number | string {
    return value;
  }

  @CircuitBreaker(BRITTLE)
  defaulted(first = 'default', { second = 'other' } = {}): string {
    return `${first} ${second}`;
  }
}

function say(title: string, [first]: readonly unknown[]): string {
  if (first === 'fail') throw new Error('down');
  return `${title}: ${String(first)}`;
}

class SubMethods extends Methods {
  override sync(...args: readonly unknown[]): string {
    return `sub ${super.sync(...args)}`;
  }

  static override sync(...args: readonly unknown[]): string {
    return `sub ${super.sync(...args)}`;
  }
}

const kinds: readonly (readonly [string, PropertyKey, object])[] = [
  ['a sync method', 'sync', new Methods()],
  ['an async method', 'async', new Methods()],
  ['a method that returns a promise', 'promising', new Methods()],
  ['a method with a symbol for a name', symbol, new Methods()],
  ['a method with a number for a name', 7, new Methods()],
  ['a private method', 'hidden', new Methods()],
  ['a static method', 'sync', Methods],
  ['an async static method', 'async', Methods],
];

describe.each(kinds)('%s', (_, name, target) => {
  const title = target === Methods ? 'class' : 'object';

  it('is called with its this and its arguments', async () => {
    expect(await outcomeOf(() => call(target, name, 'hello'))).toBe(`${title}: hello`);
  });

  it('fails as it failed', async () => {
    expect(await outcomeOf(() => call(target, name, 'fail'))).toBe('down');
  });

  it('is refused once it has failed', async () => {
    await outcomeOf(() => call(target, name, 'fail'));
    expect(await outcomeOf(() => call(target, name, 'hello'))).toBe(REFUSED);
  });

  it('works bound', async () => {
    const bound = methodOf(target, name).bind(target);
    expect(await outcomeOf(() => bound('hello'))).toBe(`${title}: hello`);
  });

  it('has no this where it was taken off its object', async () => {
    const detached = methodOf(target, name);
    expect(await outcomeOf(() => detached('hello'))).toMatch(/undefined/);
  });

  it('opens its circuit where it was taken off its object', async () => {
    const detached = methodOf(target, name);
    await outcomeOf(() => detached('hello'));
    expect(await outcomeOf(() => call(target, name, 'hello'))).toBe(REFUSED);
  });

  it('is no enumerable property', () => {
    const home = (target === Methods ? Methods : Methods.prototype) as object;
    expect(Object.getOwnPropertyDescriptor(home, name)).toMatchObject({
      enumerable: false,
      writable: true,
      configurable: true,
    });
  });
});

describe('instances', () => {
  it('each have their own this, though they share a circuit', () => {
    const all = Array.from({ length: 100 }, (_, i) => new Methods(`number ${i}`));
    expect(all.map((one) => one.sync('x'))).toEqual(all.map(({ title }) => `${title}: x`));
  });

  it('each have their own this in calls that overlap', async () => {
    const all = Array.from({ length: 100 }, (_, i) => new Methods(`number ${i}`));
    const said = await Promise.all([
      ...all.map((one) => one.async('x')),
      ...all.map((one) => one.retried('x')),
    ]);
    expect(said).toEqual([...all, ...all].map(({ title }) => `${title}: x`));
  });
});

describe('a static method and an instance method of one name', () => {
  it('are two circuits', async () => {
    await outcomeOf(() => Methods.sync('fail'));
    expect(await outcomeOf(() => new Methods().sync('hello'))).toBe('object: hello');
  });

  it('are two circuits the other way round', async () => {
    await outcomeOf(() => new Methods().sync('fail'));
    expect(await outcomeOf(() => Methods.sync('hello'))).toBe('class: hello');
  });
});

describe('a subclass', () => {
  it('calls the method of its base by super', () => {
    expect(new SubMethods('object').sync('hello')).toBe('sub object: hello');
  });

  it('calls the static method of its base by super', () => {
    expect(SubMethods.sync('hello')).toBe('sub class: hello');
  });

  it('is refused by the circuit of its base that it calls by super', async () => {
    await outcomeOf(() => new Methods().sync('fail'));
    expect(await outcomeOf(() => new SubMethods().sync('hello'))).toBe(REFUSED);
  });

  it('shares the circuit of a static method that it inherits', async () => {
    await outcomeOf(() => SubMethods.async('fail'));
    expect(await outcomeOf(() => Methods.async('hello'))).toBe(REFUSED);
  });

  it('has itself as the this of a static method that it inherits', async () => {
    class Titled extends Methods {
      static override readonly title = 'sub class';
    }
    expect(await Titled.async('hello')).toBe('sub class: hello');
  });
});

describe('what a method is called with and returns', () => {
  it('is kept of a generic method', () => {
    const value = { x: 1 };
    expect(new Methods<object>().generic(value)).toBe(value);
  });

  it('is kept of an overloaded method', () => {
    const methods = new Methods();
    expect([methods.overloaded(1).toFixed(1), methods.overloaded('a').toUpperCase()]).toEqual(['1.0', 'A']);
  });

  it('is kept of parameters with defaults', () => {
    expect([new Methods().defaulted(), new Methods().defaulted('one', { second: 'two' })]).toEqual([
      'default other',
      'one two',
    ]);
  });

  it('is kept of a private method that a public one calls', () => {
    expect(new Methods().reveal('hello')).toBe('object: hello');
  });

  it('is a promise where the method returned one, and nothing else where not', () => {
    const methods = new Methods();
    expect([methods.sync('x'), methods.async('x'), methods.promising('x')]).toEqual([
      'object: x',
      expect.any(Promise),
      expect.any(Promise),
    ]);
  });
});

describe('a method that is called inside itself', () => {
  it('is guarded each time', () => {
    class Tree {
      @CircuitBreaker({ failureThreshold: 3 })
      depth(levels: number): number {
        return levels === 0 ? 0 : 1 + this.depth(levels - 1);
      }
    }
    circuitOf(Tree, 'depth')?.force('open');
    expect(() => new Tree().depth(3)).toThrow(expect.objectContaining({ code: REFUSED }));
    circuitOf(Tree, 'depth')?.force('auto');
    expect(new Tree().depth(3)).toBe(3);
  });
});
