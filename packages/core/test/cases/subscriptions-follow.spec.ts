import { afterEach, describe, expect, it } from '@jest/globals';
import { CircuitBreaker, circuits, Panel } from '@switchgear/core';
import { replaceCircuits } from '@switchgear/core/testing';
import { transitionsOf } from '../support/listening.js';

// O19: whoever subscribed when the program began heard nothing of the circuits that a test had put in place of the real ones. No
// report is known.

const restores: (() => void)[] = [];

function replace(panel = new Panel({ circuits: 16 })): () => void {
  const restore = replaceCircuits(panel);
  restores.push(restore);
  return restore;
}

afterEach(() => {
  for (const restore of restores.splice(0).reverse()) restore();
  for (const key of ['followed', 'other']) {
    if (!circuits.has(key)) continue;
    circuits.force(key, 'auto');
    circuits.remove(key);
  }
});

/** Forces a circuit of the panel in use open, and hands it back. */
function move(key = 'followed'): void {
  circuits.get(key, {}).force('open');
  circuits.get(key).force('auto');
}

const MOVES = ['closed → forced-open', 'forced-open → closed'];

describe('a subscription from before replaceCircuits', () => {
  it.each(['all circuits', 'one circuit'])('to %s hears of those in their place', (which) => {
    const breaker = circuits.get('followed', {});
    const transitions = transitionsOf(which === 'all circuits' ? circuits : breaker);
    replace();
    move();
    expect(transitions).toEqual(MOVES);
  });

  it('hears of the circuits that are put back', () => {
    const transitions = transitionsOf(circuits);
    replace()();
    move();
    expect(transitions).toEqual(MOVES);
  });

  it('hears each event once, however often circuits are replaced', () => {
    const transitions = transitionsOf(circuits);
    const outer = replace();
    const inner = replace();
    move();
    inner();
    outer();
    move();
    expect(transitions).toEqual([...MOVES, ...MOVES]);
  });

  it('ends when it is ended, wherever it is then', () => {
    const heard: string[] = [];
    const unsubscribe = circuits.subscribe(({ type }) => heard.push(type));
    const restore = replace();
    unsubscribe();
    move();
    restore();
    move();
    expect(heard).toEqual([]);
  });

  it('to one circuit hears of no other', () => {
    const transitions = transitionsOf(circuits.get('followed', {}));
    replace();
    move('other');
    expect(transitions).toEqual([]);
  });
});

describe('a subscription to circuits of the panel that takes their place', () => {
  it('stays there when the circuits are put back', () => {
    const panel = new Panel({ circuits: 16 });
    const breaker = new CircuitBreaker({ key: 'followed' }, { panel });
    const transitions = transitionsOf(breaker);
    replace(panel)();
    move();
    expect(transitions).toEqual([]);
    breaker.force('open');
    expect(transitions).toEqual(['closed → forced-open']);
  });

  it('follows if it was made while it had their place', () => {
    const restore = replace();
    const transitions = transitionsOf(circuits);
    restore();
    move();
    expect(transitions).toEqual(MOVES);
  });
});
