import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { circuitOf, CircuitBreaker, policiesOf, Retry } from '@switchgear/decorators';
import { Api } from '../support/api.js';
import { composed } from '../support/composed.js';
import { heardWarnings } from '../support/heard-warnings.js';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { call, methodOf } from '../support/method-of.js';
import { outcomeOf } from '../support/outcome-of.js';

manualCircuits();

const REFUSED = 'ERR_CIRCUIT_OPEN';

describe('decorators that a helper of the user’s puts together', () => {
  const resilient = composed(
    Retry({ maxRetries: 2, initialDelay: 0 }),
    CircuitBreaker({ failureThreshold: 9 }),
  );

  class One {
    readonly api: Api = new Api();

    @resilient
    async load(): Promise<string> {
      return this.api.get();
    }

    @resilient
    async save(): Promise<string> {
      return this.api.get();
    }
  }

  it('stand in the order they were given', () => {
    expect(policiesOf(One, 'load').map(({ kind }) => kind)).toEqual(['retry', 'circuit-breaker']);
  });

  it('work as if each was written', async () => {
    const one = new One();
    one.api.isDown = true;
    await outcomeOf(() => one.load());
    expect([one.api.calls, circuitOf(One, 'load')?.snapshot().failures]).toEqual([3, 3]);
  });

  it('give each method its own circuit', async () => {
    const one = new One();
    one.api.isDown = true;
    await outcomeOf(() => one.load());
    expect(circuitOf(One, 'save')?.snapshot().failures).toBe(0);
  });

  it('are no reason for a warning', async () => {
    const warnings = heardWarnings();
    await new One().load();
    await new One().save();
    expect(warnings).toEqual([]);
  });
});

describe('a decorator that is kept and used again', () => {
  const guarded = CircuitBreaker(BRITTLE);
  const retried = Retry({ maxRetries: 1, initialDelay: 0 });

  class One {
    @guarded
    async load(): Promise<string> {
      throw new Error('down');
    }

    @retried
    async save(): Promise<string> {
      return 'saved';
    }
  }

  class Other {
    @guarded
    async load(): Promise<string> {
      return 'loaded';
    }

    @guarded
    async loadMore(): Promise<string> {
      return 'more';
    }

    @retried
    async save(): Promise<string> {
      return 'saved as well';
    }
  }

  it('gives the methods of each class their own circuits', async () => {
    await outcomeOf(() => new One().load());
    expect([await new Other().load(), await new Other().loadMore()]).toEqual(['loaded', 'more']);
  });

  it('tries the method again that it decorates', async () => {
    expect([await new One().save(), await new Other().save()]).toEqual(['saved', 'saved as well']);
  });

  it('shares a circuit where it has a key', async () => {
    const keyed = CircuitBreaker({ ...BRITTLE, key: 'composition.spec kept' });
    class Left {
      @keyed
      now(): void {
        throw new Error('down');
      }
    }
    class Right {
      @keyed
      now(): void {}
    }
    await outcomeOf(() => new Left().now());
    expect(await outcomeOf(() => new Right().now())).toBe(REFUSED);
  });
});

describe('a mixin', () => {
  class Left {
    readonly side: string = 'left';
  }
  class Right extends Left {
    override readonly side: string = 'right';
  }

  /** A class that is made anew by each call. */
  function Guarded(base: typeof Left, title: string): new () => { load(): string } {
    class Mixed extends base {
      @CircuitBreaker(BRITTLE)
      load(): string {
        return this.side;
      }
    }
    return Object.defineProperty(Mixed, 'name', { value: title });
  }

  it('gives every class that it makes a circuit by its name', () => {
    const warnings = heardWarnings();
    const [GuardedLeft, GuardedRight] = [Guarded(Left, 'GuardedLeft'), Guarded(Right, 'GuardedRight')];
    circuitOf(GuardedLeft, 'load')?.force('open');
    expect(new GuardedRight().load()).toBe('right');
    expect(warnings).toEqual([]);
  });

  it('tells where classes of one name share a circuit', () => {
    const warnings = heardWarnings();
    new (Guarded(Left, 'Same'))().load();
    new (Guarded(Right, 'Same'))().load();
    expect(warnings).toHaveLength(1);
  });
});

describe('a class that calls its own method while it is being defined', () => {
  it('is guarded by the circuit that is found later', () => {
    class Early {
      @CircuitBreaker(BRITTLE)
      static load(): string {
        return 'loaded';
      }

      static readonly loaded: string = Early.load();
      readonly field: number = 1;
    }
    expect(Early.loaded).toBe('loaded');
    expect(circuitOf(Early, 'load')?.key).toMatch(/^Early\.load /);
  });
});

describe('a frozen class', () => {
  class Frozen {
    readonly api: Api = new Api();

    @Retry({ initialDelay: 0 })
    @CircuitBreaker(BRITTLE)
    async load(): Promise<string> {
      return this.api.get();
    }
  }
  Object.freeze(Frozen);
  Object.freeze(Frozen.prototype);
  Object.freeze(methodOf(Frozen.prototype, 'load'));

  it('works', async () => {
    expect(await Object.freeze(new Frozen()).load()).toBe('answer');
  });

  it('tells its policies and its circuit', () => {
    expect([policiesOf(Frozen, 'load').length, circuitOf(Frozen, 'load')?.state]).toEqual([2, 'closed']);
  });
});

describe('a strange this', () => {
  class Named {
    readonly title: string = 'named';

    @CircuitBreaker(BRITTLE)
    say(word: string): string {
      if (word === 'fail') throw new Error('down');
      return `${this.title}: ${word}`;
    }
  }
  const say = methodOf(Named.prototype, 'say');

  const nothing = Object.assign(Object.create(null) as object, { title: 'nothing' });
  const anything = new Proxy(new Named(), { get: (target, name) => (name === 'title' ? 'proxy' : target) });
  const child = Object.create(new Named(), { title: { value: 'child' } }) as object;
  const constructed = { title: 'constructed', constructor: 'no class' };

  it.each([
    ['an object without a prototype', nothing, 'nothing: hi'],
    ['a proxy that answers anything', anything, 'proxy: hi'],
    ['an object that inherits from an instance', child, 'child: hi'],
    ['an object whose constructor is none', constructed, 'constructed: hi'],
    ['a primitive', 'text', 'undefined: hi'],
  ])('is the method’s own: %s', (_, self, said) => {
    expect(Reflect.apply(say, self, ['hi'])).toBe(said);
  });

  it.each([
    ['an object without a prototype', nothing],
    ['a proxy that answers anything', anything],
    ['an object that inherits from an instance', child],
    ['an object whose constructor is none', constructed],
    ['nothing', undefined],
  ])('opens the circuit for all: %s', async (_, self) => {
    await outcomeOf(() => Reflect.apply(say, self, ['fail']));
    expect(await outcomeOf(() => new Named().say('hi'))).toBe(REFUSED);
  });

  it('is a revoked proxy only for the method', () => {
    const { proxy, revoke } = Proxy.revocable(new Named(), {});
    new Named().say('hi');
    revoke();
    expect(() => Reflect.apply(say, proxy, ['hi'])).toThrow(/revoked/);
  });
});

describe('jest.spyOn a decorated method', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  class Spied {
    @CircuitBreaker(BRITTLE)
    async load(id: string): Promise<string> {
      if (id === 'bad') throw new Error('down');
      return id;
    }
  }

  it('hears the calls, which are guarded as before', async () => {
    const spy = jest.spyOn(Spied.prototype, 'load');
    expect(await new Spied().load('x')).toBe('x');
    expect(spy).toHaveBeenCalledWith('x');
  });

  it('leaves the circuit to the class', async () => {
    jest.spyOn(Spied.prototype, 'load');
    await outcomeOf(() => new Spied().load('bad'));
    jest.restoreAllMocks();
    expect(await outcomeOf(() => new Spied().load('x'))).toBe(REFUSED);
    expect(circuitOf(Spied, 'load')?.state).toBe('open');
  });

  it('may stand in for the method, unguarded', async () => {
    const spied = new Spied();
    jest.spyOn(spied, 'load').mockResolvedValue('mocked');
    expect([await spied.load('bad'), policiesOf(spied, 'load')]).toEqual(['mocked', []]);
  });
});

describe('a method that other code decorates again', () => {
  class Base {
    @CircuitBreaker(BRITTLE)
    load(): string {
      return 'loaded';
    }
  }

  it('keeps its circuit beneath the new one', () => {
    class Again extends Base {
      @CircuitBreaker({ failureThreshold: 3 })
      override load(): string {
        return `again ${String(call(Base.prototype, 'load'))}`;
      }
    }
    expect([policiesOf(Again, 'load').length, new Again().load()]).toEqual([1, 'again loaded']);
  });
});
