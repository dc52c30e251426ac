import type { CallDeadline } from './call-deadline.js';
import type { Frame } from './frame.js';
import { currentDeadline, deadlineOfCall, running, type RunningCall } from './running.js';

/** A guarded call whose code runs in steps, as that of a generator does. Around each step it is the running call. */
export class SteppedCall implements RunningCall {
  frame: Frame;
  readonly args: readonly unknown[];
  deadline: CallDeadline | undefined;
  readonly #hasOwnDeadline: boolean;

  /** @param deadline the one that a policy sets. Default that of the code that runs */
  constructor(frame: Frame, args: readonly unknown[], deadline?: CallDeadline) {
    this.frame = frame;
    this.args = args;
    this.deadline = deadline ?? deadlineOfCall(args);
    this.#hasOwnDeadline = deadline !== undefined;
  }

  step<Result>(fn: () => Result): Result {
    const { frame, args, deadline, following } = running;
    // A policy around the stream may have set a deadline when the first step began.
    if (!this.#hasOwnDeadline) this.deadline = currentDeadline() ?? this.deadline;
    running.frame = this.frame;
    running.args = this.args;
    running.deadline = this.deadline;
    try {
      return following === undefined ? fn() : following.run(this, fn);
    } finally {
      this.frame = running.frame;
      running.frame = frame;
      running.args = args;
      running.deadline = deadline;
    }
  }

  /** Takes the listeners of its execution off the caller's signals. */
  end(): void {
    this.frame.made?.end();
  }
}
