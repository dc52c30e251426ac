import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { type Stamp, type TimerEntry, TimerList } from '../../src/time/timer-list.js';
import { roundedUp } from '../../src/time/timer-lists.js';
import { turns } from '../support/attempts-to-make.js';
import { heardWarnings } from '../support/heard-warnings.js';

class Entry implements TimerEntry {
  stamp: Stamp | undefined;
  list: TimerList | undefined;
  before: TimerEntry | undefined;
  after: TimerEntry | undefined;
  readonly #onExpiry: () => void;

  constructor(onExpiry: () => void) {
    this.#onExpiry = onExpiry;
  }

  expired(): void {
    this.#onExpiry();
  }
}

function listOn(clock: Clock, length = 100) {
  const list = new TimerList(length, clock);
  const ended: string[] = [];
  const start = (name: string): Entry => {
    const entry = new Entry(() => ended.push(name));
    list.start(entry);
    return entry;
  };
  return { list, ended, start };
}

describe('a length of time', () => {
  it('is rounded up by less than a 32nd, and below 32 ms to whole ms', () => {
    expect([0.5, 1, 31, 31.2, 32, 33, 1_000, 5_000].map(roundedUp)).toEqual([
      1, 1, 31, 32, 32, 33, 1_008, 5_120,
    ]);
    fc.assert(
      fc.property(fc.double({ min: 32, max: 4e10, noNaN: true }), (ms) => {
        const length = roundedUp(ms);
        return length >= ms && length <= ms * (1 + 1 / 32);
      }),
    );
  });

  it('is one of about a thousand, however long', () => {
    const lengths = new Set<number>();
    for (let ms = 1; ms < 365 * 86_400_000; ms *= 1.001) lengths.add(roundedUp(ms));
    expect(lengths.size).toBeLessThan(1_024);
  });
});

describe('a list of timers', () => {
  it('ends each entry after its length, in order, and never before', async () => {
    const clock = new ManualClock();
    const { ended, start } = listOn(clock);
    start('a');
    clock.advance(60);
    start('b');
    clock.advance(39);
    await turns();
    expect(ended).toEqual([]);
    clock.advance(1);
    await turns();
    expect(ended).toEqual(['a']);
    clock.advance(60);
    await turns();
    expect(ended).toEqual(['a', 'b']);
  });

  it('does not end entries that were stopped, wherever they stood', async () => {
    const clock = new ManualClock();
    const { list, ended, start } = listOn(clock);
    const entries = ['first', 'second', 'middle', 'fourth', 'last'].map(start);
    for (const at of [0, 2, 4]) list.stop(entries[at]);
    clock.advance(100);
    await turns();
    expect(ended).toEqual(['second', 'fourth']);
  });

  it('sleeps only while it has entries', () => {
    const clock = new ManualClock();
    const { list, start } = listOn(clock);
    const entry = start('a');
    expect(clock.sleeping).toBe(1);
    list.stop(entry);
    list.stop(entry);
    expect(clock.sleeping).toBe(0);
  });

  it('lets an entry that ends start and stop others', async () => {
    const clock = new ManualClock();
    const { list, ended, start } = listOn(clock);
    list.start(
      new Entry(() => {
        list.stop(other);
        start('later');
      }),
    );
    const other = start('stopped');
    clock.advance(100);
    await turns();
    expect(ended).toEqual([]);
    clock.advance(100);
    await turns();
    expect(ended).toEqual(['later']);
  });

  it('takes time that a clock goes back as no time', async () => {
    let now = 1_000;
    let wake = (): void => {};
    const clock: Clock = { now: () => now, sleep: () => new Promise((resolve) => (wake = resolve)) };
    const { ended, start } = listOn(clock);
    start('a');
    now = 0;
    start('b');
    now = 100;
    wake();
    await turns();
    expect(ended).toEqual(['a', 'b']);
  });

  it('counts the sleep of a clock that stands still', async () => {
    const clock: Clock = { now: () => 7, sleep: () => Promise.resolve() };
    const { ended, start } = listOn(clock);
    start('a');
    await turns();
    expect(ended).toEqual(['a']);
  });

  it('warns of a clock that cannot sleep, and does not ask it again and again', async () => {
    const warnings = heardWarnings();
    const clock: Clock = { now: () => 7, sleep: () => Promise.reject(new Error('no sleep')) };
    const { ended, start } = listOn(clock);
    start('a');
    await turns();
    expect(ended).toEqual([]);
    expect(warnings).toHaveLength(1);
  });
});
