import { brandOf, markError, SwitchgearError } from '../errors/switchgear-error.js';
import { formatDuration } from '../time/duration.js';

export interface DeadlineErrorData {
  /** The name of the function. */
  readonly what: string;
  /** How long the call had, in ms. */
  readonly deadline: number;
  /** Whether the time was that of another deadline around the call. */
  readonly isInherited: boolean;
}

/**
 * The time that a call had for all its attempts is over. What its function has begun may go on, and may still have an effect. No
 * retry further out tries it again, for there is no time left.
 */
export class DeadlineError extends SwitchgearError {
  static {
    markError(this, { name: 'DeadlineError', code: 'ERR_DEADLINE' });
  }

  declare readonly name: 'DeadlineError';
  readonly code = 'ERR_DEADLINE';
  /** How long the call had, in ms. */
  readonly deadline: number;
  /** Whether the time was that of another deadline around the call. */
  readonly isInherited: boolean;

  constructor({ what, deadline, isInherited }: DeadlineErrorData) {
    const whose = isInherited ? ', which a deadline around it had left' : '';
    // Frames would be those of a timer.
    super(
      `${what} was not done within its deadline of ${formatDuration(deadline)}${whose}`,
      undefined,
      false,
    );
    this.deadline = deadline;
    this.isInherited = isInherited;
  }
}

export function isDeadlineError(error: unknown): error is DeadlineError {
  return brandOf(error) === 'ERR_DEADLINE';
}
