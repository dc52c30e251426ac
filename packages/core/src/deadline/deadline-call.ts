import type { CallDeadline } from '../call/call-deadline.js';
import type { Frame } from '../call/frame.js';
import { nameOfCallee } from '../call/name-of-callee.js';
import type { Stamp, TimerEntry, TimerList } from '../time/timer-list.js';
import { timerListOf } from '../time/timer-lists.js';
import { DeadlineError } from './deadline-error.js';
import type { DeadlineSettings } from './policy.js';

/** One call with a deadline: its entry in a list of timers, and what the policies further in ask. */
export class DeadlineCall implements CallDeadline, TimerEntry {
  stamp: Stamp | undefined = undefined;
  list: TimerList | undefined = undefined;
  before: TimerEntry | undefined = undefined;
  after: TimerEntry | undefined = undefined;
  /** Ends the call by an error; set before the event loop turns. */
  fail: ((error: unknown) => void) | undefined = undefined;
  readonly #settings: DeadlineSettings;
  readonly #frame: Frame;
  /** By the clock of the policy. */
  readonly #end: number;
  /** In ms: the policy's, or what a deadline around the call has left. */
  readonly #length: number;
  readonly #isInherited: boolean;
  #epoch: number | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #error: DeadlineError | undefined = undefined;

  /** @param inherited the deadline of the code that makes the call */
  constructor(settings: DeadlineSettings, frame: Frame, inherited: CallDeadline | undefined) {
    const left = inherited?.remaining() ?? Infinity;
    this.#settings = settings;
    this.#frame = frame;
    this.#isInherited = left < settings.deadline;
    this.#length = Math.max(0, Math.min(settings.deadline, left));
    this.#end = settings.clock.now() + this.#length;
  }

  /** @returns false if the time was over before */
  start(): boolean {
    if (this.#length === 0) return false;
    timerListOf(this.#length, this.#settings.clock).start(this);
    return true;
  }

  stop(): void {
    this.list?.stop(this);
  }

  get epoch(): number {
    return (this.#epoch ??= this.#settings.wallClock() + this.remaining());
  }

  remaining(): number {
    return this.#error === undefined ? this.#end - this.#settings.clock.now() : 0;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#error !== undefined) this.#controller.abort(this.#error);
    }
    return this.#controller.signal;
  }

  error(): DeadlineError {
    if (this.#error !== undefined) return this.#error;
    const what = nameOfCallee(this.#frame.callee);
    return new DeadlineError({ what, deadline: Math.round(this.#length), isInherited: this.#isInherited });
  }

  expired(): void {
    const error = (this.#error = this.error());
    // Before the abort: what the function rejects with because of it comes too late.
    this.fail?.(error);
    this.abort(error);
  }

  abort(error: unknown): void {
    this.#controller?.abort(error);
  }

  /** What becomes of the call: the result of its function, unless the time is over first. */
  outcomeOf(result: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.fail = reject;
      result.then(
        (value) => {
          this.stop();
          resolve(value);
        },
        (error: unknown) => {
          this.stop();
          reject(error);
        },
      );
    });
  }
}
