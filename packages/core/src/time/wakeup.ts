import { warnUser } from '../call/user-warning.js';
import { type Clock, MAX_TIMER_MS } from './clock.js';

// Taken at load: fake timers of tests stand still while the clock of the system does not.
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const nextTick = process.nextTick.bind(process);

/** What wakes a list of timers. */
export interface Wakeup {
  /** Wakes the list after so many ms. False if the list will be woken earlier anyway. */
  need(ms: number): boolean;
  /** The list is empty. */
  rest(): void;
  /** Whether the list will hear of the end of the turn of the event loop. */
  endsTurns(): boolean;
}

/**
 * Wakes by a timer of Node. Making one costs as much as ten calls, so it is kept when the list is empty, until a turn of the event
 * loop finds the list empty still. Until then it keeps the process alive.
 */
export class SystemWakeup implements Wakeup {
  readonly #wake: () => void;
  readonly #endTurn: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #willEndTurn = false;

  /** @param endTurn called at the end of a turn; returns whether the list is in need of its timer */
  constructor(wake: () => void, endTurn: () => boolean) {
    this.#wake = wake;
    this.#endTurn = endTurn;
  }

  need(ms: number): boolean {
    if (this.#timer !== undefined) return false;
    this.#timer = setTimeout(() => this.#strike(), Math.min(Math.ceil(ms), MAX_TIMER_MS));
    return true;
  }

  rest(): void {
    if (!this.#willEndTurn && this.#timer !== undefined) this.endsTurns();
  }

  endsTurns(): boolean {
    if (this.#willEndTurn) return true;
    this.#willEndTurn = true;
    setImmediate(() => {
      this.#willEndTurn = false;
      if (this.#endTurn()) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    });
    return true;
  }

  #strike(): void {
    // Timers run before what the operating system has received meanwhile. After one turn the answers have been heard.
    setImmediate(() => {
      this.#timer = undefined;
      this.#wake();
    });
  }
}

/** Wakes by the sleep of another clock, as tests have it. */
export class ClockWakeup implements Wakeup {
  readonly #wake: () => void;
  readonly #clock: Clock;
  #sleep: AbortController | undefined;

  constructor(wake: () => void, clock: Clock) {
    this.#wake = wake;
    this.#clock = clock;
  }

  need(ms: number): boolean {
    if (this.#sleep !== undefined) return false;
    const sleep = (this.#sleep = new AbortController());
    const strike = (): void => {
      // What slept as long may have an answer. It is heard when the microtasks have run.
      nextTick(() => {
        if (this.#sleep !== sleep) return;
        this.#sleep = undefined;
        this.#wake();
      });
    };
    const onError = (error: unknown): void => {
      if (this.#sleep !== sleep) return;
      this.#sleep = undefined;
      warnUser('the sleep of a clock failed, so that timeouts on that clock do not end their calls', {
        error,
      });
    };
    this.#clock.sleep(ms, sleep.signal).then(strike, onError);
    return true;
  }

  rest(): void {
    const sleep = this.#sleep;
    this.#sleep = undefined;
    sleep?.abort();
  }

  endsTurns(): boolean {
    return false;
  }
}
