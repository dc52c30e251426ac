import { afterEach, jest } from '@jest/globals';
import { Panel } from '@switchgear/core';
import { ManualClock, replaceCircuits } from '@switchgear/core/testing';

const timers = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
] as const;
const neverFaked = ['nextTick', 'queueMicrotask', 'performance', 'hrtime'] as const;

let restore: (() => void) | undefined;

afterEach(() => {
  restore?.();
  restore = undefined;
  jest.useRealTimers();
});

/**
 * Takes the clocks that old libraries and the circuits with a key decide by into the spec's hand, until the spec ends.
 *
 * @param fakes what else stands still: the timers, on which a service must not wait then, or the date alone
 * @returns lets time pass
 */
export function stoppedClocks(fakes: 'timers' | 'date'): (ms: number) => void {
  jest.useFakeTimers({
    now: 0,
    doNotFake: [...neverFaked, ...(fakes === 'date' ? timers : timers.slice(4))],
  });
  const clock = new ManualClock();
  restore = replaceCircuits(new Panel({ clock, circuits: 100 }));
  return (ms) => {
    if (fakes === 'date') jest.setSystemTime(Date.now() + ms);
    else jest.advanceTimersByTime(ms);
    clock.advance(ms);
  };
}
