import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CircuitEvent, circuits, type TransitionEvent } from '@switchgear/core';
import { Hand, until } from '../support/hand.js';

const policy = { failureThreshold: 1, resetTimeout: '1h' } as const;

let one: Hand;
let other: Hand;

beforeAll(() => {
  one = new Hand('esm-worker.mjs');
  other = new Hand('cjs-worker.cjs');
});

describe('a burst of transitions', () => {
  it('that is longer than anybody keeps is counted where it is not told, up to the last one', async () => {
    const breaker = circuits.get('burst', policy);
    await one.ask('declare', 'burst', policy);
    const heard: CircuitEvent[] = [];
    breaker.subscribe((event) => heard.push(event));
    const done = new Int32Array(new SharedArrayBuffer(4));
    one.begin('burst', 'burst', 1_001, done);
    // This thread hears nothing until it gives way to its event loop.
    expect(Atomics.wait(done, 0, 0, 30_000)).not.toBe('timed-out');
    expect(breaker.state).toBe('forced-open');
    await until(() => lastTransition(heard)?.generation === breaker.snapshot().generation);
    const lagged = heard.map((event) => (event.type === 'lagged' ? event.count : 0));
    const told = heard.filter(({ type }) => type === 'transition');
    expect(Math.max(...lagged)).toBeGreaterThan(0);
    expect(lagged.reduce((sum, count) => sum + count, 0) + told.length).toBe(1_001);
    expect(lastTransition(heard)).toMatchObject({ to: 'forced-open', thread: one.threadId });
  });

  it('is told in order to a listener that keeps up as well as it can, and ends with the truth', async () => {
    const breaker = circuits.get('long-burst', policy);
    for (const hand of [one, other]) await hand.ask('declare', 'long-burst', policy);
    const heard: CircuitEvent[] = [];
    breaker.subscribe((event) => heard.push(event));
    await Promise.all([one, other].map((hand) => hand.ask('burst', 'long-burst', 20_000)));
    // No burst comes to this state: whoever hears of it has heard the last there is.
    await one.ask('force', 'long-burst', 'auto');
    await until(() => lastTransition(heard)?.to === 'closed');
    expect(breaker.state).toBe('closed');
    const generations = heard.flatMap((event) => (event.type === 'transition' ? [event.generation] : []));
    expect(generations).toEqual([...new Set(generations)].sort((a, b) => a - b));
  });

  it('leaves the event loop its turn, though a listener takes longer than the next one to come', async () => {
    const breaker = circuits.get('endless-burst', policy);
    for (const hand of [one, other]) await hand.ask('declare', 'endless-burst', policy);
    let heard = 0;
    breaker.subscribe(() => {
      heard++;
      const end = performance.now() + 0.2;
      while (performance.now() < end);
    });
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const stopped = [one, other].map((hand) => hand.ask('burstUntil', 'endless-burst', stop));
    await until(() => heard > 100);
    Atomics.store(stop, 0, 1);
    expect(await Promise.all(stopped)).toEqual([true, true]);
  });

  function lastTransition(events: readonly CircuitEvent[]): TransitionEvent | undefined {
    return events.filter((event): event is TransitionEvent => event.type === 'transition').at(-1);
  }
});
