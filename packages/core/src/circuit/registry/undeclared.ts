import { PolicyError } from '../../errors/policy-error.js';
import { nearest } from '../../options/nearest.js';

/** The number of keys that a message lists. */
const MAX_SHOWN = 20;

/**
 * The error of a key that this thread has not declared.
 *
 * @param subject where the key was used
 * @param keys the keys that are declared
 * @param isElsewhere whether another thread has declared it
 */
export function undeclared(
  subject: string,
  key: string,
  keys: readonly string[],
  isElsewhere: boolean,
): PolicyError {
  const suggestion = nearest(key, keys);
  const shown = suggestion === undefined ? keys : [suggestion, ...keys.filter((one) => one !== suggestion)];
  const more = shown.length > MAX_SHOWN ? `, and ${shown.length - MAX_SHOWN} others` : '';
  const elsewhere = isElsewhere
    ? ' (another thread has declared it, with functions that cannot cross threads; this one has to as well)'
    : '';
  const allowed =
    (keys.length === 0
      ? 'a key that was declared; none is'
      : `one of ${shown.slice(0, MAX_SHOWN).join(', ')}${more}`) +
    `${elsewhere} (a text refers to a circuit: declare it with its policy, such as { failureThreshold: 5 }, or write ` +
    `{ key: ${JSON.stringify(key)} }, which declares it with the defaults)`;
  return new PolicyError(subject, [
    { path: 'key', received: key, allowed, ...(suggestion === undefined ? {} : { suggestion }) },
  ]);
}
