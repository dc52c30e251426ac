import { describe, expect, it } from '@jest/globals';
import { type CircuitBreaker, withCircuitBreaker } from '@switchgear/core';
import { broken, fail } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import {
  type Body,
  failing,
  failsAfterOne,
  itemsOf,
  type Kind,
  kinds,
  step,
  type Stream,
  three,
} from '../../support/generators.js';
import { heardWarnings } from '../../support/heard-warnings.js';
import { eventsOf, heard } from '../../support/listening.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

const refusal = expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' });

/** Reads the first item and leaves. */
async function leave(stream: Stream): Promise<void> {
  await step(stream);
  await stream.return(undefined);
}

describe.each(kinds)('%s that is guarded', (_, kind) => {
  const wrap = (breaker: CircuitBreaker, body: Body): ReturnType<Kind> => breaker.wrap(kind(body));

  it('yields what it yielded', async () => {
    expect(await itemsOf(wrap(circuit().breaker, three)())).toEqual([1, 2, 3]);
  });

  it('returns what it returned', async () => {
    const stream = wrap(circuit().breaker, three)();
    for (let i = 0; i < 3; i++) await step(stream);
    expect(await step(stream)).toEqual({ done: true, value: 'done' });
  });

  it('throws what it threw', async () => {
    const error = new Error('down');
    const stream = wrap(circuit().breaker, () => failing(error))();
    await expect(step(stream)).rejects.toBe(error);
  });

  it('is given its arguments and its this', async () => {
    const { breaker } = circuit();
    const bodies = {
      unit: 'km',
      lengths: breaker.wrap(async function* (this: { unit: string }, ...lengths: number[]) {
        for (const length of lengths) yield `${length} ${this.unit}`;
      }),
    };
    expect(await itemsOf(bodies.lengths(1, 2))).toEqual(['1 km', '2 km']);
  });

  it('is sent what its reader sends', async () => {
    const stream = wrap(circuit().breaker, function* () {
      const sent: unknown = yield 'ready';
      yield `got ${String(sent)}`;
    })();
    await step(stream);
    expect(await step(stream, 'this')).toEqual({ done: false, value: 'got this' });
  });

  it('hears what its reader throws in', async () => {
    const stream = wrap(circuit().breaker, function* () {
      try {
        yield 1;
      } catch (error) {
        yield `caught ${String(error)}`;
      }
    })();
    await step(stream);
    expect(await stream.throw('this')).toEqual({ done: false, value: 'caught this' });
  });

  it('cleans up where its reader leaves', async () => {
    const told: string[] = [];
    const stream = wrap(circuit().breaker, function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        told.push('cleaned up');
      }
    })();
    await leave(stream);
    expect(told).toEqual(['cleaned up']);
  });

  it('answers a return as it did, with what it yields in its cleanup', async () => {
    const stream = wrap(circuit().breaker, function* () {
      try {
        yield 1;
      } finally {
        yield 'goodbye';
      }
    })();
    await step(stream);
    const answers = [await stream.return('left'), await step(stream)];
    expect(answers).toEqual([
      { done: false, value: 'goodbye' },
      { done: true, value: 'left' },
    ]);
  });

  it('is an instance of what it was an instance of', () => {
    const fn = kind(three);
    expect(circuit().breaker.wrap(fn)()).toBeInstanceOf(fn);
  });

  it('keeps name and length', () => {
    const { breaker } = circuit();
    const wrapped = breaker.wrap(async function* pages(from: number, to: number) {
      yield [from, to];
    });
    expect([wrapped.name, wrapped.length]).toEqual(['pages', 2]);
  });

  it('runs nothing before its first item is asked for', () => {
    const { breaker } = circuit();
    let hasRun = false;
    wrap(breaker, function* () {
      hasRun = true;
      yield 1;
    })();
    expect(hasRun).toBe(false);
  });

  it('counts as a failure where it fails', async () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    await itemsOf(wrap(breaker, failsAfterOne)()).catch(() => undefined);
    expect(breaker.snapshot().failures).toBe(1);
  });

  it('opens the circuit with its failures', async () => {
    const { breaker } = circuit({ failureThreshold: 2 });
    const stream = wrap(breaker, failsAfterOne);
    for (let i = 0; i < 2; i++) await itemsOf(stream()).catch(() => undefined);
    expect(breaker.state).toBe('open');
  });

  it('tells of its failure with its error', async () => {
    const { breaker } = circuit();
    const failures = heard(breaker, 'failure');
    await itemsOf(wrap(breaker, failsAfterOne)()).catch(() => undefined);
    expect(failures).toMatchObject([{ error: { message: 'down' } }]);
  });

  it('counts as a success where it ends, and forgets the failures before', async () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    fail(breaker, 2);
    await itemsOf(wrap(breaker, three)());
    expect(breaker.snapshot().failures).toBe(0);
  });

  it('counts as nothing before its end', async () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    fail(breaker, 2);
    const stream = wrap(breaker, three)();
    for (let i = 0; i < 3; i++) await step(stream);
    expect(breaker.snapshot().failures).toBe(2);
  });

  it('counts once, in a window too', async () => {
    const { breaker } = circuit({ window: { calls: 10 } });
    const stream = wrap(breaker, three)();
    await itemsOf(stream);
    await step(stream);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 0 });
  });

  it('is a success where its reader leaves after an item: it has had an answer', async () => {
    const { breaker } = circuit({ window: { calls: 10 }, failureThreshold: 3 });
    fail(breaker, 2);
    await leave(wrap(breaker, three)());
    expect(breaker.snapshot()).toMatchObject({ failures: 0, window: { calls: 3, failures: 2 } });
  });

  it('is no failure where its cleanup fails after its reader has left', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const stream = wrap(breaker, function* () {
      try {
        yield 1;
      } finally {
        broken();
      }
    })();
    await leave(stream).catch(() => undefined);
    expect(breaker.state).toBe('closed');
  });

  it('is no failure where its reader throws into it', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const stream = wrap(breaker, three)();
    await step(stream);
    await (async () => stream.throw(new Error("the reader's")))().catch(() => undefined);
    expect(breaker.state).toBe('closed');
  });

  it('counts as nothing where nobody reads it', () => {
    const { breaker } = circuit({ window: { calls: 10 } });
    wrap(breaker, three)();
    expect(breaker.snapshot().window).toMatchObject({ calls: 0 });
  });

  it('counts as nothing where it is left before it is read', async () => {
    const { breaker } = circuit({ window: { calls: 10 } });
    await wrap(breaker, three)().return(undefined);
    expect(breaker.snapshot().window).toMatchObject({ calls: 0 });
  });

  it('is over where it is left before it is read, also while the circuit is open', async () => {
    const stream = wrap(openCircuit().breaker, three)();
    await stream.return(undefined);
    expect(await step(stream)).toEqual({ done: true, value: undefined });
  });

  it('counts as nothing where it was aborted by a signal among its arguments', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const controller = new AbortController();
    const stream = wrap(breaker, function* (options: { signal: AbortSignal }) {
      yield 1;
      options.signal.throwIfAborted();
    })({ signal: controller.signal });
    await step(stream);
    controller.abort();
    await step(stream).catch(() => undefined);
    expect(breaker.state).toBe('closed');
  });

  it('counts as nothing for an error that is excluded', async () => {
    const { breaker } = circuit({ failureThreshold: 1, excludedErrors: Error });
    await itemsOf(wrap(breaker, failsAfterOne)()).catch(() => undefined);
    expect(breaker.state).toBe('closed');
  });

  it('counts in each stream of one circuit that it passes its error through', async () => {
    const { breaker } = circuit({ failureThreshold: 9 });
    const nested: (depth: number) => Stream = breaker.wrap(async function* (depth: number): AsyncGenerator {
      if (depth === 0) throw new Error('down');
      yield* nested(depth - 1);
    });
    await itemsOf(nested(4)).catch(() => undefined);
    expect(breaker.snapshot().failures).toBe(5);
  });

  it('changes nothing where the circuit has moved on since it began', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const stream = wrap(breaker, failsAfterOne)();
    await step(stream);
    breaker.reset();
    await step(stream).catch(() => undefined);
    expect(breaker.state).toBe('closed');
  });

  it('goes on where the circuit opens in the middle of it', async () => {
    const { breaker } = circuit(BRITTLE);
    const stream = wrap(breaker, three)();
    const first = await step(stream);
    fail(breaker);
    expect([first.value, ...(await itemsOf(stream))]).toEqual([1, 2, 3]);
  });

  it('may be read past its end', async () => {
    const stream = wrap(circuit().breaker, three)();
    await itemsOf(stream);
    expect(await step(stream)).toEqual({ done: true, value: undefined });
  });
});

describe.each(kinds)('%s under an open circuit', (_, kind) => {
  it('is made without a word', () => {
    expect(() => openCircuit().breaker.wrap(kind(three))()).not.toThrow();
  });

  it('is refused where its first item is asked for', async () => {
    await expect(step(openCircuit().breaker.wrap(kind(three))())).rejects.toEqual(refusal);
  });

  it('is empty after that', async () => {
    const stream = openCircuit().breaker.wrap(kind(three))();
    await step(stream).catch(() => undefined);
    expect(await itemsOf(stream)).toEqual([]);
  });

  it('runs nothing', async () => {
    let hasRun = false;
    const stream = openCircuit().breaker.wrap(
      kind(function* () {
        hasRun = true;
        yield 1;
      }),
    )();
    await step(stream).catch(() => undefined);
    await step(stream);
    expect(hasRun).toBe(false);
  });

  it('stays refused where the circuit closes after that', async () => {
    const { breaker } = openCircuit();
    const stream = breaker.wrap(kind(three))();
    await step(stream).catch(() => undefined);
    breaker.reset();
    expect(await itemsOf(stream)).toEqual([]);
  });

  it('is let through where the circuit has closed before its first item is asked for', async () => {
    const { breaker } = openCircuit();
    const stream = breaker.wrap(kind(three))();
    breaker.reset();
    expect(await itemsOf(stream)).toEqual([1, 2, 3]);
  });

  it('is refused once however often it is asked', async () => {
    const { breaker } = openCircuit();
    const refusals = heard(breaker, 'refusal');
    const stream = breaker.wrap(kind(three))();
    for (let i = 0; i < 3; i++) await step(stream).catch(() => undefined);
    expect(refusals).toHaveLength(1);
  });
});

it('a refused generator throws, where an async one rejects', () => {
  const stream = openCircuit().breaker.wrap(three)();
  expect(() => stream.next()).toThrow(refusal);
});

it('a refused async generator does not throw', async () => {
  const stream = openCircuit().breaker.wrap(async function* () {
    yield 1;
  })();
  await expect(stream.next()).rejects.toEqual(refusal);
});

describe('an async generator of which several items are asked for at once', () => {
  it('yields them in order', async () => {
    const stream = circuit().breaker.wrap(async function* () {
      yield 1;
      yield 2;
    })();
    const asked = await Promise.all([stream.next(), stream.next(), stream.next()]);
    expect(asked.map(({ value, done }) => [value, done])).toEqual([
      [1, false],
      [2, false],
      [undefined, true],
    ]);
  });

  it('asks the circuit once', async () => {
    const { breaker } = circuit({ window: { calls: 10 } });
    const stream = breaker.wrap(async function* () {
      yield 1;
    })();
    await Promise.all([stream.next(), stream.next(), stream.next()]);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1 });
  });

  it('counts one failure', async () => {
    const { breaker } = circuit({ failureThreshold: 9 });
    const stream = breaker.wrap(async function* () {
      yield 1;
      throw new Error('down');
    })();
    await Promise.allSettled([stream.next(), stream.next(), stream.next()]);
    expect(breaker.snapshot().failures).toBe(1);
  });

  it('is refused for the first of them, and empty for the others', async () => {
    const stream = openCircuit().breaker.wrap(async function* () {
      yield 1;
    })();
    const asked = await Promise.allSettled([stream.next(), stream.next()]);
    expect(asked).toEqual([
      { status: 'rejected', reason: refusal },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ]);
  });
});

describe('a generator guarded by a circuit that is looked for', () => {
  it('looks for it where its first item is asked for', () => {
    const { breaker } = openCircuit();
    const looked: unknown[] = [];
    const self = { every: withCircuitBreaker((owner) => (looked.push(owner), breaker))(three) };
    const stream = self.every();
    expect([looked, attemptTo(() => stream.next())]).toEqual([[self], refusal]);
  });

  it('fails where its first item is asked for, if nobody has declared it', async () => {
    const stream = withCircuitBreaker('streams.spec undeclared')(async function* () {
      yield 1;
    })();
    await expect(stream.next()).rejects.toEqual(expect.objectContaining({ code: 'ERR_POLICY' }));
  });

  /** What it throws. */
  function attemptTo(act: () => unknown): unknown {
    try {
      return act();
    } catch (error) {
      return error;
    }
  }
});

describe('a stream that takes its time', () => {
  it('is not slow when it ends: a stream is as long as what it reads', async () => {
    const { breaker, clock } = circuit({ slowCallDuration: 10, window: { calls: 10 } });
    const slowly = breaker.wrap(function* () {
      clock.advance(60_000);
      yield 'late';
    });
    await itemsOf(slowly());
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 0, slow: 0 });
  });

  it('is not slow when it fails', async () => {
    const { breaker, clock } = circuit({ slowCallDuration: 10, window: { calls: 10 } });
    const slowly = breaker.wrap(function* () {
      clock.advance(60_000);
      yield 'late';
      throw new Error('down');
    });
    await itemsOf(slowly()).catch(() => undefined);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 1, slow: 0 });
  });

  it('closes the circuit as a probe, however long its first item took', async () => {
    const { breaker, clock } = probingCircuit({
      successThreshold: 1,
      slowCallDuration: 10,
      window: { calls: 10 },
    });
    const slowly = breaker.wrap(function* () {
      clock.advance(90);
      yield 'late';
    });
    await itemsOf(slowly());
    expect(breaker.state).toBe('closed');
  });
});

describe('a listener', () => {
  it('that throws changes nothing for the reader', async () => {
    const warnings = heardWarnings();
    const { breaker } = probingCircuit({ successThreshold: 1 });
    breaker.subscribe(() => broken());
    expect(await itemsOf(breaker.wrap(three)())).toEqual([1, 2, 3]);
    expect(warnings).not.toEqual([]);
  });

  it('hears of the failure before the opening', async () => {
    const { breaker } = circuit(BRITTLE);
    const events = eventsOf(breaker);
    await itemsOf(breaker.wrap(failsAfterOne)()).catch(() => undefined);
    expect(events.map(({ type }) => type)).toEqual(['failure', 'transition']);
  });

  it('that leaves the stream as it takes its permit gives the permit back', () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 1 } });
    const stream = breaker.wrap(three)();
    breaker.subscribe(() => void stream.return('left'));
    stream.next();
    expect(breaker.explain().reason).toBe('probing');
  });
});

describe('a guarded stream', () => {
  it('is its own iterator', () => {
    const stream = circuit().breaker.wrap(three)();
    expect(stream[Symbol.iterator]()).toBe(stream);
  });

  it('is its own async iterator', () => {
    const stream = circuit().breaker.wrap(async function* () {
      yield 1;
    })();
    expect(stream[Symbol.asyncIterator]()).toBe(stream);
  });

  it('shows what it is', () => {
    expect(Object.prototype.toString.call(circuit().breaker.wrap(three)())).toBe('[object Generator]');
  });

  it('delegates by yield*', () => {
    const inner = circuit().breaker.wrap(three);
    function* outer(): Generator {
      yield yield* inner();
    }
    expect([...outer()]).toEqual([1, 2, 3, 'done']);
  });

  it('throws where the function throws for its arguments, without asking the circuit', () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const wrapped = breaker.wrap(function* (first: number = broken()) {
      yield first;
    });
    expect(() => wrapped()).toThrow('down');
    expect(breaker.state).toBe('closed');
  });
});

describe.each(kinds)('%s that two circuits guard', (_, kind) => {
  it('is refused by the outer one where its first item is asked for', async () => {
    const stream = openCircuit().breaker.wrap(circuit().breaker.wrap(kind(three)))();
    await expect(step(stream)).rejects.toEqual(refusal);
  });

  it('counts for both where it fails', async () => {
    const [inner, outer] = [circuit({ failureThreshold: 9 }), circuit({ failureThreshold: 9 })];
    const stream = outer.breaker.wrap(inner.breaker.wrap(kind(failsAfterOne)))();
    await step(stream);
    await expect(step(stream)).rejects.toThrow('down');
    expect([inner, outer].map(({ breaker }) => breaker.snapshot().failures)).toEqual([1, 1]);
  });
});

describe('an async generator that waits for its first item', () => {
  it('counts as nothing where its reader leaves', async () => {
    const { breaker } = circuit({ window: { calls: 10 }, failureThreshold: 3 });
    fail(breaker, 2);
    let arrive = () => {};
    const stream = breaker.wrap(async function* () {
      await new Promise<void>((resolve) => (arrive = resolve));
      yield 1;
    })();
    const first = stream.next();
    const left = stream.return(undefined);
    arrive();
    await Promise.all([first, left]);
    expect(breaker.snapshot()).toMatchObject({ failures: 2, window: { calls: 2 } });
  });
});
