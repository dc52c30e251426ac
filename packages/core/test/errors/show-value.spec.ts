import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { showValue } from '../../src/errors/show-value.js';

class Socket {
  end(): void {}
}
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('a value in a message', () => {
  it.each<[string, unknown]>([
    ['"30s"', '30s'],
    ['"a\\nb"', 'a\nb'],
    ['-0', -0],
    ['NaN', Number.NaN],
    ['-Infinity', -Infinity],
    ['12n', 12n],
    ['Symbol(x)', Symbol('x')],
    ['undefined', undefined],
    ['null', null],
    ['true', true],
    ['[function onOpen]', function onOpen() {}],
    [
      '[function (anonymous)]',
      (
        () => () =>
          1
      )(),
    ],
    ['[class Socket]', Socket],
    ['[Socket]', new Socket()],
    ['{}', {}],
    ['{ calls: -0, "two words": "x" }', { calls: -0, 'two words': 'x' }],
    ['[1, 2, 3, 4, … 6 more]', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['{ a: { b: {…} } }', { a: { b: { c: 1 } } }],
    ['[TypeError: boom]', new TypeError('boom')],
    ['[Date 1970-01-01T00:00:00.000Z]', new Date(0)],
    ['[Date invalid]', new Date(Number.NaN)],
    ['[Map]', new Map()],
    ['[unreadable object]', revoked.proxy],
  ])('is shown as %s', (shown, value) => {
    expect(showValue(value)).toBe(shown);
  });

  it('is cut when it is a long text, and tells how long it was', () => {
    expect(showValue('x'.repeat(1_000))).toBe(`"${'x'.repeat(60)}"… (1000 characters)`);
  });

  it('has its getters named, not called', () => {
    const value = {
      get secret(): never {
        throw new Error('called');
      },
    };
    expect(showValue(value)).toBe('{ secret: [getter] }');
  });

  it('may hold itself', () => {
    const self: Record<string, unknown> = {};
    self['self'] = self;
    expect(showValue(self)).toBe('{ self: { self: {…} } }');
  });

  it('may throw at every touch', () => {
    const hostile = new Proxy(
      {},
      { get: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail },
    );
    expect(showValue({ hostile })).toBe('{ hostile: [unreadable object] }');
  });

  it('is one line of bounded length, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (value) => {
          const shown = showValue(value);
          return !shown.includes('\n') && shown.length < 2_500;
        },
      ),
    );
  }, 30_000);
});

function fail(): never {
  throw new Error('touched');
}
