import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Placement } from '@switchgear/executor';
import { Service } from '../support/service.js';
import { executorOf } from '../support/workplace.js';

const placements: readonly Placement[] = ['auto', 'inline', 'workers'];

describe.each(placements)('under fake timers that stand still (%s)', (placement) => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('a map ends', async () => {
    const executor = executorOf({ placement });
    expect(await executor.map(Service, 'double', [1, 2, 3])).toEqual([2, 4, 6]);
  });

  it('a stream ends', async () => {
    const executor = executorOf({ placement });
    const seen: number[] = [];
    for await (const { index } of executor.stream(Service, 'double', [1, 2, 3])) seen.push(index);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('an executor closes', async () => {
    const executor = executorOf({ placement });
    await executor.run(Service, 'double', [1]);
    await executor.close();
    await expect(executor.run(Service, 'double', [1])).rejects.toMatchObject({ code: 'ERR_EXECUTOR_CLOSED' });
  });
});

describe('the executor', () => {
  it('leaves no timer among the fake ones of a test', async () => {
    jest.useFakeTimers();
    try {
      const executor = executorOf({ placement: 'inline' });
      await executor.map(Service, 'double', [1, 2, 3]);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
