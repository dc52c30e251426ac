import { isErrorLike } from '../errors/error-shape.js';
import { showValue } from '../errors/show-value.js';
import { tryRead } from '../errors/try-read.js';

/**
 * Emits a warning of the process, of type `SwitchgearWarning`.
 *
 * @param message what happened
 * @param thrown the value that a function of the user threw: it is the `cause` of the warning, its message follows the text, and
 * its stack is the `detail`, which Node prints
 */
export function warnUser(message: string, thrown?: { readonly error: unknown }): void {
  if (thrown === undefined) {
    process.emitWarning(message, { type: 'SwitchgearWarning' });
    return;
  }
  const { error } = thrown;
  const reason = isErrorLike(error) ? tryRead(() => error.message) : undefined;
  const stack = isErrorLike(error) ? tryRead(() => error.stack) : undefined;
  const text = `${message}: ${typeof reason === 'string' ? reason : showValue(error)}`;
  const detail = typeof stack === 'string' ? stack : '';
  const warning = Object.assign(new Error(text, { cause: error }), { name: 'SwitchgearWarning', detail });
  try {
    process.emitWarning(warning);
  } catch {
    // Node takes no errors of another realm, and under Jest all errors of the program are of another realm.
    process.emitWarning(text, { type: 'SwitchgearWarning', detail });
  }
}
