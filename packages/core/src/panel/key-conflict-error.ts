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
  /** Whether the policy that holds is the default, which `{ key }` alone declares at its first call. */
  readonly isDefault?: boolean;
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

  constructor(data: KeyConflictErrorData) {
    const { key, here = NOWHERE, there = NOWHERE, differences = [] } = data;
    super(`${conflictText({ key, here, there, differences })} ${cureOf(data, here === there)}`);
    this.key = key;
    this.here = here;
    this.there = there;
    this.differences = Object.freeze([...differences]);
  }
}

function conflictText({ key, here, there, differences }: KeyConflictErrorData): string {
  const what = differences?.length === 0 ? '' : ` (different: ${differences?.join(', ')})`;
  return here === there && here !== NOWHERE
    ? `Key ${quoteKey(key)} has two policies, both declared at ${here}${what}.`
    : `Key ${quoteKey(key)} has two policies: one declared at ${there}, another at ${here}${what}.`;
}

/** What to write in place of the second declaration. */
function cureOf(
  { key, policy = 'circuit-breaker', isDefault }: KeyConflictErrorData,
  isOnePlace: boolean,
): string {
  const name = JSON.stringify(key);
  // Only circuits can be removed and joined.
  const isCircuit = policy === 'circuit-breaker';
  const remove = isCircuit ? `, or give up the first circuit with circuits.remove(${name})` : '';
  if (isOnePlace) return `Give each policy a key of its own${remove}.`;
  if (!isCircuit) return 'Give both places the same policy, as one constant, or give each a key of its own.';
  const once = `ive both places the same policy, as one constant, or write { key: ${name} } in all places but one${remove}.`;
  if (isDefault !== true) return `G${once}`;
  return (
    `The first has the defaults, as { key: ${name} } has whose first call comes before any policy: declare the policy before ` +
    `that call. Otherwise g${once}`
  );
}

export function isKeyConflictError(error: unknown): error is KeyConflictError {
  return brandOf(error) === 'ERR_KEY_CONFLICT';
}
