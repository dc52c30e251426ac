import { describe, expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker } from '@switchgear/decorators';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { outcomeOf } from '../support/outcome-of.js';

const { advance } = manualCircuits();

const REFUSED = 'ERR_CIRCUIT_OPEN';

class Feed {
  readonly items: readonly unknown[];

  /** @param items an error among them is thrown */
  constructor(...items: readonly unknown[]) {
    this.items = items;
  }

  @CircuitBreaker(BRITTLE)
  async *read(): AsyncGenerator {
    yield* this.follow();
  }

  @CircuitBreaker({ ...BRITTLE, key: (topic: string) => `streams.spec ${topic}` })
  async *topic(topic: string): AsyncGenerator {
    yield topic;
    yield* this.follow();
  }

  @CircuitBreaker(BRITTLE)
  *readNow(): Generator {
    yield* this.follow();
  }

  *follow(): Generator {
    for (const item of this.items) {
      if (item instanceof Error) throw item;
      yield item;
    }
  }
}

async function readAll(stream: AsyncIterable<unknown> | Iterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const stateOf = (method: 'read' | 'readNow') => circuitOf(Feed, method)?.snapshot();
const failing = () => new Feed(1, new Error('down'));

describe.each(['read', 'readNow'] as const)('a generator method: %s', (method) => {
  it('yields what it yielded', async () => {
    expect(await readAll(new Feed(1, 2, 3)[method]())).toEqual([1, 2, 3]);
  });

  it('throws what it threw', async () => {
    expect(await outcomeOf(() => readAll(failing()[method]()))).toBe('down');
  });

  it('has failed when the stream fails', async () => {
    await outcomeOf(() => readAll(failing()[method]()));
    expect(stateOf(method)).toMatchObject({ state: 'open' });
  });

  it('has not succeeded before the stream ends', async () => {
    const stream = failing()[method]();
    await stream.next();
    expect(stateOf(method)).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('counts as nothing where its reader leaves early', async () => {
    const stream = failing()[method]();
    await stream.next();
    await stream.return(undefined);
    expect(stateOf(method)).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('is refused when its first item is asked for', async () => {
    await outcomeOf(() => readAll(failing()[method]()));
    const stream = new Feed(1)[method]();
    expect(await outcomeOf(() => stream.next())).toBe(REFUSED);
  });

  it('is as a probe judged by its first item', async () => {
    await outcomeOf(() => readAll(failing()[method]()));
    advance(100);
    await new Feed(1, 2)[method]().next();
    expect(stateOf(method)).toMatchObject({ state: 'closed' });
  });

  it('has failed as a probe where there is no first item but an error', async () => {
    await outcomeOf(() => readAll(failing()[method]()));
    advance(100);
    await outcomeOf(() => new Feed(new Error('still down'))[method]().next());
    expect(stateOf(method)).toMatchObject({ state: 'open' });
  });
});

describe('a generator method with a circuit for each argument', () => {
  it('opens that of the argument whose stream fails', async () => {
    await outcomeOf(() => readAll(failing().topic('a')));
    expect(await outcomeOf(() => readAll(new Feed().topic('a')))).toBe(REFUSED);
  });

  it('leaves the others closed', async () => {
    await outcomeOf(() => readAll(failing().topic('a')));
    expect(await outcomeOf(() => readAll(new Feed(1).topic('b')))).toEqual(['b', 1]);
  });
});
