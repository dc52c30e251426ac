import { type Clock, systemClock } from './clock.js';
import { ClockWakeup, SystemWakeup, type Wakeup } from './wakeup.js';

/** When entries were started. Several may share one. */
export interface Stamp {
  /** By the time of the list; undefined until the clock is read for the next time. */
  time: number | undefined;
}

/** Something that is to end when a length of time has passed. The list keeps its notes in the entry, so that it makes nothing. */
export interface TimerEntry {
  /** When it was started. */
  stamp: Stamp | undefined;
  /** The list that it is in, and its neighbours there. */
  list: TimerList | undefined;
  before: TimerEntry | undefined;
  after: TimerEntry | undefined;
  /** Called once, when the time is over, unless the entry was stopped before. It must not throw. */
  expired(): void;
}

/** In ms, less than any clock can tell: sums of fractions are that wrong. */
const TOLERANCE = 1e-6;

/** So many entries that are started in one turn of the event loop share a reading of the clock. */
const MAX_SHARING = 32;

/**
 * Entries that all end after the same length of time, and so in the order in which they were started. Starting and stopping one costs
 * the same whatever their number, and one timer serves them all.
 *
 * No entry ends early. One that ends late, because the event loop was blocked, waits for a turn of the event loop first, so
 * that an answer that is already there is heard. The timer keeps the process alive while there are entries.
 *
 * Reading the clock costs as much as all the rest. So the first entry of a turn reads the clock of the system, and the following ones
 * count from the next reading, which is after their start: at the 32nd of them, or at the end of the turn.
 */
export class TimerList {
  readonly #length: number;
  readonly #clock: Clock;
  #first: TimerEntry | undefined;
  #last: TimerEntry | undefined;
  /** The time of this list: it advances with the clock, and stands still while a clock goes back. */
  #time = 0;
  #reading: number;
  readonly #wakeup: Wakeup;
  /** When the wakeup is due, by the time of this list. */
  #wakesAt = 0;
  /** Of the entries that are started before the next reading of the clock. */
  #open: Stamp = { time: 0 };
  #sharing = 0;

  /** @param length in ms */
  constructor(length: number, clock: Clock) {
    this.#length = length;
    this.#clock = clock;
    this.#reading = clock.now();
    this.#wakeup =
      clock === systemClock
        ? new SystemWakeup(
            () => this.#wake(),
            () => this.#endTurn(),
          )
        : new ClockWakeup(() => {
            // Where the clock stands still though its sleep is over, the sleep counts.
            this.#time = Math.max(this.#now(), this.#wakesAt);
            this.#wake();
          }, clock);
  }

  start(entry: TimerEntry): void {
    entry.stamp = this.#sharing > 0 ? this.#open : this.#exactStamp();
    this.#sharing--;
    entry.list = this;
    const last = this.#last;
    entry.before = last;
    this.#last = entry;
    if (last !== undefined) {
      last.after = entry;
      return;
    }
    this.#first = entry;
    this.#sleep(this.#length);
  }

  stop(entry: TimerEntry): void {
    if (entry.list !== this) return;
    const { before, after } = entry;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    entry.list = undefined;
    entry.before = undefined;
    entry.after = undefined;
    if (this.#first === undefined) this.#wakeup.rest();
  }

  #exactStamp(): Stamp {
    const time = this.#now();
    if (this.#wakeup.endsTurns()) this.#sharing = MAX_SHARING;
    return { time };
  }

  /** @returns false if nothing waits for the list's timer */
  #endTurn(): boolean {
    this.#sharing = 0;
    if (this.#open.time === undefined) this.#now();
    return this.#first !== undefined;
  }

  /** Reads the clock. */
  #now(): number {
    const reading = this.#clock.now();
    if (reading > this.#reading) this.#time += reading - this.#reading;
    this.#reading = reading;
    this.#open.time = this.#time;
    this.#open = { time: undefined };
    return this.#time;
  }

  #sleep(ms: number): void {
    if (this.#wakeup.need(ms)) this.#wakesAt = this.#time + ms;
  }

  #wake(): void {
    const now = this.#now();
    // An entry that a listener starts meanwhile is not due, and one that it stops is gone.
    for (let entry = this.#first; entry !== undefined; entry = this.#first) {
      const left = (entry.stamp?.time ?? now) + this.#length - now;
      if (left > TOLERANCE) {
        this.#sleep(left);
        return;
      }
      this.stop(entry);
      entry.expired();
    }
  }
}
