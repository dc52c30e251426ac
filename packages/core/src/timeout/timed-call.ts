import { CallFrame, type Frame } from '../call/frame.js';
import { nameOfCallee } from '../call/name-of-callee.js';
import type { Stamp, TimerEntry, TimerList } from '../time/timer-list.js';
import { TimeoutError } from './timeout-error.js';

/** One call with a timeout: its entry in the list of timers, and its frame. */
export class TimedCall extends CallFrame implements TimerEntry {
  stamp: Stamp | undefined;
  list: TimerList | undefined;
  before: TimerEntry | undefined;
  after: TimerEntry | undefined;
  /** Ends the call by an error; set before the event loop turns. */
  fail: ((error: TimeoutError) => void) | undefined;
  protected readonly timeout: number;
  protected controller: AbortController | undefined;
  protected error: TimeoutError | undefined;

  /** @param timeout in ms, as the policy has it */
  constructor(frame: Frame, timeout: number) {
    super(frame);
    this.timeout = timeout;
  }

  override get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.error !== undefined) this.controller.abort(this.error);
    }
    return this.controller.signal;
  }

  expired(): void {
    const what = nameOfCallee(this.callee);
    const error = new TimeoutError({ what, timeout: this.timeout, hadSignal: this.controller !== undefined });
    this.error = error;
    // Before the abort: what the function rejects with because of it comes too late.
    this.endBy(error);
    this.controller?.abort(error);
  }

  protected endBy(error: TimeoutError): void {
    this.fail?.(error);
  }

  /** What becomes of the call: the result of its function, unless the time is over first. */
  outcomeOf(result: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.fail = reject;
      result.then(
        (value) => {
          this.list?.stop(this);
          resolve(value);
        },
        (error: unknown) => {
          this.list?.stop(this);
          reject(error);
        },
      );
    });
  }
}
