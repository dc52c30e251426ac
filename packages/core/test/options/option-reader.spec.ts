import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Fault, isPolicyError } from '../../src/index.js';
import type { ErrorMatcher } from '../../src/options/matcher.js';
import { nearest, OptionReader } from '../../src/options/option-reader.js';
import type { Duration } from '../../src/time/duration.js';

interface Policy {
  key?: string | ((tenant: string) => string);
  failureThreshold?: number;
  failureRate?: number;
  factor?: number;
  resetTimeout?: Duration;
  async?: boolean;
  jitter?: 'full' | 'none';
  expectedErrors?: ErrorMatcher;
  onOpen?: (failures: number) => void;
  window?: { calls: number } | { duration: Duration };
}
type Read = (read: OptionReader<Policy>) => unknown;

function reading(input: unknown, reads: Read): unknown {
  const read = new OptionReader<Policy>('Policy', input);
  const result = reads(read);
  read.finish();
  return result;
}
function faultsOf(input: unknown, reads: Read): readonly Fault[] {
  try {
    reading(input, reads);
  } catch (error) {
    if (isPolicyError(error)) return error.faults;
    throw error;
  }
  return [];
}
const linesOf = (input: unknown, reads: Read): string[] => {
  try {
    reading(input, reads);
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
};

const count: Read = (read) => read.integer('failureThreshold', { default: 5, min: 1, max: 100 });
const factor: Read = (read) => read.number('factor', { default: 2, min: 1 });
const rate: Read = (read) => read.ratio('failureRate', { default: 0.5 });
const time: Read = (read) => read.duration('resetTimeout', { default: 60_000, min: 1, max: 86_400_000 });
const flag: Read = (read) => read.boolean('async', { default: false });
const key: Read = (read) => read.text('key', { max: 10 });
const jitter: Read = (read) => read.oneOf('jitter', ['full', 'none'], { default: 'full' });
const onOpen: Read = (read) => read.callback('onOpen');
const expected: Read = (read) => read.matcher('expectedErrors');
const window: Read = (read) =>
  read.group('window', (inner) => inner.integer('calls', { required: true, min: 1 }));
const listener = (): void => undefined;

describe('a field', () => {
  it.each<[string, object, Read, unknown]>([
    ['a whole number', { failureThreshold: 7 }, count, 7],
    ['a number', { factor: 1.5 }, factor, 1.5],
    ['a ratio of one', { failureRate: 1 }, rate, 1],
    ['a duration in milliseconds', { resetTimeout: 250 }, time, 250],
    ['a duration as text', { resetTimeout: '30s' }, time, 30_000],
    ['a boolean', { async: true }, flag, true],
    ['a text', { key: 'geo' }, key, 'geo'],
    ['one of a few', { jitter: 'none' }, jitter, 'none'],
    ['a callback', { onOpen: listener }, onOpen, listener],
    ['a matcher', { expectedErrors: TypeError }, expected, TypeError],
    ['in a group', { window: { calls: 3 } }, window, 3],
  ])('is read: %s', (_, input, reads, value) => {
    expect(reading(input, reads)).toBe(value);
  });

  it.each<[string, Read, unknown]>([
    ['failureThreshold', count, 5],
    ['factor', factor, 2],
    ['failureRate', rate, 0.5],
    ['resetTimeout', time, 60_000],
    ['async', flag, false],
    ['key', key, undefined],
    ['jitter', jitter, 'full'],
    ['onOpen', onOpen, undefined],
    ['expectedErrors', expected, undefined],
    ['window', window, undefined],
  ])('that is absent or undefined has its default: %s', (name, reads, value) => {
    expect([reading({}, reads), reading({ [name]: undefined }, reads), reading(undefined, reads)]).toEqual([
      value,
      value,
      value,
    ]);
  });

  it.each<[object, Read, string]>([
    [{ failureThreshold: -1 }, count, 'failureThreshold: received -1; allowed: a whole number from 1 to 100'],
    [
      { failureThreshold: 1.5 },
      count,
      'failureThreshold: received 1.5; allowed: a whole number from 1 to 100',
    ],
    [
      { failureThreshold: Number.NaN },
      count,
      'failureThreshold: received NaN; allowed: a whole number from 1 to 100',
    ],
    [
      { failureThreshold: Infinity },
      count,
      'failureThreshold: received Infinity; allowed: a whole number from 1 to 100',
    ],
    [
      { failureThreshold: '5' },
      count,
      'failureThreshold: received "5"; allowed: a whole number from 1 to 100',
    ],
    [
      { failureThreshold: null },
      count,
      'failureThreshold: received null; allowed: a whole number from 1 to 100',
    ],
    [{ factor: 0.5 }, factor, 'factor: received 0.5; allowed: a number of at least 1'],
    [{ factor: Infinity }, factor, 'factor: received Infinity; allowed: a number of at least 1'],
    [{ failureRate: 0 }, rate, 'failureRate: received 0; allowed: a number above 0 and up to 1'],
    [
      { failureRate: 50 },
      rate,
      'failureRate: received 50; allowed: a number above 0 and up to 1; did you mean "0.5"?',
    ],
    [
      { resetTimeout: '30 parsecs' },
      time,
      `resetTimeout: received "30 parsecs"; allowed: a duration from 1ms to 1d, in milliseconds or as text such as '30s'`,
    ],
    [{ async: 'yes' }, flag, 'async: received "yes"; allowed: true or false'],
    [{ key: '' }, key, 'key: received ""; allowed: a text of 1 to 10 characters'],
    [
      { jitter: 'ful' },
      jitter,
      `jitter: received "ful"; allowed: one of 'full', 'none'; did you mean "full"?`,
    ],
    [{ onOpen: 'log' }, onOpen, 'onOpen: received "log"; allowed: a function'],
    [
      { expectedErrors: [TypeError, 'x'] },
      expected,
      'expectedErrors[1]: received "x"; allowed: an error class or a function that returns true or false',
    ],
    [{ window: 10 }, window, 'window: received 10; allowed: an object with options'],
    [{ window: {} }, window, 'window.calls: received undefined; allowed: a whole number of at least 1'],
    [{ window: { calls: 0 } }, window, 'window.calls: received 0; allowed: a whole number of at least 1'],
    [{ window: { calls: 1, cals: 1 } }, window, 'window.cals: unknown option; did you mean "calls"?'],
    [{ failureTreshold: 5 }, count, 'failureTreshold: unknown option; did you mean "failureThreshold"?'],
    [{ color: 5 }, count, 'color: unknown option; allowed: failureThreshold'],
  ])('that is wrong, as in %j, is told in one line', (input, reads, line) => {
    expect(linesOf(input, reads)).toEqual([line]);
  });

  it.each([-1, Number.NaN, -Infinity, Infinity, '', '-5s', 0, '2d', null, true])(
    'of time does not take %p',
    (value) => {
      expect(faultsOf({ resetTimeout: value }, time)).toHaveLength(1);
    },
  );

  it('may be Infinity where that is said', () => {
    const reads: Read = (read) => [
      read.integer('failureThreshold', { default: 1, orInfinity: true, max: 9 }),
      read.duration('resetTimeout', { default: 1, orInfinity: true }),
    ];
    expect(reading({ failureThreshold: Infinity, resetTimeout: Infinity }, reads)).toEqual([
      Infinity,
      Infinity,
    ]);
  });

  it('of zero is never minus zero', () => {
    expect(reading({ failureThreshold: -0 }, (read) => read.integer('failureThreshold'))).toBe(0);
  });

  it('that is required is a fault when absent', () => {
    expect(linesOf({}, (read) => read.text('key', { required: true }))).toEqual([
      'key: received undefined; allowed: a text of at least 1 characters',
    ]);
  });

  it('is read once, as getters want', () => {
    let reads = 0;
    const input = {
      get failureThreshold() {
        return ++reads;
      },
    };
    reading(input, (read) => [count(read), count(read), read.raw('failureThreshold')]);
    expect(reads).toBe(1);
  });

  it('whose getter throws is a fault', () => {
    const input = {
      get failureThreshold(): never {
        throw new Error('no');
      },
    };
    expect(faultsOf(input, count).map(({ path }) => path)).toEqual(['failureThreshold']);
  });

  it('that is unknown but undefined is absent', () => {
    expect(faultsOf({ anything: undefined }, count)).toEqual([]);
  });

  it('may be inherited, as from a class of defaults', () => {
    expect(reading(Object.create({ failureThreshold: 9 }), count)).toBe(9);
  });
});

describe('options', () => {
  it('have all their faults told at once, in the order of reading', () => {
    const all: Read = (read) => [count, time, window].map((reads) => reads(read));
    const input = { failureThreshold: 0, resetTimeout: 'x', window: { calls: -1 }, windw: 1 };
    expect(faultsOf(input, all).map(({ path }) => path)).toEqual([
      'failureThreshold',
      'resetTimeout',
      'window.calls',
      'windw',
    ]);
  });

  it.each([null, 5, 'geo', [], true])('that are no object are one fault: %p', (input) => {
    expect(faultsOf(input, (read) => read.text('key', { required: true })).map(({ path }) => path)).toEqual([
      '',
    ]);
  });

  it('may be frozen, and are never changed', () => {
    const input = Object.freeze({ failureThreshold: 3, window: Object.freeze({ calls: 1 }) });
    expect(() => reading(input, (read) => [count(read), window(read)])).not.toThrow();
  });

  it('have their list of errors copied', () => {
    const list = [TypeError];
    const copy = reading({ expectedErrors: list }, expected);
    expect([copy, copy === list, Object.isFrozen(copy)]).toEqual([list, false, true]);
  });

  it('give a number to go on with after a fault', () => {
    const read = new OptionReader<Policy>('Policy', { failureThreshold: 'x' });
    expect([read.integer('failureThreshold', { required: true, min: 3 })]).toEqual([3]);
  });

  it('throw nothing before all is read', () => {
    expect(() => count(new OptionReader<Policy>('Policy', { failureThreshold: 'x' }))).not.toThrow();
  });

  it('may have faults that only their reader sees', () => {
    const reads: Read = (read) => {
      rate(read);
      read.fault('failureRate', 'absent without a window');
    };
    expect(linesOf({ failureRate: 0.5 }, reads)).toEqual([
      'failureRate: received 0.5; allowed: absent without a window',
    ]);
  });

  it('have one fault a field, the first', () => {
    const reads: Read = (read) => {
      rate(read);
      read.fault('failureRate', 'less than factor');
    };
    expect(faultsOf({ failureRate: 7 }, reads).map(({ allowed }) => allowed)).toEqual([
      'a number above 0 and up to 1',
    ]);
  });

  it('tell which fields cannot be compared', () => {
    const read = new OptionReader<Policy>('Policy', { expectedErrors: ['x'], failureRate: 1 });
    expected(read);
    rate(read);
    expect([read.isFaulty('expectedErrors'), read.isFaulty('failureRate')]).toEqual([true, false]);
  });

  it('never fail but by a PolicyError, whatever they are', () => {
    const all: Read = (read) =>
      [count, factor, rate, time, flag, key, jitter, onOpen, expected, window].map((f) => f(read));
    const names = [
      'failureThreshold',
      'factor',
      'failureRate',
      'resetTimeout',
      'async',
      'key',
      'jitter',
      'onOpen',
      'window',
    ];
    const input = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom(...names, 'expectedErrors', 'x'), fc.anything()),
    );
    fc.assert(fc.property(input, (value) => void faultsOf(value, all)));
  }, 30_000);
});

describe('a misuse of the reader', () => {
  it('does not compile', () => {
    const read = new OptionReader<Policy>('Policy', {});
    // @ts-expect-error a misspelt field
    read.integer('failureTreshold');
    // @ts-expect-error a callback is no number
    read.integer('onOpen');
    // @ts-expect-error a number is no group
    read.group('failureRate', () => 1);
    // @ts-expect-error a default that is no choice
    read.oneOf('jitter', ['full', 'none'], { default: 'half' });
    // @ts-expect-error a default of another type
    read.boolean('async', { default: 1 });
    // @ts-expect-error may be absent
    const maybe: number = read.integer('failureThreshold');
    const sure: number = read.integer('failureThreshold', { default: 1 });
    const choice: 'full' | 'none' = read.oneOf('jitter', ['full', 'none'], { default: 'full' });
    const callback: ((failures: number) => void) | undefined = read.callback('onOpen');
    const grouped: number | undefined = read.group('window', (inner) =>
      inner.duration('duration', { default: 1 }),
    );
    expect([maybe, sure, choice, callback, grouped]).toEqual([undefined, 1, 'full', undefined, undefined]);
  });
});

describe('the nearest name', () => {
  const names = ['failureThreshold', 'successThreshold', 'resetTimeout', 'key', 'onOpen'];
  it.each([
    ['failureTreshold', 'failureThreshold'],
    ['FAILURETHRESHOLD', 'failureThreshold'],
    ['failure_threshold', 'failureThreshold'],
    ['reset-timeout', 'resetTimeout'],
    ['restTimeuot', 'resetTimeout'],
    ['onopen', 'onOpen'],
    ['kye', 'key'],
    ['max', undefined],
    ['', undefined],
    ['x'.repeat(1_000_000), undefined],
  ])('to %.20s is %s', (word, meant) => {
    expect(nearest(word, names)).toBe(meant);
  });
});
