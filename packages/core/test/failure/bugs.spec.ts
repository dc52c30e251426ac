import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorOfClass, errorWith, fetchFailed } from './made-errors.js';

describe('the program is wrong after', () => {
  it.each<[string, unknown]>([
    ['a TypeError', new TypeError('x is not a function')],
    ['a ReferenceError', new ReferenceError('x is not defined')],
    ['a RangeError', new RangeError('Maximum call stack size exceeded')],
    ['a SyntaxError', new SyntaxError('Unexpected token')],
    ['a URIError', new URIError('malformed')],
    ['an EvalError', new EvalError('no')],
    ['a TypeError of another realm', runInContext('new TypeError("no")', createContext())],
    ['a class that extends one', new (class Misuse extends TypeError {})('no')],
    ['a failed assertion', errorWith({ code: 'ERR_ASSERTION' })],
    ['a module that is not there', errorWith({ code: 'ERR_MODULE_NOT_FOUND' })],
    ['an argument that undici does not take', errorWith({ code: 'UND_ERR_INVALID_ARG' })],
    [
      'a fetch of what is no URL',
      new TypeError('Failed to parse URL', { cause: new TypeError('Invalid URL') }),
    ],
    ['a TypeError whose cause is no error', new TypeError('no', { cause: { id: 1 } })],
    ['whoever wraps one', new Error('lookup failed', { cause: new TypeError('no') })],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'bug', family: 'code', transient: false });
  });
});

it('a fault of code with an error as its cause is read by that alone', () => {
  expect(failureOf(new TypeError('no', { cause: new Error('down') }))).toMatchObject({
    kind: 'unknown',
    transient: true,
  });
  expect(failureOf(fetchFailed(new TypeError('no'))).kind).toBe('bug');
});

describe('a body is broken, and no program, after', () => {
  it.each<[string, unknown]>([
    ['JSON without an end', new SyntaxError('Unexpected end of JSON input')],
    ['a list that is cut', thrownBy(() => JSON.parse('{"a": [1, 2'))],
    ['a text that is cut', thrownBy(() => JSON.parse('{"a": "b'))],
    ['an object that is cut', thrownBy(() => JSON.parse('{"a": 1'))],
    ['a name that is cut', thrownBy(() => JSON.parse('{"a'))],
    ['nothing at all', thrownBy(() => JSON.parse(''))],
    ['a page of a gateway', thrownBy(() => JSON.parse('<html><body>502'))],
    [
      'what axios could not parse',
      errorWith(
        { name: 'SyntaxError', code: 'ERR_BAD_RESPONSE', response: { status: 200 } },
        'Unexpected token',
      ),
    ],
    [
      'what superagent could not parse',
      Object.assign(new SyntaxError('no'), { status: 200, rawResponse: 'x' }),
    ],
    ['what node-fetch 2 could not parse', errorWith({ name: 'FetchError', type: 'invalid-json' })],
    [
      'what Apollo could not parse',
      errorWith({ name: 'ServerParseError', statusCode: 200, cause: new SyntaxError('Unexpected token') }),
    ],
    [
      'what got could not parse',
      errorOfClass(['RequestError', 'ParseError'], {
        name: 'ParseError',
        code: 'ERR_BODY_PARSE_FAILURE',
        response: { statusCode: 200 },
        cause: new SyntaxError('Unexpected token'),
      }),
    ],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true });
  });
});

it('a body of ours that a server could not parse is an answer', () => {
  // body-parser.
  const error = Object.assign(new SyntaxError('Unexpected end of JSON input'), {
    status: 400,
    type: 'entity.parse.failed',
  });
  expect(failureOf(error)).toMatchObject({ kind: 'answer', status: 400 });
});

it('text that was never JSON stays a fault of the program', () => {
  expect(failureOf(thrownBy(() => JSON.parse('abc'))).kind).toBe('bug');
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
