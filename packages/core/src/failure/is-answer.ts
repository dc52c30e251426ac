import { failureOf } from './failure-of.js';

/**
 * Whether an error is what a dependency answered, kinds `answer` and `denied`: HTTP 404, a violated constraint, a login that
 * was refused. False for overload, such as 429. Never throws.
 *
 * @example
 * // A 404 of a broken gateway cannot be told from a true one: here every other answer is a failure.
 * expectedErrors: (error) => !isAnswer(error) || statusOf(error) === 404
 */
export function isAnswer(error: unknown): boolean {
  const { kind } = failureOf(error);
  return kind === 'answer' || kind === 'denied';
}
