import { describe, expect, it } from '@jest/globals';
import { Instances } from '../../src/target/instances.js';

class One {
  readonly name = 'one';
}
class Other {
  readonly name = 'other';
}

function isShared(one: readonly unknown[], other: readonly unknown[]): boolean {
  const instances = new Instances();
  return instances.numberOf(One, one) === instances.numberOf(One, other);
}

describe('an instance', () => {
  const shared = new SharedArrayBuffer(8);
  const logger = (): void => undefined;

  it.each([
    ['no arguments', [], []],
    [
      'arguments that say the same',
      [{ url: 'a', list: [1, new Date(0)] }],
      [{ url: 'a', list: [1, new Date(0)] }],
    ],
    ['the same shared memory', [shared], [shared]],
    ['views of the same shared memory', [new Int32Array(shared)], [new Int32Array(shared)]],
    ['the same function, which cannot be cloned', [logger, 1], [logger, 1]],
  ])('is one for %s', (_what, one, other) => {
    expect(isShared(one, other)).toBe(true);
  });

  it.each([
    ['other arguments', [{ url: 'a' }], [{ url: 'b' }]],
    ['more arguments', [1], [1, 2]],
    ['other shared memory of the same content', [shared], [new SharedArrayBuffer(8)]],
    ['functions of the same text', [logger], [(): void => undefined]],
    ['a number and the text of it', [logger, 1], [logger, '1']],
  ])('is not one for %s', (_what, one, other) => {
    expect(isShared(one, other)).toBe(false);
  });

  it('is another one when its argument has changed since', () => {
    const instances = new Instances();
    const config = { url: 'a' };
    const before = instances.numberOf(One, [config]);
    config.url = 'b';
    expect(instances.numberOf(One, [config])).not.toBe(before);
  });

  it('is not one for two classes', () => {
    const instances = new Instances();
    expect(instances.numberOf(One, [1])).not.toBe(instances.numberOf(Other, [1]));
  });
});
