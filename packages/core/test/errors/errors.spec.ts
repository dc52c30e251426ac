import { afterEach, describe, expect, it } from '@jest/globals';
import { types } from 'node:util';
import * as vm from 'node:vm';
import { CircuitBreakerError, isCircuitBreakerError } from '../../src/circuit/errors.js';
import { isPanelFullError, PanelFullError } from '../../src/panel/panel-full-error.js';
import { isKeyConflictError, KeyConflictError } from '../../src/panel/key-conflict-error.js';
import { isSwitchgearError, markError } from '../../src/errors/switchgear-error.js';
import { isPolicyError, isRefusal, PolicyError, RefusalError } from '../../src/index.js';

const open = { circuit: 'geo-api', state: 'open', openedAt: 1_000, retryAfter: 26_432 } as const;

describe('a CircuitBreakerError', () => {
  it('tells circuit, state, time of opening and wait as data', () => {
    expect({ ...new CircuitBreakerError(open) }).toEqual({ code: 'ERR_CIRCUIT_OPEN', ...open });
  });

  it('tells a person when the next probe is due, rounded up', () => {
    expect(new CircuitBreakerError(open).message).toBe('Circuit "geo-api" is open: next probe in 27s');
  });

  it.each([
    [{ retryAfter: 0.2 }, 'Circuit "geo-api" is open: next probe in 1ms'],
    [{ retryAfter: 1_000 }, 'Circuit "geo-api" is open: next probe in 1s'],
    [{ retryAfter: 0 }, 'Circuit "geo-api" is open: a probe is due'],
    [{ retryAfter: Number.NaN }, 'Circuit "geo-api" is open: a probe is due'],
    [{ retryAfter: undefined }, 'Circuit "geo-api" is open'],
    [
      { state: 'half-open', retryAfter: undefined },
      'Circuit "geo-api" is half-open: all its probes are in flight',
    ],
    [
      { state: 'half-open', retryAfter: 5_000 },
      'Circuit "geo-api" is half-open: all its probes are in flight, the next place is free in 5s at most',
    ],
    [
      { state: 'forced-open', retryAfter: undefined },
      'Circuit "geo-api" is forced open: an operator holds it so',
    ],
  ] as const)('with %j says: %s', (data, message) => {
    expect(new CircuitBreakerError({ ...open, ...data }).message).toBe(message);
  });

  it('lets no line break of a key into its message', () => {
    expect(new CircuitBreakerError({ ...open, circuit: 'a\n"b"' }).message).toContain(
      'Circuit "a\\n\\"b\\"" is open',
    );
  });

  it('has a full name that does not depend on the name of its class', () => {
    class Minified extends CircuitBreakerError {}
    expect(new Minified(open).name).toBe('CircuitBreakerError');
  });

  it('carries its cause, which no console shows twice', () => {
    const cause = new TypeError('boom');
    const error = new CircuitBreakerError({ ...open, cause });
    expect([error.cause, Object.keys(error).includes('cause')]).toEqual([cause, false]);
  });

  it('has no cause of its own when none was given', () => {
    expect(Object.hasOwn(new CircuitBreakerError({ ...open, cause: undefined }), 'cause')).toBe(false);
  });

  it('has a stack with frames, the first of them its maker', () => {
    function maker(): Error {
      return new CircuitBreakerError(open);
    }
    expect(maker().stack?.split('\n')[1]).toContain('maker');
  });
});

describe('an error without frames', () => {
  const limit = Error.stackTraceLimit;
  const make = (): CircuitBreakerError => new CircuitBreakerError(open, { frames: false });
  afterEach(() => {
    Object.defineProperty(Error, 'stackTraceLimit', {
      value: limit,
      writable: true,
      configurable: true,
      enumerable: true,
    });
  });

  it('has a stack of its header alone', () => {
    expect(make().stack).toBe('CircuitBreakerError: Circuit "geo-api" is open: next probe in 27s');
  });

  it('leaves the stacks of other errors as they were', () => {
    make();
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new Error('other').stack).toContain('\n    at ');
  });

  it('leaves a limit of the program untouched', () => {
    Error.stackTraceLimit = 3;
    make();
    expect(Error.stackTraceLimit).toBe(3);
  });

  it.each([
    ['unwritable', { value: 10, writable: false, configurable: true }],
    ['an accessor that takes no value', { get: () => 10, set: () => undefined, configurable: true }],
    ['an accessor without a setter', { get: () => 10, configurable: true }],
    ['no number', { value: 'all', writable: true, configurable: true }],
  ])('has a header-only stack even where stackTraceLimit is %s', (_, descriptor) => {
    Object.defineProperty(Error, 'stackTraceLimit', descriptor);
    expect(make().stack).toBe('CircuitBreakerError: Circuit "geo-api" is open: next probe in 27s');
  });

  it('is still a native error, which structured clone takes', () => {
    expect([types.isNativeError(make()), structuredClone(make()).message]).toEqual([true, make().message]);
  });
});

describe('a PolicyError', () => {
  const error = new PolicyError('CircuitBreakerPolicy', [
    { path: 'failureThreshold', received: -1, allowed: 'a whole number from 1 to 1000000' },
    {
      path: 'failureTreshold',
      received: 5,
      allowed: 'failureThreshold',
      suggestion: 'failureThreshold',
      unknown: true,
    },
  ]);

  it('lists all faults, one a line', () => {
    expect(error.message).toBe(
      'CircuitBreakerPolicy has 2 faults:\n' +
        '  failureThreshold: received -1; allowed: a whole number from 1 to 1000000\n' +
        '  failureTreshold: unknown option; did you mean "failureThreshold"?',
    );
  });

  it('says one fault, not one faults', () => {
    const one = new PolicyError('RetryPolicy', [
      { path: '', received: null, allowed: 'an object with options' },
    ]);
    expect(one.message).toBe('RetryPolicy has 1 fault:\n  received null; allowed: an object with options');
  });

  it('names the known options where none is near an unknown one', () => {
    const lost = new PolicyError('RetryPolicy', [
      { path: 'color', received: 1, allowed: 'factor, jitter', unknown: true },
    ]);
    expect(lost.message).toContain('color: unknown option; allowed: factor, jitter');
  });

  it('holds its faults as data that cannot be changed', () => {
    expect([error.faults.length, Object.isFrozen(error.faults)]).toEqual([2, true]);
  });

  it('lets no field name forge a line', () => {
    const forged = new PolicyError('RetryPolicy', [
      { path: 'a\nb', received: 1, allowed: 'factor', unknown: true },
    ]);
    expect(forged.message.split('\n')).toHaveLength(2);
  });
});

describe('a KeyConflictError', () => {
  const places = { key: 'geo-api', here: 'src/map.ts:40:3', there: 'src/geo.ts:12:3' };

  it('names both places and what differs', () => {
    expect(new KeyConflictError({ ...places, differences: ['failureThreshold', 'window'] }).message).toBe(
      'Key "geo-api" has two policies: one declared at src/geo.ts:12:3, another at src/map.ts:40:3 ' +
        '(different: failureThreshold, window). Declare it once and refer to it by its key alone elsewhere.',
    );
  });

  it('says nothing of differences that are not known', () => {
    expect(new KeyConflictError(places).message).not.toContain('different');
  });
});

describe('a PanelFullError', () => {
  it.each([
    ['circuits', 'it was made for 64 circuits. Make a larger one, such as new Panel({ circuits: 128 })'],
    ['memory', 'it was made for 64 bytes of memory. Make a larger one, such as new Panel({ memory: 128 })'],
  ] as const)('of %s says what to write', (what, text) => {
    expect(new PanelFullError({ what, capacity: 64 }).message).toContain(text);
  });
});

describe('guards', () => {
  const circuit = new CircuitBreakerError(open);
  const policy = new PolicyError('P', []);
  const conflict = new KeyConflictError({ key: 'k', here: 'a', there: 'b' });
  const full = new PanelFullError({ what: 'circuits', capacity: 1 });

  it.each([
    [isCircuitBreakerError, circuit],
    [isPolicyError, policy],
    [isKeyConflictError, conflict],
    [isPanelFullError, full],
  ])('%p knows its own error and no other', (guard, own) => {
    expect([circuit, policy, conflict, full].filter((error) => guard(error))).toEqual([own]);
  });

  it('know the errors of another copy of the package', () => {
    class Copy extends Error {}
    Object.defineProperty(Copy.prototype, Symbol.for('@switchgear/error'), { value: 'ERR_CIRCUIT_OPEN' });
    expect(isCircuitBreakerError(new Copy())).toBe(true);
  });

  it('know the errors of another realm', () => {
    const foreign: unknown = vm.runInNewContext(
      `class E extends Error {}; E.prototype[Symbol.for('@switchgear/error')] = 'ERR_POLICY'; new E()`,
    );
    expect([foreign instanceof Error, isPolicyError(foreign)]).toEqual([false, true]);
  });

  it.each([
    undefined,
    null,
    'ERR_POLICY',
    { code: 'ERR_POLICY' },
    Object.assign(new Error(), { code: 'ERR_POLICY' }),
  ])('do not take %p for an error of ours', (value) => {
    expect([isPolicyError(value), isSwitchgearError(value), isRefusal(value)]).toEqual([false, false, false]);
  });

  it('answer even for a revoked Proxy', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(isCircuitBreakerError(proxy)).toBe(false);
  });

  it('tell refusals, where nothing was tried, from other errors', () => {
    expect([circuit, policy, conflict, full].filter((error) => isRefusal(error))).toEqual([circuit]);
  });

  it('know refusals of classes to come', () => {
    class BulkheadFullError extends RefusalError {
      static {
        markError(this, { name: 'BulkheadFullError', code: 'ERR_BULKHEAD_FULL', refusal: true });
      }
      readonly code = 'ERR_BULKHEAD_FULL';
      readonly policy = 'bulkhead';
      readonly key = 'geo-api';
      readonly retryAfter = undefined;
    }
    expect(isRefusal(new BulkheadFullError('full'))).toBe(true);
  });

  it('say which policy refused, under which key', () => {
    expect([circuit.policy, circuit.key, circuit.retryAfter]).toEqual(['circuit-breaker', 'geo-api', 26_432]);
  });
});
