import { showValue } from './show-value.js';
import { brandOf, markError, SwitchgearError } from './switchgear-error.js';

/** One thing that is wrong with a policy. */
export interface Fault {
  /** The field, as code writes it: `failureThreshold`, `window.calls`, `expectedErrors[1]`; '' is the whole policy. */
  readonly path: string;
  readonly received: unknown;
  /** The values that the field takes, in words: 'a whole number from 1 to 10'. */
  readonly allowed: string;
  /** What was probably meant: for an unknown field, the known one, as a path such as 'window.failureRate'. */
  readonly suggestion?: string;
  /** For an option of another library, what it is called here, in words. */
  readonly advice?: string;
  /** True where no such field exists; then `allowed` lists the fields that exist. */
  readonly unknown?: true;
}

/**
 * A policy has faults. Thrown where the policy is written, with all its faults at once.
 *
 * @param subject the policy's name, such as 'CircuitBreakerPolicy'
 * @param faults at least one
 * @example
 * // CircuitBreakerPolicy has 2 faults:
 * //   failureThreshold: received -1; allowed: a whole number from 1 to 1000000
 * //   failureTreshold: unknown option; did you mean "failureThreshold"?
 */
export class PolicyError extends SwitchgearError {
  static {
    markError(this, { name: 'PolicyError', code: 'ERR_POLICY' });
  }

  declare readonly name: 'PolicyError';
  readonly code = 'ERR_POLICY';
  readonly subject: string;
  readonly faults: readonly Fault[];

  constructor(subject: string, faults: readonly Fault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super([`${subject} has ${count}:`, ...faults.map((fault) => `  ${describeFault(fault)}`)].join('\n'));
    this.subject = subject;
    this.faults = Object.freeze([...faults]);
  }
}

export function isPolicyError(error: unknown): error is PolicyError {
  return brandOf(error) === 'ERR_POLICY';
}

function describeFault({ path, received, allowed, suggestion, advice, unknown }: Fault): string {
  // The name of an unknown field is data of the caller, and must not forge lines of a log.
  const isSafe = path.length <= 100 && !/\p{Cc}/u.test(path);
  const shown = isSafe ? path : showValue(path);
  if (advice !== undefined) return `${shown} ${advice}`;
  const where = path === '' ? '' : `${shown}: `;
  const meant = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  if (unknown !== true) return `${where}received ${showValue(received)}; allowed: ${allowed}${meant}`;
  return `${where}unknown option${meant === '' ? `; allowed: ${allowed}` : meant}`;
}
