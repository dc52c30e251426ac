import { expect, it } from '@jest/globals';
import { type TimeoutPolicy, withTimeout } from '@switchgear/core';

it.each([
  [undefined, 'timeout: required'],
  [{}, 'timeout: required'],
  [0, 'timeout'],
  ['5 s', 'timeout'],
  [-1, 'timeout'],
  [Infinity, 'timeout'],
  ['400d', 'timeout'],
  [{ timeout: '5s', timeOut: 1 }, 'timeOut'],
  [null, 'object'],
])('%j is refused, and the message names the option', (policy, name) => {
  expect(() => withTimeout(policy as TimeoutPolicy)).toThrow(name.split(':')[0]);
  expect(() => withTimeout(policy as TimeoutPolicy)).toThrow(expect.objectContaining({ code: 'ERR_POLICY' }));
});

it('a clock that is none is refused', () => {
  expect(() => withTimeout('5s', { clock: {} as never })).toThrow('clock');
});

it.each([[undefined], ['load'], [{}]])('%j is no function', (fn) => {
  expect(() => withTimeout('5s')(fn as never)).toThrow('withTimeout: expected a function');
});

it('a sync generator is refused, and the message says what to write', () => {
  expect(() =>
    withTimeout('5s')(function* items() {
      yield 1;
    }),
  ).toThrow('items cannot have a timeout, for it is a sync generator; make it async');
});
