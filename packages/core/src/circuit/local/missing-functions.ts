import { PolicyError } from '../../errors/policy-error.js';
import { shownName } from '../circuit-name.js';

/** A circuit whose policy has functions that this thread does not have. */
interface Borrowed {
  readonly key: string;
  readonly declaredAt: string | undefined;
  readonly missing: readonly string[];
}

/** Why a call cannot go through it. */
export function missingHere({ key, declaredAt, missing }: Borrowed): PolicyError {
  const where = declaredAt === undefined ? '' : ` at ${declaredAt}`;
  const allowed =
    'the function itself, which cannot cross threads: declare the circuit in this thread as well';
  return new PolicyError(
    `the policy of circuit "${shownName(key)}", which only another thread has declared${where},`,
    missing.map((path) => ({ path, received: undefined, allowed })),
  );
}
