import { expect, it } from '@jest/globals';
import { Bulkhead } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';

it('events of a bulkhead are not heard in another panel that has one of the same key', () => {
  const heard: string[] = [];
  const one = new Bulkhead({ key: 'shared', maxConcurrent: 1 }, { clock: new ManualClock() });
  const other = new Bulkhead({ key: 'shared', maxConcurrent: 1 }, { clock: new ManualClock() });
  one.subscribe(({ type }) => heard.push(type));
  void other.call(() => new Promise(() => undefined));
  void other.tryCall(() => 1);
  expect(heard).toEqual([]);
});
