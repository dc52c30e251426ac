import { describe, expect, it } from '@jest/globals';
import type { ParallelExecutor, Placement } from '@switchgear/executor';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Service } from '../support/service.js';
import { executorOf } from '../support/workplace.js';

const placements: readonly Placement[] = ['auto', 'inline', 'workers'];
const user = new AsyncLocalStorage<string>();

/** Two jobs of two users on one executor, and as whom each callback of theirs was called. */
async function callbacksOf(
  executor: ParallelExecutor,
  job: (name: string, heard: (callback: string) => void) => Promise<unknown>,
): Promise<ReadonlySet<string>> {
  const calls = new Set<string>();
  const begin = (name: string): Promise<unknown> =>
    user.run(name, () => job(name, (callback) => calls.add(`${callback} of ${name}: ${user.getStore()}`)));
  // Workers start for the first one, and lanes serve both.
  await executor.run(Service, 'double', [1]);
  await Promise.all(['Ada', 'Bob'].map(begin));
  return calls;
}

describe.each(placements)('the callbacks of a job (%s)', (placement) => {
  it('run in the async context of whoever began it', async () => {
    const executor = executorOf({ placement, workers: 1 });
    const calls = await callbacksOf(executor, (_name, heard) => {
      function* items(): Generator<{ readonly bytes: Uint8Array }> {
        heard('the iterator');
        for (let i = 0; i < 20; i++) yield { bytes: new Uint8Array(8) };
      }
      return executor.map(Service, 'count', items(), {
        chunk: 2,
        onProgress: () => heard('onProgress'),
        transfer: ({ bytes }: { readonly bytes: Uint8Array }) => {
          heard('transfer');
          return [bytes.buffer as ArrayBuffer];
        },
      } as never);
    });
    const callbacks = ['the iterator', 'onProgress', ...(placement === 'auto' ? [] : ['transfer'])];
    const expected = ['Ada', 'Bob'].flatMap((name) => callbacks.map((one) => `${one} of ${name}: ${name}`));
    // Under Jest `auto` runs on the protocol of workers, too.
    expect([...calls].filter((call) => placement !== 'auto' || !call.startsWith('transfer')).sort()).toEqual(
      expected.sort(),
    );
  });

  it('run there also when the job is ended by somebody else', async () => {
    const executor = executorOf({ placement, workers: 1 });
    const calls = await callbacksOf(executor, async (name, heard) => {
      const items = {
        *[Symbol.iterator](): Generator<number> {
          try {
            for (;;) yield 1;
          } finally {
            heard('return');
          }
        },
      };
      const stream = executor.stream(Service, 'double', items);
      await stream.next();
      await user.run(`not ${name}`, () => stream.return());
    });
    expect([...calls].sort()).toEqual(['return of Ada: Ada', 'return of Bob: Bob']);
  });
});

describe('a listener of an executor', () => {
  it('is called in the async context of whoever subscribed', async () => {
    const executor = executorOf({ workers: 1, crashRetries: 0 });
    const heard = new Promise<string | undefined>((resolve) =>
      user.run('Ada', () => void executor.subscribe(() => resolve(user.getStore()))),
    );
    const { Untidy } = await import('../support/untidy.js');
    await executor.run(Untidy, 'stray', ['throw']);
    expect(await heard).toBe('Ada');
  });
});

describe('a method that runs inline', () => {
  it('sees the async context of whoever called it', async () => {
    const executor = executorOf({ placement: 'inline' });
    const { Parallel } = await import('@switchgear/executor');
    class Whose {
      async user(): Promise<string | undefined> {
        await Promise.resolve();
        return user.getStore();
      }
    }
    Parallel({ module: import.meta.url })(Whose);
    const call = (name: string): Promise<unknown> => user.run(name, () => executor.run(Whose, 'user', []));
    expect(await Promise.all([call('Ada'), call('Bob')])).toEqual(['Ada', 'Bob']);
  });
});
