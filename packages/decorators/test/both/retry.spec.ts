import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { attemptsOf, execution, stopRetrying } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { Retry } from '@switchgear/decorators';
import { Api } from '../support/api.js';
import { manualCircuits } from '../support/manual-circuits.js';
import { call } from '../support/method-of.js';
import { errorOf, outcomeOf, thrownBy } from '../support/outcome-of.js';

manualCircuits();

class Recovering {
  calls = 0;

  /** Fails the first two times. */
  @Retry({ initialDelay: 0 })
  async load(id: string): Promise<string> {
    if (++this.calls <= 2) throw new Error(`failure ${this.calls}`);
    return `${id} at attempt ${this.calls}`;
  }

  @Retry({ initialDelay: 0, maxRetries: 1 })
  static async load(): Promise<string> {
    throw new Error(this.name);
  }
}

describe('@Retry', () => {
  it('calls the method again until it succeeds, with the same this and arguments', async () => {
    expect(await new Recovering().load('x')).toBe('x at attempt 3');
  });

  it('calls a static method again', async () => {
    expect(attemptsOf(await errorOf(() => Recovering.load()))?.count).toBe(2);
  });

  it('gives every call a series of its own', async () => {
    const all = [new Recovering(), new Recovering(), new Recovering()];
    expect(await Promise.all(all.map((one) => one.load('x')))).toEqual(Array(3).fill('x at attempt 3'));
  });

  it('rethrows the last error as it was', async () => {
    const thrown: Error[] = [];
    class Broken {
      @Retry({ initialDelay: 0, maxRetries: 2 })
      async load(): Promise<void> {
        thrown.push(new Error('down'));
        throw thrown.at(-1);
      }
    }
    expect(await errorOf(() => new Broken().load())).toBe(thrown[2]);
  });

  it('tells the method which attempt it is, until its first await', async () => {
    class Numbered {
      readonly numbers: unknown[] = [];

      @Retry({ delays: [0, 0] })
      async load(): Promise<void> {
        this.numbers.push(execution().attempt);
        await Promise.resolve();
        this.numbers.push(execution.orUndefined());
        throw new Error('down');
      }
    }
    const numbered = new Numbered();
    await errorOf(() => numbered.load());
    expect(numbered.numbers).toEqual([1, undefined, 2, undefined, 3, undefined]);
  });

  it('ends where the method throws an error of stopRetrying', async () => {
    const gone = new Error('gone');
    class Stopping {
      calls = 0;

      @Retry({ initialDelay: 0 })
      async load(): Promise<void> {
        this.calls++;
        throw stopRetrying(gone);
      }
    }
    const stopping = new Stopping();
    expect(await errorOf(() => stopping.load())).toBe(gone);
    expect([stopping.calls, attemptsOf(gone)?.gaveUp]).toEqual([1, 'stopped']);
  });

  it('sends no stream a second time', async () => {
    class Uploading {
      calls = 0;

      @Retry({ initialDelay: 0 })
      async put(body: Readable): Promise<void> {
        this.calls++;
        await once(body, 'data');
        throw new Error('socket hang up');
      }
    }
    const uploading = new Uploading();
    const error = await errorOf(() => uploading.put(Readable.from(['a', 'b'])));
    expect([uploading.calls, attemptsOf(error)?.gaveUp]).toEqual([1, 'input-used']);
  });

  it('tells its hooks what it does', async () => {
    const heard: string[] = [];
    class Heard {
      @Retry<Promise<string>>({
        delays: [0],
        onRetry: ({ attempt, retriesLeft }) => void heard.push(`${attempt} failed, ${retriesLeft} left`),
        onGiveUp: ({ attempt, gaveUp }) => void heard.push(`${attempt} failed, ${gaveUp}`),
      })
      async load(): Promise<string> {
        throw new Error('down');
      }
    }
    await errorOf(() => new Heard().load());
    expect(heard).toEqual(['1 failed, 1 left', '2 failed, no-retries-left']);
  });

  it('makes three retries where no policy says otherwise', async () => {
    const clock = new ManualClock();
    class Default {
      readonly api: Api = new Api();

      @Retry(undefined, { clock, random: () => 0 })
      async load(): Promise<string> {
        return this.api.get();
      }
    }
    const broken = new Default();
    broken.api.isDown = true;
    await outcomeOf(() => broken.load());
    expect(broken.api.calls).toBe(4);
  });

  it('waits on the clock that it was given', async () => {
    const clock = new ManualClock();
    class Waiting {
      readonly api: Api = new Api();

      @Retry({ initialDelay: 100, jitter: 'none', maxRetries: 1 }, { clock })
      async load(): Promise<string> {
        return this.api.get();
      }
    }
    const waiting = new Waiting();
    waiting.api.isDown = true;
    const outcome = outcomeOf(() => waiting.load());
    await new Promise(setImmediate);
    expect([waiting.api.calls, clock.sleeping]).toEqual([1, 1]);
    waiting.api.isDown = false;
    clock.advance(100);
    expect(await outcome).toBe('answer');
  });

  it('makes a promise of what a sync method returns, where no types have refused it', async () => {
    class Sync {
      @Retry()
      async load(): Promise<string> {
        return 'loaded';
      }
    }
    const retry = Retry();
    const descriptor = { value: () => 'loaded', configurable: true };
    const decorate = retry as unknown as (...args: readonly unknown[]) => PropertyDescriptor;
    Object.defineProperty(Sync.prototype, 'load', decorate(Sync.prototype, 'load', descriptor));
    const loaded = call(new Sync(), 'load');
    expect(loaded).toBeInstanceOf(Promise);
    expect(await loaded).toBe('loaded');
  });

  it('throws at once for a policy with faults, for all of them', () => {
    expect(thrownBy(() => Retry({ maxRetries: -1, factor: 0 }))).toMatchObject({
      code: 'ERR_POLICY',
      faults: [{ path: 'maxRetries' }, { path: 'factor' }],
    });
  });
});
