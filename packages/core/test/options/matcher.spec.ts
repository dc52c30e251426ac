import { describe, expect, it } from '@jest/globals';
import * as vm from 'node:vm';
import { CircuitBreakerError } from '../../src/circuit/errors.js';
import {
  compileMatcher,
  isErrorClass,
  matcherFaults,
  swallowed,
  type ErrorMatcher,
} from '../../src/options/matcher.js';

class HttpError extends Error {
  readonly status: number = 500;
}
class NotFound extends HttpError {
  override readonly status = 404;
}
// As compilers wrote classes for old engines: a plain function whose prototype is an error.
function OldError(): void {}
OldError.prototype = Object.create(Error.prototype) as object;
const isHttp = (error: unknown): boolean => error instanceof HttpError;

describe('a class of errors', () => {
  it.each([
    ['class syntax', HttpError],
    ['a built-in', TypeError],
    ['DOMException', DOMException],
    ['a function', OldError],
  ])('is told from a predicate: %s', (_, value) => {
    expect(isErrorClass(value)).toBe(true);
  });

  it.each([
    ['an arrow function', () => true],
    ['a plain function', function matches() {}],
    ['a generator', function* matches() {}],
    ['a bound function', isHttp.bind(undefined)],
    ['an object', {}],
    ['nothing', undefined],
  ])('is not %s', (_, value) => {
    expect(isErrorClass(value)).toBe(false);
  });
});

describe('a matcher', () => {
  it.each<[string, ErrorMatcher, unknown, boolean]>([
    ['a class: its errors', HttpError, new HttpError(), true],
    ['a class: those of its subclasses', HttpError, new NotFound(), true],
    ['a class: no others', NotFound, new HttpError(), false],
    ['a class: nothing that is no error', HttpError, 'text', false],
    ['a predicate: what it accepts', isHttp, new NotFound(), true],
    ['a predicate: not what it refuses', isHttp, new Error(), false],
    ['a list: what any entry matches', [RangeError, isHttp], new HttpError(), true],
    ['a list: what any entry matches, in any place', [RangeError, isHttp], new RangeError(), true],
    ['a list: nothing else', [RangeError, isHttp], new TypeError(), false],
  ])('takes %s', (_, matcher, error, expected) => {
    expect(compileMatcher(matcher)(error)).toBe(expected);
  });

  it.each([
    [TypeError, 'new TypeError()', true],
    [Error, 'new TypeError()', true],
    [RangeError, 'new TypeError()', false],
    [TypeError, 'new (class Mine extends TypeError {})()', true],
    [Error, '({ message: "no error" })', false],
  ])('of %p asked about %s of another realm says %p', (Class, code, expected) => {
    expect(compileMatcher(Class)(vm.runInNewContext(code))).toBe(expected);
  });

  it('takes errors of Switchgear from another copy of the package', () => {
    class Copy extends Error {}
    Object.defineProperty(Copy.prototype, Symbol.for('@switchgear/error'), { value: 'ERR_CIRCUIT_OPEN' });
    expect(compileMatcher(CircuitBreakerError)(new Copy())).toBe(true);
  });

  it("of a user's subclass of a Switchgear error does not take its base", () => {
    class Mine extends CircuitBreakerError {}
    expect(compileMatcher(Mine)(new CircuitBreakerError({ circuit: 'c', state: 'open' }))).toBe(false);
  });

  it('does not change when its list is changed later', () => {
    const list: (typeof HttpError | typeof RangeError)[] = [HttpError];
    const matches = compileMatcher(list);
    list.push(RangeError);
    expect(matches(new RangeError())).toBe(false);
  });

  it('lets through what a predicate throws', () => {
    const matches = compileMatcher(() => {
      throw new Error('cannot tell');
    });
    expect(() => matches(1)).toThrow('cannot tell');
  });

  it('does not compile from what is none', () => {
    // @ts-expect-error a predicate answers at once
    const promised: ErrorMatcher = async () => true;
    // @ts-expect-error a class of no errors
    const date: ErrorMatcher = Date;
    // @ts-expect-error a name is no class
    const name: ErrorMatcher = ['TypeError'];
    const inferred: ErrorMatcher = [TypeError, (error) => error === 1];
    expect([promised, date, name, inferred]).toHaveLength(4);
  });
});

describe('an excluded class swallows', () => {
  it.each<[string, ErrorMatcher, ErrorMatcher, (number | undefined)[]]>([
    ['the same class', HttpError, HttpError, [undefined]],
    ['its subclasses', [RangeError, NotFound], HttpError, [1]],
    ['several', [RangeError, NotFound], [Error], [0, 1]],
    ['not its base', HttpError, NotFound, []],
    ['no stranger', HttpError, [RangeError, TypeError], []],
    ['no predicate', isHttp, [Error], []],
    ['the same predicate', isHttp, [RangeError, isHttp], [undefined]],
  ])('%s', (_, expected, excluded, indexes) => {
    expect(swallowed(expected, excluded).map(({ index }) => index)).toEqual(indexes);
  });

  it('and both are named', () => {
    expect(swallowed([NotFound], [HttpError])).toEqual([
      { expected: NotFound, excluded: HttpError, index: 0 },
    ]);
  });
});

describe('a would-be matcher', () => {
  it.each<[string, unknown, string[]]>([
    ['a class', HttpError, []],
    ['a list of classes and predicates', [HttpError, isHttp], []],
    ['an empty list', [], ['']],
    ['a name', 'HttpError', ['']],
    ['a list with a hole and a name', [HttpError, undefined, 'HttpError'], ['[1]', '[2]']],
    ['an async predicate', async () => true, ['']],
    ['a generator', [function* () {}], ['[0]']],
    ['a list in a list', [[HttpError]], ['[0]']],
  ])('that is %s has faults at %j', (_, value, paths) => {
    expect(matcherFaults(value).map(({ path }) => path)).toEqual(paths);
  });
});
