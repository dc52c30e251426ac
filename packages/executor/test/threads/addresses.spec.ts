import { beforeAll, describe, expect, it } from '@jest/globals';
import { fixture, printedBy } from '../support/workplace.js';

let came: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  came = JSON.parse(await printedBy(fixture('addresses-process.mjs'))) as typeof came;
});

describe('a worker finds', () => {
  it.each([
    ['a class that nobody exports', 'Hidden', 'hidden'],
    ['the first of two classes of one name', 'FirstTwin', 'first'],
    ['the second of two classes of one name', 'SecondTwin', 'second'],
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
