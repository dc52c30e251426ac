import { describe, expect, it } from '@jest/globals';
import type { ExecutorEvent } from '@switchgear/executor';
import { heardWarnings } from '../support/heard-warnings.js';
import { Untidy } from '../support/untidy.js';
import { executorOf } from '../support/workplace.js';

describe('messages of a method to its parent port', () => {
  it('are none of the executor, whatever their shape, nor is the port', async () => {
    const executor = executorOf({ workers: 1 });
    expect(await executor.map(Untidy, 'foreign', [1, 2, 3])).toEqual([1, 2, 3]);
  });
});

describe('the data of a worker', () => {
  it('is empty for a method, as in the main thread', async () => {
    expect(await executorOf({ workers: 1 }).run(Untidy, 'data', [0])).toBeNull();
  });
});

describe('a method that replaces what its thread has', () => {
  it.each([
    'Array.prototype',
    'Promise.prototype.then',
    'Promise',
    'timers',
    'process.exit',
    'Object.prototype',
  ])('%s: the next items run, and the executor closes', async (what) => {
    const executor = executorOf({ workers: 1, crashRetries: 0 });
    const events: ExecutorEvent[] = [];
    executor.subscribe((event) => events.push(event));
    await executor.map(Untidy, 'echo', [0]);
    await executor.map(Untidy, 'later', [0]);
    await executor.run(Untidy, 'replace', [what]);
    const results = await executor.map(Untidy, 'echo', [1, 2, 3, 4]);
    const later = await executor.map(Untidy, 'later', [2, 1]);
    await executor.close();
    expect([results, later, events]).toEqual([[1, 2, 3, 4], [2, 1], []]);
  });
});

describe('an error that belongs to no item', () => {
  /** Waits for the event of a worker that dies of what an item has left. */
  async function eventOf(how: string): Promise<ExecutorEvent> {
    const executor = executorOf({ workers: 1 });
    const heard = new Promise<ExecutorEvent>((resolve) => void executor.subscribe(resolve));
    await executor.run(Untidy, 'stray', [how]);
    return heard;
  }

  it.each(['throw', 'reject'])('is an event with its thread, its cause and its stack (%s)', async (how) => {
    expect(await eventOf(how)).toMatchObject({
      type: 'worker-died',
      thread: expect.any(Number),
      reason: 'uncaught RangeError: a stray error',
      cause: { name: 'RangeError', stack: expect.stringContaining('untidy-worker.mjs') },
      item: undefined,
    });
  });

  it.each([
    ['exit', 'exit code 9'],
    ['text', 'it threw "a stray text", and nothing caught it'],
  ])('says why in words (%s)', async (how, reason) => {
    expect(await eventOf(how)).toMatchObject({ reason, item: undefined });
  });

  it('is a warning of the process where no one listens', async () => {
    const warnings = heardWarnings();
    const executor = executorOf({ workers: 1 });
    const thread = await executor.run(Untidy, 'thread', [0]);
    await executor.run(Untidy, 'stray', ['throw']);
    while ((await executor.run(Untidy, 'thread', [0])) === thread);
    expect(warnings).toEqual([`worker thread ${thread} died while it ran no item: a stray error`]);
  });

  it('leaves the executor as good as new', async () => {
    const executor = executorOf({ workers: 1 });
    const heard = new Promise((resolve) => void executor.subscribe(resolve));
    await executor.run(Untidy, 'stray', ['throw']);
    await heard;
    expect(await executor.map(Untidy, 'echo', [1, 2])).toEqual([1, 2]);
  });
});

describe('a large item', () => {
  it('is sent once, though another worker is idle', async () => {
    const executor = executorOf({ workers: 2 });
    // Both are warm.
    await executor.map(Untidy, 'later', [30, 30], { chunk: 1 });
    const text = 'x'.repeat(80_000_000);
    let sent = 0;
    // To send it is to read it.
    const item = {
      get text() {
        sent++;
        return text;
      },
    };
    expect([await executor.run(Untidy, 'length', [item]), sent]).toEqual([80_000_000, 1]);
  });
});
