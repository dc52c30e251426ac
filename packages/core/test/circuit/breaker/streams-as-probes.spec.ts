import { describe, expect, it } from '@jest/globals';
import { failing, failsAfterOne, itemsOf, kinds, step, three } from '../../support/generators.js';
import { probingCircuit } from '../../support/openings.js';

/** A promise, and the hands that settle it. */
function deferred(): {
  promise: Promise<string>;
  resolve: (value: string) => void;
  reject: (e: Error) => void;
} {
  let resolve!: (value: string) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<string>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

describe.each(kinds)('%s as a probe', (_, kind) => {
  it('closes the circuit with its first item', async () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    await step(breaker.wrap(kind(three))());
    expect(breaker.state).toBe('closed');
  });

  it('counts one probe, however many items it has', async () => {
    const { breaker } = probingCircuit({ successThreshold: 2 });
    await itemsOf(breaker.wrap(kind(three))());
    expect(breaker.explain().text).toContain('1 of 2 probes succeeded');
  });

  it('gives its permit back with its first item', async () => {
    const { breaker } = probingCircuit({ successThreshold: 2, halfOpen: { permits: 1 } });
    await step(breaker.wrap(kind(three))());
    expect(breaker.explain().reason).toBe('probing');
  });

  it('does not fail after its first item', async () => {
    const { breaker } = probingCircuit({ successThreshold: 2 });
    await itemsOf(breaker.wrap(kind(failsAfterOne))()).catch(() => undefined);
    expect(breaker.state).toBe('half-open');
  });

  it('does not expire after its first item', async () => {
    const { breaker, clock } = probingCircuit({ successThreshold: 2, halfOpen: { permitTimeout: 50 } });
    await step(breaker.wrap(kind(three))());
    clock.advance(1_000);
    expect(breaker.explain().reason).toBe('probing');
  });

  it('has succeeded where it ends without an item', async () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    await itemsOf(breaker.wrap(kind(() => failing(undefined)))());
    expect(breaker.state).toBe('closed');
  });

  it('opens the circuit again where it fails before its first item', async () => {
    const { breaker } = probingCircuit();
    const stream = breaker.wrap(kind(() => failing(new Error('down'))))();
    await step(stream).catch(() => undefined);
    expect(breaker.state).toBe('open');
  });

  it('takes no permit where nobody reads it', () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 1 } });
    breaker.wrap(kind(three))();
    expect(breaker.explain().reason).toBe('probe-due');
  });

  it('takes no permit where it is left before it is read', async () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 1 } });
    await breaker.wrap(kind(three))().return(undefined);
    expect(breaker.explain().reason).toBe('probe-due');
  });

  it('gives its permit back where its own signal aborted it', async () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 1 } });
    const aborted = AbortSignal.abort();
    const stream = breaker.wrap(
      kind(function* (signal: AbortSignal) {
        signal.throwIfAborted();
        yield 1;
      }),
    )(aborted);
    await step(stream).catch(() => undefined);
    expect(breaker.explain().reason).toBe('probing');
  });

  it('has calls of the same circuit ride on its permit', async () => {
    const { breaker } = probingCircuit({ successThreshold: 2, halfOpen: { permits: 1 } });
    const stream = breaker.wrap(
      kind(function* () {
        yield breaker.tryCall(() => 'rode').status;
      }),
    )();
    expect((await step(stream)).value).toBe('succeeded');
  });

  it('has streams of the same circuit ride on its permit', async () => {
    const { breaker } = probingCircuit({ successThreshold: 2, halfOpen: { permits: 1 } });
    const inner = breaker.wrap(three);
    const outer = breaker.wrap(kind(() => inner()));
    expect((await step(outer())).value).toBe(1);
  });

  it('is two probes where two are read', async () => {
    const { breaker } = probingCircuit({ successThreshold: 2, halfOpen: { permits: 2 } });
    const stream = breaker.wrap(kind(three));
    for (const one of [stream(), stream()]) await step(one);
    expect(breaker.state).toBe('closed');
  });
});

describe('a probe that is an async generator and still awaits its first item', () => {
  function started(permits = 1) {
    const made = probingCircuit({ successThreshold: 2, halfOpen: { permits, permitTimeout: 50 } });
    const item = deferred();
    const stream = made.breaker.wrap(async function* () {
      yield await item.promise;
      yield 'second';
    })();
    return { ...made, item, stream, first: stream.next() };
  }

  it('has the permit', () => {
    expect(started().breaker.explain().reason).toBe('probing-full');
  });

  it('gives the permit back where its reader leaves', () => {
    const { breaker, stream } = started();
    void stream.return(undefined);
    expect(breaker.explain().reason).toBe('probing');
  });

  it('gives the permit back where its reader throws into it', () => {
    const { breaker, stream } = started();
    void stream.throw(new Error("the reader's")).catch(() => undefined);
    expect(breaker.explain().reason).toBe('probing');
  });

  it('counts as nothing where it fails after its reader has left', async () => {
    const { breaker, stream, item, first } = started();
    void stream.return(undefined);
    item.reject(new Error('down'));
    await first.catch(() => undefined);
    expect(breaker.state).toBe('half-open');
  });

  it('has failed once its permit expires, should it be abandoned', () => {
    const { breaker, clock } = started();
    clock.advance(50);
    expect(breaker.tryCall(() => 1)).toMatchObject({ status: 'refused', error: { state: 'open' } });
  });

  it('changes nothing with an item that comes after that', async () => {
    const { breaker, clock, item, first } = started();
    clock.advance(50);
    breaker.tryCall(() => 1);
    item.resolve('late');
    await first;
    expect(breaker.state).toBe('open');
  });

  it('is one probe with several items asked for at once', async () => {
    const { breaker, stream, item, first } = started();
    const others = [stream.next(), stream.next()];
    item.resolve('first');
    await Promise.all([first, ...others]);
    expect(breaker.explain().text).toContain('1 of 2 probes succeeded');
  });
});
