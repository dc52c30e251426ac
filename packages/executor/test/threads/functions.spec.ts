import { beforeAll, describe, expect, it } from '@jest/globals';
import { fixture, printedBy } from '../support/workplace.js';

let came: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  came = JSON.parse(await printedBy(fixture('functions-process.mjs'))) as typeof came;
});

describe('a worker runs', () => {
  it.each([
    ['a marked function that its module does not export', 'plain', ['plain', 7, 'in a worker']],
    ['a marked function with retries around it', 'patient', ['flaky', 7, 'in a worker']],
    ['a marked function with two policies around it', 'guardedPatient', ['flaky', 7, 'in a worker']],
    ['a marked function with policies inside', 'inside', ['inside', 7, 'in a worker']],
    ['a marked function with a circuit for each argument around it', 'keyed', ['keyed', 7, 'in a worker']],
    ['a marked function that a breaker has wrapped', 'ofBreaker', ['of a breaker', 7, 'in a worker']],
    ['a function of a factory by its name', 'namedUs', ['named', 'us', 'in a worker']],
    ['a function of CommonJS', 'common', ['of CommonJS', 7, 'in a worker']],
    [
      'a static method by reference, with its class as `this`',
      'parse',
      ['Geo.parse', 7, 'in a worker', 'km'],
    ],
    ['a static method of a marked subclass', 'only', ['only', 7, 'in a worker']],
    [
      'an inherited static method, with the marked class as `this`',
      'inherited',
      ['inherited by Sub', 7, 'in a worker'],
    ],
    ['a static method that has a mark of its own', 'own', ['own mark', 7, 'in a worker', 'm']],
  ])('%s', (_what, name, result) => {
    expect(came[name]).toEqual(result);
  });
});

describe('a function is taken by', () => {
  it.each([
    ['mapSettled', ['plain', 1, 'in a worker']],
    ['stream', ['plain', 2, 'in a worker']],
    ['run', ['plain', 3, 'in a worker']],
    ['auto', ['plain', 4, 'here']],
    ['inline', ['Geo.parse', 5, 'here', 'km']],
    ['plan', 'loop'],
  ])('%s', (name, result) => {
    expect(came[name]).toEqual(result);
  });
});

describe('a worker cannot be sent to', () => {
  it.each([
    [
      'a function that is not marked',
      'unmarked',
      /^unmarked is not marked\. Write const unmarked = parallel\(…\)/,
    ],
    [
      'one of two functions of a factory',
      'madeEu',
      /parallel at functions-worker\.mjs:\d+ has marked 2 functions, and a worker cannot tell them apart\. Give each a name: parallel\(…, \{ name: 'eu' \}\)$/,
    ],
    [
      'a marked function that two policies of one kind wrap apart',
      'wrappedTwice',
      /has marked a function that retry wraps 2 times.*Mark the outermost functions instead/,
    ],
    [
      'a static method that two marked classes inherit',
      'split',
      /is inherited by One and Two, and the function does not say of which it is meant/,
    ],
    [
      'a class without a method',
      'Geo',
      /^expected the name of a method of Geo, as in map\(Geo, 'method', items\), received 7$/,
    ],
  ])('%s', (_what, name, message) => {
    expect(came[name]).toMatchObject({ code: 'ERR_TARGET', message: expect.stringMatching(message) });
  });
});

describe('an instance that a loop in this thread has used', () => {
  it('is disposed of once, when the executor is closed', () => {
    expect([came['disposedBefore'], came['disposed']]).toEqual([0, 1]);
  });
});
