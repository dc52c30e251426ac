import { brandOf, markError, SwitchgearError } from '../errors/switchgear-error.js';

/** `execution()` was asked where no guarded call runs: outside of one, or after the function's first `await`. */
export class NoExecutionError extends SwitchgearError {
  static {
    markError(this, { name: 'NoExecutionError', code: 'ERR_NO_EXECUTION' });
  }

  declare readonly name: 'NoExecutionError';
  readonly code = 'ERR_NO_EXECUTION';

  constructor() {
    super(
      'execution() was called outside of a guarded call, or after the first await of one. ' +
        'Call it at the beginning of the guarded function, before anything is awaited, and keep it in a constant.',
    );
  }
}

export function isNoExecutionError(error: unknown): error is NoExecutionError {
  return brandOf(error) === 'ERR_NO_EXECUTION';
}
