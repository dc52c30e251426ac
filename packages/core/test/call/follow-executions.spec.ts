import { expect, it } from '@jest/globals';
import { CircuitBreaker, execution, followExecutions, withDeadline, withRetry } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';

followExecutions();
// A second call changes nothing.
followExecutions();

it('the execution is known after an await, and is the same object', async () => {
  const load = withRetry()(async () => {
    const first = execution();
    await Promise.resolve();
    return execution() === first;
  });
  expect(await load()).toBe(true);
});

it('the execution is one object if it is first asked for after an await', async () => {
  const breaker = new CircuitBreaker({ key: 'followed' });
  const load = breaker.wrap(async () => {
    await Promise.resolve();
    return [execution(), execution()] as const;
  });
  const [[one, again], [another]] = [await load(), await load()];
  expect([one.key, one === again, one === another]).toEqual(['followed', true, false]);
});

it('calls beside each other do not mix', async () => {
  const of = (key: string) =>
    new CircuitBreaker({ key }).wrap(async () => {
      for (let i = 0; i < 3; i++) await Promise.resolve();
      return execution().key;
    });
  expect(await Promise.all([of('left')(), of('right')()])).toEqual(['left', 'right']);
});

it('a guarded call that begins after an await inherits the deadline', async () => {
  const clock = new ManualClock();
  const wallClock = () => 0;
  const inner = withRetry()(async () => execution().deadline);
  const outer = withDeadline('1s', { clock, wallClock })(async () => {
    await Promise.resolve();
    clock.advance(400);
    return inner();
  });
  expect(await outer()).toBe(600);
});

it('nothing is known outside of guarded calls', async () => {
  await withRetry()(async () => {})();
  expect(execution.orUndefined()).toBeUndefined();
});
