import { describe, expect, it } from '@jest/globals';
import { circuits } from '@switchgear/core';
import {
  Bulkhead,
  CircuitBreaker,
  Circuits,
  Deadline,
  RateLimit,
  Retry,
  Timeout,
} from '@switchgear/decorators';
import type { AnyDecorator } from '../support/composed.js';
import { manualCircuits } from '../support/manual-circuits.js';
import { thrownBy } from '../support/outcome-of.js';

manualCircuits();

/** Of which types know no more than that it may stand anywhere. */
type Misplaced = (...args: readonly unknown[]) => void;

/** What plain JavaScript can do, the types cannot see. */
const decorators: readonly (readonly [string, AnyDecorator, given?: string | number])[] = [
  ['@Retry', Retry as unknown as AnyDecorator],
  ['@CircuitBreaker', CircuitBreaker as unknown as AnyDecorator],
  ['@Timeout', Timeout as unknown as AnyDecorator, '5s'],
  ['@Deadline', Deadline as unknown as AnyDecorator, '5s'],
  ['@Bulkhead', Bulkhead as unknown as AnyDecorator],
  ['@RateLimit', RateLimit as unknown as AnyDecorator, 100],
];

/** Defines a class with something decorated, and returns what that throws. */
const misplaced: Readonly<Record<string, (decorator: Misplaced) => unknown>> = {
  method: (decorator) =>
    thrownBy(() => {
      class Service {
        @decorator
        async load(): Promise<void> {}
      }
      return new Service();
    }),
  'static method': (decorator) =>
    thrownBy(() => {
      class Service {
        readonly field: number = 1;

        @decorator
        static async load(): Promise<void> {}
      }
      return new Service();
    }),
  field: (decorator) =>
    thrownBy(() => {
      class Service {
        @decorator
        load = async (): Promise<void> => {};
      }
      return new Service();
    }),
  class: (decorator) =>
    thrownBy(() => {
      @decorator
      class Service {
        readonly field: number = 1;
      }
      return new Service();
    }),
  getter: (decorator) =>
    thrownBy(() => {
      class Service {
        @decorator
        get load(): number {
          return Math.PI;
        }
      }
      return new Service();
    }),
  setter: (decorator) =>
    thrownBy(() => {
      class Service {
        readonly field: number = 1;

        @decorator
        set load(_value: number) {}
      }
      return new Service();
    }),
};

describe.each(decorators)('%s', (name, factory, given) => {
  const written = `${name}(${typeof given === 'string' ? `'${given}'` : (given ?? '')})`;

  it.each(['method', 'static method', 'field', 'class', 'getter', 'setter'])(
    'without parentheses, on a %s, says how to write it',
    (place) => {
      const error = misplaced[place](factory) as TypeError;
      expect([error.name, error.message]).toEqual([
        'TypeError',
        `${name} needs parentheses: write ${written}`,
      ]);
    },
  );

  it.each([
    [
      'field',
      /decorates methods, not a field, "load"\. Make it a method, or wrap the function that the field holds/,
    ],
    ['class', /decorates methods, not a class, "Service"\. Put it on each of its methods/],
    ['getter', /decorates methods, not a getter, "load"\. Make it a method/],
    ['setter', /decorates methods, not a setter, "load"\. Make it a method/],
  ])('on a %s says what to do', (place, message) => {
    const error = misplaced[place](factory(given) as Misplaced) as TypeError;
    expect([error.name, error.message]).toEqual(['TypeError', expect.stringMatching(message)]);
    expect(error.message).toContain(name);
  });
});

it.each([
  ['@Retry', Retry(), 'withRetry(policy)(fn)'],
  ['@CircuitBreaker', CircuitBreaker(), 'withCircuitBreaker(policy)(fn)'],
  ['@Timeout', Timeout('5s'), 'withTimeout(policy)(fn)'],
  ['@Deadline', Deadline('5s'), 'withDeadline(policy)(fn)'],
  ['@Bulkhead', Bulkhead(5), 'withBulkhead(policy)(fn)'],
  ['@RateLimit', RateLimit(5), 'withRateLimit(policy)(fn)'],
])('%s on a field names the function that wraps one', (_, decorator, advice) => {
  const error = misplaced['field'](decorator as unknown as Misplaced) as TypeError;
  expect(error.message).toContain(advice);
});

describe('@Retry on a stream', () => {
  const retry = Retry() as unknown as Misplaced;
  const guarded = CircuitBreaker() as unknown as Misplaced;

  const streams: readonly (readonly [string, () => unknown])[] = [
    [
      'an async generator',
      () => {
        class Feed {
          @retry
          async *lines(): AsyncGenerator<number> {
            yield 1;
          }
        }
        return new Feed();
      },
    ],
    [
      'a generator',
      () => {
        class Feed {
          @retry
          *lines(): Generator<number> {
            yield 1;
          }
        }
        return new Feed();
      },
    ],
    [
      'a static generator',
      () => {
        class Feed {
          readonly field: number = 1;

          @retry
          static *lines(): Generator<number> {
            yield 1;
          }
        }
        return new Feed();
      },
    ],
  ];

  it.each(streams)('throws when the class is defined: %s', (_, define) => {
    expect(thrownBy(define)).toMatchObject({
      name: 'TypeError',
      message: '@Retry cannot retry a stream, which "lines" returns; retry what makes it',
    });
  });

  it('throws when the class is defined, where a circuit guards it', () => {
    const error = thrownBy(() => {
      class Feed {
        @retry
        @guarded
        async *lines(): AsyncGenerator<number> {
          yield 1;
        }
      }
      return new Feed();
    });
    expect(error).toMatchObject({
      name: 'TypeError',
      message: '@Retry cannot retry a stream, which "lines" returns; retry what makes it',
    });
  });
});

describe.each([
  ['@Timeout', Timeout('5s'), 'bound a sync generator', 'make it async'],
  ['@Deadline', Deadline('5s'), 'bound a sync generator', 'make it async'],
  [
    '@Bulkhead',
    Bulkhead({ maxQueue: 1 }),
    'let a sync generator wait',
    'make it async, or leave maxQueue out',
  ],
  [
    '@RateLimit',
    RateLimit({ limit: 1, maxWait: 1 }),
    'let a sync generator wait',
    'make it async, or leave maxWait out',
  ],
])('%s on a sync generator', (name, decorator, cannot, advice) => {
  const bound = decorator as unknown as Misplaced;
  const message = `${name} cannot ${cannot}, which "lines" returns; ${advice}`;

  it('throws when the class is defined', () => {
    const error = thrownBy(() => {
      class Feed {
        @bound
        *lines(): Generator<number> {
          yield 1;
        }
      }
      return new Feed();
    });
    expect(error).toMatchObject({ name: 'TypeError', message });
  });

  it('throws when the class is defined, where circuits guard it', () => {
    const error = thrownBy(() => {
      class Feed {
        @bound
        @CircuitBreaker()
        @CircuitBreaker({ key: 'misuse.spec lines' })
        *lines(): Generator<number> {
          yield 1;
        }
      }
      return new Feed();
    });
    expect(error).toMatchObject({ name: 'TypeError', message });
  });
});

describe('@Circuits', () => {
  const factory = Circuits as unknown as AnyDecorator;

  class Policies {
    readonly 'geo-api': object = {};
  }

  it.each(['method', 'static method', 'field', 'getter', 'setter'])(
    'on a %s says where to put it',
    (place) => {
      expect(misplaced[place](factory({ 'misuse.spec': {} }) as Misplaced)).toMatchObject({
        name: 'TypeError',
        message: '@Circuits decorates classes, not members such as "load". Put it on the class',
      });
    },
  );

  it('on a method declares nothing', () => {
    misplaced['method'](factory({ 'misuse.spec nothing': {} }) as Misplaced);
    expect(circuits.has('misuse.spec nothing')).toBe(false);
  });

  it('without parentheses says how to write it', () => {
    expect(misplaced['class'](factory)).toMatchObject({
      name: 'TypeError',
      message: expect.stringMatching(/^@Circuits needs parentheses/),
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a key', 'geo-api'],
    ['a number', 5],
    ['a list', [['geo-api', {}]]],
    ['a map', new Map([['geo-api', {}]])],
    ['an instance of a class', new Policies()],
  ])('of %s says what it takes', (_, given) => {
    expect(thrownBy(() => factory(given))).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining("expected policies by key, such as { 'geo-api': {} }"),
    });
  });

  it.each([
    [undefined, 'undefined'],
    ['geo-api', '"geo-api"'],
    [[], '[]'],
    [new Map(), '[Map]'],
    [new Policies(), '[Policies]'],
    [Object.create({}), '[object]'],
  ])('says what came: %p', (given, shown) => {
    const { message } = thrownBy(() => factory(given)) as Error;
    expect(message.split(', received ').at(-1)).toBe(shown);
  });

  it('takes what has no prototype, such as a module', () => {
    const policies = Object.assign(Object.create(null) as object, { 'misuse.spec module': {} });
    expect(() => factory(policies)).not.toThrow();
  });

  it.each([
    ['null', null],
    ['a number', 5],
    ['nothing', undefined],
  ])('with %s for a policy throws where it is written', (_, policy) => {
    expect(thrownBy(() => factory({ 'misuse.spec no policy': policy }))).toMatchObject({
      code: 'ERR_POLICY',
    });
  });
});

describe('a policy with faults is told with all of them, where it is written', () => {
  it.each([
    ['@CircuitBreaker', () => CircuitBreaker({ failureThreshold: 0, resetTimeout: -1 })],
    ['@CircuitBreaker with a key', () => CircuitBreaker({ key: 'k', failureThreshold: 0, resetTimeout: -1 })],
    [
      '@CircuitBreaker with a key function',
      () => CircuitBreaker({ key: () => 'k', failureThreshold: 0, resetTimeout: -1 }),
    ],
  ])('%s', (_, decorate) => {
    expect(thrownBy(decorate)).toMatchObject({
      code: 'ERR_POLICY',
      faults: [{ path: 'resetTimeout' }, { path: 'failureThreshold' }],
    });
  });

  it('@CircuitBreaker with an option that does not exist, and the one that was meant', () => {
    const policy = { failureTreshold: 3 };
    expect(() => CircuitBreaker(policy as object)).toThrow(
      /failureTreshold.*did you mean "failureThreshold"/,
    );
  });

  it('@Retry with an option that does not exist, and the one that was meant', () => {
    const policy = { maxRetrys: 3 };
    expect(() => Retry(policy as object)).toThrow(/maxRetrys.*did you mean "maxRetries"/);
  });
});

it.each([null, 5, { clock: {} }, { random: 0.5 }, { wallClock: 0 }])(
  '@Retry with options that make no sense throws where they are written: %p',
  (options) => {
    const factory = Retry as unknown as AnyDecorator;
    expect(thrownBy(() => factory({}, options))).toMatchObject({
      code: 'ERR_POLICY',
      subject: 'RetryOptions',
    });
  },
);

describe.each(decorators)('%s of what is no policy', (_, factory) => {
  it.each([
    ['null', null],
    ['a number', -5],
    ['true', true],
    ['an array', []],
    ['a symbol', Symbol('x')],
  ])('throws a PolicyError: %s', (__, given) => {
    expect(thrownBy(() => factory(given))).toMatchObject({ code: 'ERR_POLICY' });
  });
});

it.each([
  ['@Timeout', Timeout, 'TimeoutOptions'],
  ['@Deadline', Deadline, 'DeadlineOptions'],
] as const)('%s with options that make no sense throws where they are written', (_, decorator, subject) => {
  const factory = decorator as unknown as AnyDecorator;
  for (const options of [null, 5, { clock: {} }, { clok: 1 }])
    expect(thrownBy(() => factory('5s', options))).toMatchObject({ code: 'ERR_POLICY', subject });
});

it('@CircuitBreaker of a function says how to name a circuit by one', () => {
  const factory = CircuitBreaker as unknown as AnyDecorator;
  expect(thrownBy(() => factory((tenant: string) => tenant))).toMatchObject({
    name: 'TypeError',
    message: expect.stringContaining('@CircuitBreaker({ key: fn })'),
  });
});

it.each([[''], [{ key: 7 }], [{ key: null }], [{ key: '' }]])(
  '@CircuitBreaker of %j throws at the definition',
  (key) => {
    expect(() => CircuitBreaker(key as never)).toThrow(/key: received .*; allowed: a text/);
  },
);
