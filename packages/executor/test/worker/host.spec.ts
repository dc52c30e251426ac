import { describe, expect, it, jest } from '@jest/globals';
import { fromErrorRecord } from '@switchgear/core';
import type { Target } from '../../src/protocol/address.js';
import { LaneMemory } from '../../src/protocol/lane-memory.js';
import type { FromWorker, ItemOutcome } from '../../src/protocol/messages.js';
import type { FoundOwner } from '../../src/target/loaded-target.js';
import { Host } from '../../src/worker/host.js';
import { jestEventLoop } from '../support/jest-event-loop.js';
import { targetOf } from '../support/target-of.js';

type Told = Extract<FromWorker, { kind: 'outcomes' }>;

class Work {
  static lastBytes: Uint8Array<ArrayBuffer> | undefined;
  readonly calls: unknown[] = [];

  echo(item: unknown): unknown {
    this.calls.push(item);
    return item;
  }

  async slowly(item: unknown): Promise<unknown> {
    await Promise.resolve();
    return item;
  }

  /** The first one at once. */
  later(item: number): number | Promise<number> {
    return item === 0 ? item : new Promise((resolve) => setTimeout(() => resolve(item), 20));
  }

  fail(item: unknown): never {
    throw new RangeError(`no ${String(item)}`);
  }

  recallAtTwo({ n, memory }: { readonly n: number; readonly memory: LaneMemory }): number {
    if (n === 2) memory.recall(0);
    return n;
  }

  look(memory: LaneMemory): unknown {
    return memory.running;
  }

  functionAt(item: unknown): unknown {
    return item === 1 ? () => item : item;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return (Work.lastBytes = new Uint8Array(length));
  }

  bytesOrNothing(length: number): Uint8Array<ArrayBuffer> | undefined {
    return length === 0 ? undefined : new Uint8Array(length);
  }

  async bytesOrNothingLater(length: number): Promise<unknown> {
    return this.bytesOrNothing(length);
  }
}
const found: FoundOwner = { owner: Work, options: { transfer: transferOf } };

function transferOf(result: unknown): readonly ArrayBuffer[] {
  if (result === undefined) throw new TypeError('nothing to hand over');
  return result instanceof Uint8Array ? [result.buffer as ArrayBuffer] : [];
}

/** A host, and what it says. */
class Workplace {
  readonly said: FromWorker[] = [];
  readonly memory = new LaneMemory();
  readonly host: Host;
  isClosed = false;
  #chunks = 0;

  constructor(findOwner: (target: Target) => Promise<FoundOwner> = () => Promise.resolve(found)) {
    this.host = new Host(
      {
        post: (message, transfer = []) =>
          this.said.push(structuredClone(message, { transfer: [...transfer] })),
        turn: () => Promise.resolve(),
        close: () => void (this.isClosed = true),
      },
      this.memory.cells,
      findOwner,
      jestEventLoop,
    );
  }

  /** Has a method called for each item, and waits for the outcomes. */
  async run(method: keyof Work, items: readonly unknown[]): Promise<readonly ItemOutcome[]> {
    this.introduce(method);
    await this.send(items);
    return this.outcomes;
  }

  introduce(method: keyof Work, instance = 0, id = 1): void {
    const target = targetOf(Work, '/work.mjs', method);
    this.host.receive({ kind: 'target', id, target, instance, constructorArgs: [] });
  }

  async send(items: readonly unknown[], target = 1): Promise<void> {
    const calls = items.map((item) => [item]);
    const id = ++this.#chunks;
    const slot = id % 2;
    this.memory.offer(slot);
    this.host.receive({ kind: 'chunk', id, slot, target, calls });
    await new Promise((resolve) => setImmediate(resolve));
  }

  get told(): readonly Told[] {
    return this.said.filter((message) => message.kind === 'outcomes');
  }

  get outcomes(): readonly ItemOutcome[] {
    return this.told.flatMap(({ outcomes }) => outcomes);
  }

  get failures(): readonly unknown[] {
    return this.outcomes.map((outcome) =>
      typeof outcome === 'object' && 'error' in outcome ? fromErrorRecord(outcome.error) : undefined,
    );
  }
}

const range = (length: number) => Array.from({ length }, (_, n) => n);

describe('a host', () => {
  it.each(['echo', 'slowly'] as const)('tells of a chunk’s items in order (%s)', async (method) => {
    const outcomes = await new Workplace().run(method, ['a', 'b', 'c']);
    expect(outcomes).toEqual([{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  });

  it('tells of many in few messages, of no more than 1,024 items each', async () => {
    const place = new Workplace();
    await place.run('echo', range(3_000));
    const sizes = place.told.map(({ outcomes }) => outcomes.length);
    expect([
      Math.max(...sizes) <= 1_024,
      sizes.reduce((sum, size) => sum + size, 0),
      sizes.length < 20,
    ]).toEqual([true, 3_000, true]);
  });

  it('tells which chunk it is', async () => {
    const place = new Workplace();
    await place.run('echo', [1]);
    await place.send([2]);
    expect(place.told.map(({ chunk }) => chunk)).toEqual([1, 2]);
  });

  it('works one chunk off after the other', async () => {
    const place = new Workplace();
    place.introduce('slowly');
    await Promise.all([place.send([1, 2]), place.send([3, 4])]);
    expect(place.outcomes).toEqual([1, 2, 3, 4].map((value) => ({ value })));
  });

  it('tells of what is done while an item waits, and loses nothing over it', async () => {
    jest.useFakeTimers();
    try {
      const place = new Workplace();
      place.introduce('later');
      const sent = place.send([0, 1, 0, 1]);
      await jest.advanceTimersByTimeAsync(10);
      const first = place.outcomes.length;
      await jest.advanceTimersByTimeAsync(20);
      const second = place.outcomes.length;
      await jest.advanceTimersByTimeAsync(100);
      await sent;
      expect([first, second, place.outcomes]).toEqual([1, 3, [0, 1, 0, 1].map((value) => ({ value }))]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('says in shared memory what it runs', async () => {
    const place = new Workplace();
    const outcomes = await place.run('look', [place.memory, place.memory]);
    expect(outcomes).toEqual([{ value: { slot: 1, begunCount: 1 } }, { value: { slot: 1, begunCount: 2 } }]);
  });

  it('says in shared memory that it runs nothing', async () => {
    const place = new Workplace();
    await place.run('echo', [1, 2]);
    expect(place.memory.running).toBeUndefined();
  });

  it('begins nothing more of a chunk that is taken back, and says nothing of the rest', async () => {
    const place = new Workplace();
    place.introduce('recallAtTwo');
    await place.send([]);
    await place.send([1, 2, 3, 4].map((n) => ({ n, memory: place.memory })));
    expect(place.outcomes).toEqual([{ value: 1 }, { value: 2 }]);
  });

  it('goes on with the next chunk then', async () => {
    const place = new Workplace();
    place.introduce('recallAtTwo');
    await place.send([]);
    const items = (ns: readonly number[]) => ns.map((n) => ({ n, memory: place.memory }));
    await Promise.all([place.send(items([1, 2, 3])), place.send(items([4, 5]))]);
    expect(place.outcomes).toEqual([1, 2, 4, 5].map((value) => ({ value })));
  });

  it('tells what was thrown, and goes on', async () => {
    const place = new Workplace();
    await place.run('fail', [1, 2]);
    expect(place.failures).toMatchObject([
      { name: 'RangeError', message: 'no 1' },
      { name: 'RangeError', message: 'no 2' },
    ]);
  });

  it('fails a result that cannot be cloned, and no other', async () => {
    const place = new Workplace();
    await place.run('functionAt', [0, 1, 2]);
    expect(place.failures).toMatchObject([undefined, { code: 'ERR_NOT_CLONEABLE' }, undefined]);
  });

  it('hands over what its method says of a result', async () => {
    const place = new Workplace();
    const [outcome] = await place.run('bytes', [8]);
    const { value } = outcome as { readonly value: Uint8Array };
    expect([value.byteLength, Work.lastBytes?.byteLength]).toEqual([8, 0]);
  });

  it.each(['bytesOrNothing', 'bytesOrNothingLater'] as const)(
    'fails a result of which nobody can say what to hand over (%s)',
    async (method) => {
      const place = new Workplace();
      await place.run(method, [1, 0, 2]);
      expect(place.failures).toMatchObject([undefined, { message: 'nothing to hand over' }, undefined]);
    },
  );

  it('tells nothing when it is flushed with nothing to tell', async () => {
    const place = new Workplace();
    await place.run('echo', [1]);
    const before = place.said.length;
    place.host.flush();
    expect(place.said).toHaveLength(before);
  });

  it('closes its thread when it is told to', async () => {
    const place = new Workplace();
    place.host.receive({ kind: 'close' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(place.isClosed).toBe(true);
  });
});

describe('a host that has to load a class', () => {
  it('makes one instance for targets of one number', async () => {
    let made = 0;
    class Counted extends Work {
      readonly number = ++made;
    }
    const place = new Workplace(() => Promise.resolve({ owner: Counted, options: {} }));
    for (const id of [1, 2]) place.introduce('echo', 7, id);
    await place.send([1], 1);
    await place.send([1], 2);
    expect(made).toBe(1);
  });

  it('waits for it before it runs anything', async () => {
    let find: (owner: FoundOwner) => void = () => undefined;
    const place = new Workplace(() => new Promise((resolve) => (find = resolve)));
    await place.run('echo', [1]);
    const before = place.outcomes;
    find(found);
    await place.send([2]);
    expect([before, place.outcomes]).toEqual([[], [{ value: 1 }, { value: 2 }]]);
  });

  it('tells that it failed, and runs nothing of it', async () => {
    const place = new Workplace(() => Promise.reject(new SyntaxError('no such module')));
    await place.run('echo', [1]);
    expect(place.said).toMatchObject([{ kind: 'target-failed', id: 1, error: { name: 'SyntaxError' } }]);
  });

  it('tries again when it is told again', async () => {
    let times = 0;
    const place = new Workplace(() =>
      times++ === 0 ? Promise.reject(new Error('not yet')) : Promise.resolve(found),
    );
    await place.run('echo', [1]);
    await place.run('echo', [2]);
    expect(place.outcomes).toEqual([{ value: 2 }]);
  });
});
