import { describe, expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker, Circuits, policiesOf } from '@switchgear/decorators';
import { heardWarnings } from '../support/heard-warnings.js';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { outcomeOf } from '../support/outcome-of.js';

manualCircuits();

/** Classes that have no name, at two places of this file. */
const [one, other] = [
  class {
    @CircuitBreaker(BRITTLE)
    load(): string {
      throw new Error('down');
    }
  },
  class {
    @CircuitBreaker(BRITTLE)
    load(): string {
      return 'loaded';
    }
  },
];

describe('a class expression', () => {
  it('has the name of its variable in that of its circuit', () => {
    const Named = class {
      @CircuitBreaker(BRITTLE)
      load(): void {}
    };
    expect(circuitOf(Named, 'load')?.key).toMatch(/^Named\.load \(/);
  });

  it('is called anonymous where it has no name', () => {
    expect(circuitOf(one, 'load')?.key).toMatch(/^\(anonymous\)\.load \(/);
  });

  it('shares no circuit with another that has no name', async () => {
    const warnings = heardWarnings();
    await outcomeOf(() => new one().load());
    expect([new other().load(), warnings]).toEqual(['loaded', []]);
  });

  it('declares circuits', () => {
    const Declaring =
      @Circuits({ 'class-expressions.spec': BRITTLE })
      class {
        @CircuitBreaker('class-expressions.spec')
        load(): void {}
      };
    expect([policiesOf(Declaring).length, circuitOf(Declaring, 'load')?.key]).toEqual([
      1,
      'class-expressions.spec',
    ]);
  });
});

describe('a static block', () => {
  it('may call the guarded methods of its class', () => {
    class Early {
      static said: string;

      @CircuitBreaker(BRITTLE)
      say(): string {
        return 'instance';
      }

      @CircuitBreaker(BRITTLE)
      static say(): string {
        return 'static';
      }

      static {
        Early.said = `${Early.say()} ${new Early().say()}`;
      }
    }
    expect([Early.said, circuitOf(Early, 'say')?.key]).toEqual([
      'static instance',
      expect.stringMatching(/^Early\.say /),
    ]);
  });

  it('may freeze its class', async () => {
    class Frozen {
      @CircuitBreaker(BRITTLE)
      load(): string {
        throw new Error('down');
      }

      static {
        Object.freeze(Frozen);
        Object.freeze(Frozen.prototype);
      }
    }
    await outcomeOf(() => new Frozen().load());
    expect(circuitOf(Frozen, 'load')?.state).toBe('open');
  });
});

describe('a class that a decorator replaces by another', () => {
  class Another {
    readonly title: string = 'another';
  }

  it('tells what it declares', () => {
    const replaced = (() => Another) as unknown as (original: unknown) => void;

    @replaced
    @Circuits({ 'class-expressions.spec another': BRITTLE })
    class Original {
      readonly title: string = 'original';
    }
    expect(policiesOf(Original)).toMatchObject([{ kind: 'circuits' }]);
  });
});

describe('a class that a decorator replaces by a subclass', () => {
  function Replaced<C extends new () => object>(base: C): C {
    return class Replacement extends (base as new () => object) {} as C;
  }

  @Replaced
  @Circuits({ 'class-expressions.spec replaced': BRITTLE })
  class Original {
    @CircuitBreaker(BRITTLE)
    load(): string {
      throw new Error('down');
    }
  }

  it('has the circuit of its calls', async () => {
    await outcomeOf(() => new Original().load());
    expect(circuitOf(Original, 'load')?.state).toBe('open');
  });

  it('tells what it declares', () => {
    expect(policiesOf(Original)).toMatchObject([{ kind: 'circuits' }]);
  });
});
