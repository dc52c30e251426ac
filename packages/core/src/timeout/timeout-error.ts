import { brandOf, markError, SwitchgearError } from '../errors/switchgear-error.js';
import { formatDuration } from '../time/duration.js';

export interface TimeoutErrorData {
  /** The name of the function. */
  readonly what: string;
  /** In ms. */
  readonly timeout: number;
  /** Whether the function took `execution().signal`, which has told it to stop. */
  readonly hadSignal: boolean;
}

/**
 * A call took longer than its timeout. What its function has begun may go on, and may still have an effect: {@link hadSignal} tells
 * whether the function could be told to stop.
 */
export class TimeoutError extends SwitchgearError {
  static {
    markError(this, { name: 'TimeoutError', code: 'ERR_TIMEOUT' });
  }

  declare readonly name: 'TimeoutError';
  readonly code = 'ERR_TIMEOUT';
  /** In ms. */
  readonly timeout: number;
  /** Whether the function took `execution().signal`, which has told it to stop. */
  readonly hadSignal: boolean;

  constructor({ what, timeout, hadSignal }: TimeoutErrorData) {
    const rest = hadSignal ? '' : '; its work goes on, for it did not take execution().signal';
    // Frames would be those of a timer.
    super(`${what} took longer than ${formatDuration(timeout)}${rest}`, undefined, false);
    this.timeout = timeout;
    this.hadSignal = hadSignal;
  }
}

export function isTimeoutError(error: unknown): error is TimeoutError {
  return brandOf(error) === 'ERR_TIMEOUT';
}
