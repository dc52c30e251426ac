import { beforeAll, describe, expect, it } from '@jest/globals';
import { fixture, printedBy } from '../support/workplace.js';

let came: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  came = JSON.parse(await printedBy(fixture('addresses-process.mjs'))) as typeof came;
});

describe('a worker finds', () => {
  it.each([
    ['a class that nobody exports', 'Hidden', 'hidden'],
    ['the first of two classes that one mark has marked', 'FirstOfOneMark', 'first of one mark'],
    ['the second of two classes that one mark has marked', 'SecondOfOneMark', 'second of one mark'],
    ['a class of a factory by its name', 'NamedEu', 'eu'],
    ['another class of that factory by its name', 'NamedUs', 'us'],
    ['a class that a mixin has made once', 'MixedIn', 'mixed in, first of one mark'],
    ['one of two classes of one name and place by its text', 'OneText', 'one text'],
    ['the other one of them', 'OtherText', 'the other text'],
    ['a class of a module whose address has a query', 'TenantA', '?tenant=a'],
    ['the same class of the same module with another query', 'TenantB', '?tenant=b'],
    ['an exported class of which only the method is marked', 'ByMethod', 'by its method'],
    ['a marked subclass of a marked class', 'MarkedSub', 'a marked subclass'],
    ['a class that another module has marked with its module', 'MarkedWell', 'marked by another module'],
    ['a class that took the place of the marked one', 'Replacing', 'written, and replaced'],
    ['a class of CommonJS', 'Common', 'of CommonJS'],
    ['a class after another one whose module was not there', 'afterGone', 'hidden'],
  ])('%s', (_what, name, who) => {
    expect(came[name]).toBe(who);
  });
});

describe('a worker cannot be sent to', () => {
  const target = (message: RegExp) => ({
    error: 'TargetError',
    code: 'ERR_TARGET',
    message: expect.stringMatching(message),
  });

  it.each([
    [
      'one of two classes of a factory',
      'FactoryEu',
      /^Client\.who: @Parallel at hidden-worker\.mjs:\d+ has marked 2 classes, and a worker cannot tell them apart\. Give each a name: @Parallel\(\{ name: 'eu' \}\)$/,
    ],
    [
      'one of two classes that a mixin has made',
      'TimedTwice',
      /@Parallel at hidden-worker\.mjs:\d+ has marked 2 classes/,
    ],
    [
      'one of two classes that have one name',
      'SameName',
      /^Client\.who: 2 classes of hidden-worker\.mjs have the name 'same'\. Give each a name of its own$/,
    ],
    [
      'a class that is marked in the main thread only',
      'OnlyHere',
      /^OnlyHere\.who: the worker loaded hidden-worker\.mjs and did not find this class there: it is marked only in the main thread, or made after the module has loaded/,
    ],
    ['a class that is made after its module has loaded', 'Late', /did not find this class there/],
    ['a class that has another text in workers', 'AnotherText', /did not find this class there/],
    ['a class that is not marked', 'Unmarked', /put @Parallel\(\) on the class Unmarked/],
    [
      'a method that is not marked, of such a class',
      'unmarkedMethod',
      /put @Parallel\(\) on the class ByMethod/,
    ],
    ['a subclass that is not marked', 'UnmarkedSub', /Put @Parallel\(\) on UnmarkedSub/],
    [
      'a class that only its method marks and nobody exports',
      'HiddenByMethod',
      /Export the class, or put @Parallel\(\) on it/,
    ],
    ['a class that another module has marked without its module', 'Marked', /module: import\.meta\.url/],
    [
      'a class that cannot be made',
      'Thrower',
      /RangeError: not today.*constructorArgs, or @Parallel\(\{ create/,
    ],
  ])('%s', (_what, name, message) => {
    expect(came[name]).toEqual(target(message));
  });

  it('a class whose module is not there', () => {
    expect(came['Gone']).toMatchObject({ message: expect.stringContaining('not-there.mjs') });
  });

  it('a class whose constructor ends the process, over and over', () => {
    expect(came['Exiter']).toMatchObject({ message: expect.stringContaining('exit code 7') });
  });
});
