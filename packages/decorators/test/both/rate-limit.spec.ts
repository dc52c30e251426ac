import { describe, expect, it } from '@jest/globals';
import { Panel } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { policiesOf, RateLimit } from '@switchgear/decorators';
import { outcomeOf, thrownBy } from '../support/outcome-of.js';

function onClock() {
  const clock = new ManualClock(1_000);
  return { clock, options: { panel: new Panel({ clock, circuits: 16 }) } };
}

describe('@RateLimit', () => {
  it('refuses a call that comes too early, of any instance or subclass, and leaves a sync method sync', () => {
    const { clock, options } = onClock();
    class Service {
      readonly name: string = 'one';

      @RateLimit(2, options)
      load(n: number): string {
        return `${this.name} ${n}`;
      }
    }
    class Sub extends Service {}
    expect([new Service().load(1), new Sub().load(2)]).toEqual(['one 1', 'one 2']);
    expect(thrownBy(() => new Service().load(3))).toMatchObject({ code: 'ERR_RATE_LIMIT' });
    clock.advance(500);
    expect(new Service().load(4)).toBe('one 4');
  });

  it('lets a call wait for its slot where the policy says so', async () => {
    const { clock, options } = onClock();
    class Service {
      readonly one: number = 1;

      @RateLimit({ key: 'waits', limit: 1, maxWait: '1s' }, options)
      static async load(n: number): Promise<string> {
        return `${this.name} ${n}`;
      }
    }
    const outcomes = [1, 2, 3].map((n) => outcomeOf(() => Service.load(n)));
    await new Promise(setImmediate);
    clock.advance(1_000);
    expect(await Promise.all(outcomes)).toEqual(['Service 1', 'Service 2', 'ERR_RATE_LIMIT']);
  });

  it('takes what a function of this and the arguments says', () => {
    const { options } = onClock();
    class Service {
      readonly factor: number = 2;

      @RateLimit(
        {
          limit: 10,
          cost(n) {
            return n * this.factor;
          },
        },
        options,
      )
      load(n: number): number {
        return n;
      }
    }
    expect(new Service().load(4)).toBe(4);
    expect(thrownBy(() => new Service().load(2))).toMatchObject({ code: 'ERR_RATE_LIMIT' });
    expect(new Service().load(1)).toBe(1);
  });

  it('without a key is of one method, though one decorator is put on several', () => {
    const one = RateLimit(1, onClock().options);
    class Service {
      @one
      first(): string {
        return 'first';
      }

      @one
      second(): string {
        return 'second';
      }
    }
    expect([new Service().first(), new Service().second()]).toEqual(['first', 'second']);
  });

  it('is read back as a policy, with its key', () => {
    const { options } = onClock();
    class Service {
      @RateLimit({ key: 'read back', limit: 3 }, options)
      async keyed(): Promise<void> {}

      @RateLimit(3)
      async own(): Promise<void> {}
    }
    expect(policiesOf(Service, 'keyed')).toMatchObject([
      { kind: 'rate-limit', key: 'read back', policy: { limit: 3 } },
    ]);
    expect(policiesOf(Service, 'own')).toEqual([
      { kind: 'rate-limit', key: undefined, policy: { limit: 3 } },
    ]);
  });

  it.each([[undefined], [null], [0], ['x'], [{}], [{ limit: 1, brust: 2 }]])(
    'throws where it is written, of %p',
    (policy) => {
      expect(thrownBy(() => RateLimit(policy as never))).toMatchObject({ code: 'ERR_POLICY' });
    },
  );
});
