import { describe, expect, it } from '@jest/globals';
import { attemptsOf } from '@switchgear/core';
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
