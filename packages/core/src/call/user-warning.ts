import { tryRead } from '../errors/try-read.js';
import { isErrorLike } from '../errors/error-shape.js';
import { showValue } from '../errors/show-value.js';

/**
 * Emits a warning of the process, of type `SwitchgearWarning`.
 *
 * @param message what happened
 * @param thrown the value that a function of the user threw: its message follows the text, its stack is the detail
 */
export function warnUser(message: string, thrown?: { readonly error: unknown }): void {
  if (thrown === undefined) {
    process.emitWarning(message, { type: 'SwitchgearWarning' });
    return;
  }
  const { error } = thrown;
  const reason = isErrorLike(error) ? tryRead(() => error.message) : undefined;
  const stack = isErrorLike(error) ? tryRead(() => error.stack) : undefined;
  process.emitWarning(`${message}: ${typeof reason === 'string' ? reason : showValue(error)}`, {
    type: 'SwitchgearWarning',
    detail: typeof stack === 'string' ? stack : '',
  });
}
