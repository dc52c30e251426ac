import { describe, expect, it } from '@jest/globals';
import { circuits, type Fault, isPolicyError, withCircuitBreaker, withRetry } from '@switchgear/core';
import { FOREIGN_NAMES as circuitNames } from '../../src/circuit/policy/foreign-names.js';
import type { ForeignNames } from '../../src/options/foreign-names.js';
import { FOREIGN_NAMES as retryNames } from '../../src/retry/foreign-names.js';

// O23: options of opossum, cockatiel, resilience4j, Polly and p-retry were "unknown option", and no more.

function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was taken');
}

const circuit = (policy: object) => withCircuitBreaker(policy as never);
const retry = (policy: object) => withRetry(policy);
const linesOf = (read: (policy: object) => unknown, policy: object) =>
  errorOf(() => read(policy))
    .message.split('\n')
    .slice(1)
    .map((line) => line.trim());
const faultsOf = (read: (policy: object) => unknown, policy: object): readonly Fault[] => {
  const error = errorOf(() => read(policy));
  if (!isPolicyError(error)) throw error;
  return error.faults;
};

describe('an option of another library is answered with ours', () => {
  it.each([
    [
      'opossum',
      { timeout: 3000, errorThresholdPercentage: 50, resetTimeout: 30_000, volumeThreshold: 20 },
      [
        'timeout is no option here: a circuit does not end calls; give each call a signal, such as AbortSignal.timeout(3000)',
        'errorThresholdPercentage is called failureRate here, in window; it is a share of 1: write 0.5 for 50 %',
        'volumeThreshold is called minimumCalls here, in window',
      ],
    ],
    [
      'cockatiel',
      { halfOpenAfter: 10_000, window: { threshold: 0.2, duration: 30_000, minimumRps: 5 } },
      [
        'window.threshold is called failureRate here; a share of 1; failures in a row are failureThreshold, a whole number',
        'window.minimumRps is called minimumCalls here; it is a number of calls in the whole window, not in a second',
        'halfOpenAfter is called resetTimeout here',
      ],
    ],
    [
      'resilience4j',
      {
        failureRateThreshold: 35,
        slidingWindowSize: 100,
        waitDurationInOpenState: '30s',
        recordExceptions: [Error],
      },
      [
        'failureRateThreshold is called failureRate here, in window; it is a share of 1: write 0.35 for 35 %',
        'slidingWindowSize is called calls here, in window; window.duration for a window of time',
        'waitDurationInOpenState is called resetTimeout here',
        'recordExceptions is called expectedErrors here; it takes error classes, functions of the error, or a list of both',
      ],
    ],
    [
      'Polly, in its own capitals',
      { FailureRatio: 0.5, BreakDuration: 5_000 },
      ['FailureRatio is called failureRate here, in window', 'BreakDuration is called resetTimeout here'],
    ],
  ])('of %s', (_, policy, lines) => {
    expect(linesOf(circuit, policy)).toEqual(lines);
  });

  it('of p-retry', () => {
    expect(linesOf(retry, { retries: 5, minTimeout: 100, randomize: true })).toEqual([
      'retries is called maxRetries here',
      'minTimeout is called initialDelay here',
      "randomize is called jitter here; write 'full' or 'none'",
    ]);
  });

  it('of resilience4j and cockatiel, whose counts differ', () => {
    expect(linesOf(retry, { maxAttempts: 3 })).toEqual([
      "maxAttempts is called maxRetries here; it counts the attempts after the first, so that 3 attempts in all are maxRetries: 2; cockatiel's maxAttempts: 3 is maxRetries: 3",
    ]);
  });

  it('as data', () => {
    expect(faultsOf(circuit, { errorThresholdPercentage: 50 })).toEqual([
      expect.objectContaining({
        path: 'errorThresholdPercentage',
        received: 50,
        unknown: true,
        suggestion: 'window.failureRate',
        advice: expect.stringContaining('is called failureRate here'),
      }),
    ]);
  });

  it('in a policy with a key', () => {
    expect(linesOf((policy) => circuits.get('foreign-names.spec', policy), { halfOpenAfter: 1 })).toEqual([
      'halfOpenAfter is called resetTimeout here',
    ]);
  });

  it('in a policy whose key is a function', () => {
    expect(linesOf(circuit, { key: () => 'a', halfOpenAfter: 1 })).toEqual([
      'halfOpenAfter is called resetTimeout here',
    ]);
  });
});

describe('an option in the wrong place is answered with the right one', () => {
  it('outside of its group', () => {
    expect(linesOf(circuit, { failureRate: 0.5, permits: 2 })).toEqual([
      'failureRate belongs in window',
      'permits belongs in halfOpen',
    ]);
  });

  it('inside of a group', () => {
    expect(linesOf(circuit, { window: { calls: 10, failureThreshold: 3 } })).toEqual([
      'window.failureThreshold belongs in the policy itself',
    ]);
  });
});

it('a percentage for a share is answered with the share', () => {
  expect(linesOf(circuit, { window: { calls: 10, failureRate: 50 } })).toEqual([
    'window.failureRate: received 50; allowed: a number above 0 and up to 1; did you mean "0.5"?',
  ]);
});

it.each(['constructor', 'hasOwnProperty', 'toString'])('%s is no name of another library', (name) => {
  expect(faultsOf(circuit, { [name]: 1 })[0]).not.toHaveProperty('advice');
});

it('a typing error is answered as ever', () => {
  expect(linesOf(circuit, { failureTreshold: 5 })).toEqual([
    'failureTreshold: unknown option; did you mean "failureThreshold"?',
  ]);
});

describe.each<[string, ForeignNames, (policy: object) => unknown, string]>([
  ['a circuit', circuitNames, circuit, 'resetTimeout'],
  ['a retry', retryNames, retry, 'maxRetries'],
])('the names that others have for the options of %s', (_, names, read, known) => {
  const rows = Object.entries(names).map(([name, row]) => ({
    name,
    option: typeof row === 'string' ? row : row[0],
  }));
  const isUnknown = (option: string) => {
    const policy = option
      .split('.')
      .reduceRight<unknown>((inner, field) => ({ [field]: inner }), Symbol('no value')) as object;
    return faultsOf(read, policy).some((fault) => fault.path === option && fault.unknown === true);
  };

  it.each(rows.flatMap(({ name, option }) => (option === undefined ? [] : [[name, option]])))(
    '%s: there is an option %s',
    (_name, option) => {
      expect(isUnknown(option)).toBe(false);
    },
  );

  it('are compared with options that exist by a check that tells them from others', () => {
    expect([isUnknown(known), isUnknown(`${known}Nope`)]).toEqual([false, true]);
  });

  it('are none of our own, but for those in another place', () => {
    const own = rows.filter(({ name, option }) => name !== option?.split('.').at(-1) && !isUnknown(name));
    expect(own).toEqual([]);
  });
});
