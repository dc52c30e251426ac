import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker as Breaker, circuits } from '@switchgear/core';
import { CircuitBreaker, Circuits, circuitOf, policiesOf } from '@switchgear/decorators';
import { Api } from '../support/api.js';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { outcomeOf, thrownBy } from '../support/outcome-of.js';

manualCircuits();

const POLICIES = {
  'circuits.spec geo': BRITTLE,
  'circuits.spec maps': { failureThreshold: 2, resetTimeout: '30s' },
} as const;

/** Refers to a key before any class has declared it. */
class Early {
  @CircuitBreaker('circuits.spec geo')
  static now(): string {
    return 'early';
  }

  readonly api: Api = new Api();
}

@Circuits(POLICIES)
class Geocoder {
  readonly api: Api = new Api();

  @CircuitBreaker('circuits.spec geo')
  async lookup(): Promise<string> {
    return this.api.get('point');
  }

  @CircuitBreaker('circuits.spec maps')
  async tile(): Promise<string> {
    return this.api.get('tile');
  }
}

class Later {
  readonly api: Api = new Api();

  @CircuitBreaker('circuits.spec geo')
  now(): string {
    return 'later';
  }
}

@Circuits({ 'circuits.spec routes': {} })
class Router extends Geocoder {
  @CircuitBreaker('circuits.spec routes')
  now(): string {
    return 'route';
  }
}

class Walker extends Router {}

async function outage(): Promise<void> {
  const geocoder = new Geocoder();
  geocoder.api.isDown = true;
  await outcomeOf(() => geocoder.lookup());
}

describe('@Circuits declares circuits', () => {
  it('with their policies', () => {
    expect(circuits.get('circuits.spec maps').explain().threshold).toBe(2);
  });

  it('with the default policy where none is said', () => {
    expect(circuits.get('circuits.spec routes').explain().threshold).toBe(5);
  });

  it('for the methods of the class', async () => {
    await outage();
    expect(await outcomeOf(() => new Geocoder().lookup())).toBe('ERR_CIRCUIT_OPEN');
  });

  it('one for each key', async () => {
    await outage();
    expect(await outcomeOf(() => new Geocoder().tile())).toBe('tile');
  });

  it('for a class that was defined before', async () => {
    await outage();
    expect(await outcomeOf(() => Early.now())).toBe('ERR_CIRCUIT_OPEN');
  });

  it('for a class that is defined after', async () => {
    await outage();
    expect(await outcomeOf(() => new Later().now())).toBe('ERR_CIRCUIT_OPEN');
  });

  it('for subclasses', async () => {
    await outage();
    expect(await outcomeOf(() => new Walker().lookup())).toBe('ERR_CIRCUIT_OPEN');
  });

  it('with the class’s place', () => {
    const error = thrownBy(() => circuits.get('circuits.spec geo', { failureThreshold: 7 }));
    expect(error).toMatchObject({ there: expect.stringMatching(/declared-circuits\.spec\.ts:\d+:\d+$/) });
  });

  it('more of them where it stands twice', () => {
    @Circuits({ 'circuits.spec one': {} })
    @Circuits({ 'circuits.spec two': {} })
    class Twice {
      readonly api: Api = new Api();
    }
    expect(
      policiesOf(Twice).map((policy) => Object.keys('policies' in policy ? policy.policies : {})),
    ).toEqual([['circuits.spec one'], ['circuits.spec two']]);
  });

  it('and leaves the class as it was', () => {
    expect([Geocoder.name, new Geocoder().constructor, Object.keys(new Geocoder())]).toEqual([
      'Geocoder',
      Geocoder,
      ['api'],
    ]);
  });
});

describe('@Circuits with a policy', () => {
  function declared(policies: unknown): unknown {
    return thrownBy(() => {
      @Circuits(policies as Parameters<typeof Circuits>[0])
      class Faulty {
        readonly api: Api = new Api();
      }
      return new Faulty();
    });
  }

  it('throws for all that is wrong with it, when the class is defined', () => {
    expect(declared({ 'circuits.spec faulty': { failureThreshold: 0, resetTimeout: -1 } })).toMatchObject({
      code: 'ERR_POLICY',
      faults: [
        { path: 'circuits.spec faulty.resetTimeout' },
        { path: 'circuits.spec faulty.failureThreshold' },
      ],
    });
  });

  it('throws for all that is wrong with all of them at once, and says which it is', () => {
    const error = declared({
      'circuits.spec a': { resetTimeout: '2w', window: { calls: 0 } },
      'circuits.spec b': {},
      'circuits.spec c': { failureTreshold: 3 },
    });
    expect(error).toMatchObject({
      subject: '@Circuits',
      faults: [
        { path: 'circuits.spec a.resetTimeout', received: '2w' },
        { path: 'circuits.spec a.window.calls', received: 0 },
        { path: 'circuits.spec c.failureTreshold', unknown: true, suggestion: 'failureThreshold' },
      ],
    });
  });

  it('declares nothing where one of several has a fault', () => {
    declared({ 'circuits.spec right': {}, 'circuits.spec wrong': { failureThreshold: 0 } });
    expect([circuits.has('circuits.spec right'), circuits.has('circuits.spec wrong')]).toEqual([
      false,
      false,
    ]);
  });

  it.each(['other', 'circuits.spec key', 5, () => 'other', null])(
    'throws for a key within a policy, and says which it has: %p',
    (key) => {
      expect(declared({ 'circuits.spec key': { key, failureThreshold: 0 } })).toMatchObject({
        faults: [
          {
            path: 'circuits.spec key.key',
            received: key,
            allowed: 'nothing: the key is "circuits.spec key"',
          },
          { path: 'circuits.spec key.failureThreshold' },
        ],
      });
    },
  );

  it('takes one whose key is undefined', () => {
    @Circuits({ 'circuits.spec undefined': { key: undefined } as object })
    class Service {
      readonly api: Api = new Api();
    }
    expect([new Service().api.calls, circuits.has('circuits.spec undefined')]).toEqual([0, true]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['a key', 'geo-api'],
    ['a list', []],
    ['a function', () => ({})],
    ['a breaker', new Breaker()],
  ])('throws for what is none, and says which it is: %s', (_, given) => {
    expect(declared({ 'circuits.spec none': given })).toMatchObject({
      faults: [
        {
          path: 'circuits.spec none',
          received: given,
          allowed: 'a policy, such as { failureThreshold: 3 } or {}',
        },
      ],
    });
  });

  it('throws if the key stands for another policy, with both places', () => {
    expect(declared({ 'circuits.spec geo': { failureThreshold: 7 } })).toMatchObject({
      code: 'ERR_KEY_CONFLICT',
      here: expect.stringMatching(/declared-circuits\.spec\.ts:\d+:\d+$/),
      there: expect.stringMatching(/declared-circuits\.spec\.ts:\d+:\d+$/),
    });
  });

  it('takes one that was declared, if it is the same', () => {
    @Circuits({ 'circuits.spec geo': { ...BRITTLE } })
    class Same {
      @CircuitBreaker('circuits.spec geo')
      now(): void {}
    }
    expect(circuitOf(Same, 'now')).toBe(circuitOf(Geocoder, 'lookup'));
  });

  it('throws for a key that is empty', () => {
    expect(declared({ '': { failureThreshold: 0 } })).toMatchObject({
      faults: [
        {
          path: "''",
          received: '',
          allowed: expect.stringMatching(/^as a key, a text of at least 1 character/),
        },
        { path: "''.failureThreshold" },
      ],
    });
  });

  it('throws for a key that is too long', () => {
    const key = 'k'.repeat(501);
    expect(declared({ [key]: {} })).toMatchObject({
      faults: [{ path: key, received: key, allowed: 'as a key, a text of at most 500 bytes of UTF-8' }],
    });
  });
});

describe('policiesOf a class', () => {
  const declares = (keys: readonly string[]) => ({
    kind: 'circuits',
    policies: Object.fromEntries(keys.map((key) => [key, expect.anything()])),
  });
  const ROUTES = declares(['circuits.spec routes']);
  const GEO = declares(Object.keys(POLICIES));

  it('is what it declares, as it was written', () => {
    expect(policiesOf(Geocoder)).toEqual([{ kind: 'circuits', policies: POLICIES }]);
  });

  it('is nothing where it declares nothing', () => {
    expect(policiesOf(Later)).toEqual([]);
  });

  it('is what it declares, and then what its base class declares', () => {
    expect(policiesOf(Router)).toEqual([ROUTES, GEO]);
  });

  it('is what its base classes declare where it declares nothing', () => {
    expect(policiesOf(Walker)).toEqual([ROUTES, GEO]);
  });

  it.each([
    ['of a class that declares some', Router],
    ['of a class that inherits some', Walker],
    ['of a class that has none', Later],
  ])('is frozen: %s', (_, target) => {
    expect(Object.isFrozen(policiesOf(target))).toBe(true);
  });

  it('does not change with the object that was given', () => {
    const given: Record<string, { failureThreshold: number }> = {
      'circuits.spec given': { failureThreshold: 3 },
    };
    @Circuits(given)
    class Given {
      readonly api: Api = new Api();
    }
    given['circuits.spec given'].failureThreshold = 4;
    given['circuits.spec more'] = { failureThreshold: 5 };
    expect(policiesOf(Given)).toEqual([
      { kind: 'circuits', policies: { 'circuits.spec given': { failureThreshold: 3 } } },
    ]);
  });
});
