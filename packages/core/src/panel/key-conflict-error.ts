import { quoteKey } from '../errors/quote-key.js';
import { brandOf, markError, SwitchgearError } from '../errors/switchgear-error.js';

export interface KeyConflictErrorData {
  readonly key: string;
  /** The kind of the policy. Default `'circuit-breaker'`. */
  readonly policy?: string;
  /** The line of code of the declaration that was refused, such as 'src/geo.ts:12:3'. */
  readonly here: string | undefined;
  /** The line of code of the declaration that holds. */
  readonly there: string | undefined;
  /** The policy fields that differ; empty where they are not known. */
  readonly differences?: readonly string[];
}

/** The text for a line of code that is not known, as that of evaluated code. */
const NOWHERE = 'an unknown place';

/** One key was declared twice with different policies. */
export class KeyConflictError extends SwitchgearError {
  static {
    markError(this, { name: 'KeyConflictError', code: 'ERR_KEY_CONFLICT' });
  }

  declare readonly name: 'KeyConflictError';
  readonly code = 'ERR_KEY_CONFLICT';
  readonly key: string;
  readonly here: string;
  readonly there: string;
  readonly differences: readonly string[];

  constructor({
    key,
    policy = 'circuit-breaker',
    here = NOWHERE,
    there = NOWHERE,
    differences = [],
  }: KeyConflictErrorData) {
    const what = differences.length === 0 ? '' : ` (different: ${differences.join(', ')})`;
    super(
      here === there && here !== NOWHERE
        ? `Key ${quoteKey(key)} has two policies, both declared at ${here}${what}. ` +
            `Give each policy a key of its own${policy === 'circuit-breaker' ? `, or give up the first circuit with circuits.remove(${JSON.stringify(key)})` : ''}.`
        : `Key ${quoteKey(key)} has two policies: one declared at ${there}, another at ${here}${what}. ` +
            'Declare it once and refer to it by its key alone elsewhere.',
    );
    this.key = key;
    this.here = here;
    this.there = there;
    this.differences = Object.freeze([...differences]);
  }
}

export function isKeyConflictError(error: unknown): error is KeyConflictError {
  return brandOf(error) === 'ERR_KEY_CONFLICT';
}
