import { threadSingleton } from '../process/thread-singleton.js';
import { type Clock, systemClock } from './clock.js';
import { TimerList } from './timer-list.js';

const listsByClock = threadSingleton('timer-lists', () => new WeakMap<Clock, Map<number, TimerList>>());

/** Lengths of at least this many ms share a list with others. */
const MIN_SHARED = 32;

/**
 * The list for a length of time, which all that need this length share.
 *
 * On the clock of the system the length is rounded up, so that at most a 32nd is added and a thousand lists are enough for all lengths.
 * Other clocks belong to tests, where lengths are exact.
 *
 * @param ms at least 1
 */
export function timerListOf(ms: number, clock: Clock): TimerList {
  const length = clock === systemClock ? roundedUp(ms) : ms;
  let lists = listsByClock.get(clock);
  if (lists === undefined) listsByClock.set(clock, (lists = new Map<number, TimerList>()));
  let list = lists.get(length);
  if (list === undefined) lists.set(length, (list = new TimerList(length, clock)));
  return list;
}

/** A length rounded up to 5 binary digits after the first one: by less than a 32nd. Below 32 ms to whole ms. */
export function roundedUp(ms: number): number {
  if (ms < MIN_SHARED) return Math.ceil(ms);
  const step = 2 ** (Math.floor(Math.log2(ms)) - 5);
  return Math.ceil(ms / step) * step;
}
