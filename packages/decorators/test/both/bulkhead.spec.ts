import { describe, expect, it } from '@jest/globals';
import { withBulkhead } from '@switchgear/core';
import { Bulkhead, policiesOf } from '@switchgear/decorators';
import { manualCircuits } from '../support/manual-circuits.js';
import { outcomeOf, thrownBy } from '../support/outcome-of.js';

manualCircuits();

/** What ends the calls of a spec, first come, first served. */
const ends: (() => void)[] = [];

function hold(what: string): Promise<string> {
  return new Promise((resolve) => ends.push(() => resolve(what)));
}

async function endAll(): Promise<void> {
  while (ends.length > 0) {
    ends.shift()?.();
    await new Promise(setImmediate);
  }
}

describe('@Bulkhead', () => {
  it('refuses a call while as many run as may, of all instances and subclasses', async () => {
    class Service {
      @Bulkhead(2)
      async load(what: string): Promise<string> {
        return hold(what);
      }
    }
    class Sub extends Service {}
    const outcomes = ['a', 'b', 'c'].map((what) =>
      outcomeOf(() => new (what === 'a' ? Service : Sub)().load(what)),
    );
    await endAll();
    expect(await Promise.all(outcomes)).toEqual(['a', 'b', 'ERR_BULKHEAD_FULL']);
  });

  it('lets 10 calls run where no policy says otherwise', async () => {
    class Service {
      readonly one: number = 1;

      @Bulkhead()
      static async load(): Promise<string> {
        return hold(this.name);
      }
    }
    const outcomes = Array.from({ length: 11 }, () => outcomeOf(() => Service.load()));
    await endAll();
    expect(await Promise.all(outcomes)).toEqual([...Array<string>(10).fill('Service'), 'ERR_BULKHEAD_FULL']);
  });

  it('lets calls wait in its queue, in their order', async () => {
    const begun: string[] = [];
    class Service {
      @Bulkhead({ maxConcurrent: 1, maxQueue: 2 })
      async load(what: string): Promise<string> {
        begun.push(what);
        return hold(what);
      }
    }
    const service = new Service();
    const outcomes = ['a', 'b', 'c', 'd'].map((what) => outcomeOf(() => service.load(what)));
    expect(begun).toEqual(['a']);
    await endAll();
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(await Promise.all(outcomes)).toEqual(['a', 'b', 'c', 'ERR_BULKHEAD_FULL']);
  });

  it('is shared by all that have its key: methods, classes and functions', async () => {
    const policy = { key: 'bulkhead.spec', maxConcurrent: 1 } as const;
    class Reader {
      @Bulkhead(policy)
      async read(): Promise<string> {
        return hold('read');
      }
    }
    class Writer {
      @Bulkhead('bulkhead.spec')
      async write(): Promise<string> {
        return hold('written');
      }
    }
    const run = withBulkhead(policy)(() => hold('run'));
    const outcomes = [
      outcomeOf(() => new Reader().read()),
      outcomeOf(() => new Writer().write()),
      outcomeOf(run),
    ];
    await endAll();
    expect(await Promise.all(outcomes)).toEqual(['read', 'ERR_BULKHEAD_FULL', 'ERR_BULKHEAD_FULL']);
  });

  it('without a key is of one method, though one decorator is put on several', async () => {
    const one = Bulkhead(1);
    class Service {
      @one
      async first(): Promise<string> {
        return hold('first');
      }

      @one
      async second(): Promise<string> {
        return hold('second');
      }
    }
    const service = new Service();
    const outcomes = [outcomeOf(() => service.first()), outcomeOf(() => service.second())];
    await endAll();
    expect(await Promise.all(outcomes)).toEqual(['first', 'second']);
  });

  it('leaves a sync method sync, and counts a call in a call', () => {
    class Service {
      readonly one: number = 1;

      @Bulkhead(2)
      sum(n: number): number {
        return n === 0 ? 0 : this.one + this.sum(n - 1);
      }
    }
    expect(new Service().sum(1)).toBe(1);
    expect(thrownBy(() => new Service().sum(2))).toMatchObject({ code: 'ERR_BULKHEAD_FULL' });
    expect(new Service().sum(1)).toBe(1);
  });

  it('holds a permit for a generator from its first item to its end', async () => {
    class Service {
      @Bulkhead(1)
      async *items(): AsyncGenerator<number> {
        yield 1;
        yield 2;
      }
    }
    const [first, second] = [new Service().items(), new Service().items()];
    expect(await first.next()).toEqual({ done: false, value: 1 });
    expect(await outcomeOf(() => second.next())).toBe('ERR_BULKHEAD_FULL');
    await first.return(undefined);
    expect(await new Service().items().next()).toEqual({ done: false, value: 1 });
  });

  it('is read back as a policy, with its key', () => {
    class Service {
      @Bulkhead({ key: 'read back', maxConcurrent: 3 })
      async keyed(): Promise<void> {}

      @Bulkhead(3)
      async own(): Promise<void> {}

      @Bulkhead('read back')
      async referring(): Promise<void> {}
    }
    expect(policiesOf(Service, 'keyed')).toMatchObject([
      { kind: 'bulkhead', key: 'read back', policy: { maxConcurrent: 3 } },
    ]);
    expect(policiesOf(Service, 'own')).toEqual([
      { kind: 'bulkhead', key: undefined, policy: { maxConcurrent: 3 } },
    ]);
    expect(policiesOf(Service, 'referring')).toEqual([
      { kind: 'bulkhead', key: 'read back', policy: undefined },
    ]);
  });

  it.each([[null], [0], ['']])('throws where it is written, of %p', (policy) => {
    expect(thrownBy(() => Bulkhead(policy as never))).toMatchObject({ code: 'ERR_POLICY' });
  });

  it('throws all faults where it is written', () => {
    const policy = { maxConcurrent: 0, maxQueue: -1, maxQueu: 1 };
    expect(thrownBy(() => Bulkhead(policy as never))).toMatchObject({
      code: 'ERR_POLICY',
      faults: [expect.anything(), expect.anything(), expect.anything()],
    });
  });

  it('throws for a key that has another policy, and names both lines of code', () => {
    Bulkhead({ key: 'two policies', maxConcurrent: 1 });
    const error = thrownBy(() => Bulkhead({ key: 'two policies', maxConcurrent: 2 })) as Error;
    expect(error).toMatchObject({ code: 'ERR_KEY_CONFLICT' });
    expect(error.message.match(/bulkhead\.spec/g)?.length).toBeGreaterThanOrEqual(2);
  });
});
