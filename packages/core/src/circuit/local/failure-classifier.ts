import { isOwnAbort } from '../../call/abort.js';
import { isRememberedAbort } from '../../call/retry-aborts.js';
import { warn } from '../../call/user-callback.js';
import { isRefusal } from '../../errors/refusal-error.js';
import type { Hub, Topic } from '../events/transition-feed.js';
import type { CircuitBreakerSettings } from '../policy/settings.js';

/** Whose policy is asked. */
interface Judged {
  readonly key: string;
  readonly topic: Topic;
  readonly hub: Hub;
  readonly settings: CircuitBreakerSettings;
}

/** Whether an error is a failure of what the circuit guards. */
export function isFailureError(circuit: Judged, error: unknown, args: readonly unknown[]): boolean {
  if (isRefusal(error) || isOwnAbort(error, args) || isRememberedAbort(error)) return false;
  const { isExcluded, isExpected } = circuit.settings;
  return !asks(circuit, isExcluded, error, false) && asks(circuit, isExpected, error, true);
}

/** Whether a result counts as a failure. */
export function isFailureResult(circuit: Judged, result: unknown): boolean {
  return asks(circuit, circuit.settings.isFailure, result, false);
}

/** What a function of the policy says; one that throws has said nothing, and does not replace the caller's outcome. */
function asks(
  { key, topic, hub }: Judged,
  question: ((subject: unknown) => boolean) | undefined,
  subject: unknown,
  otherwise: boolean,
): boolean {
  if (question === undefined) return otherwise;
  try {
    return question(subject);
  } catch (cause) {
    const message = `a function of the policy of circuit "${key}" threw`;
    if (!hub.isHeard(topic)) warn(message, cause);
    hub.publish(topic, { type: 'warning', circuit: key, code: 'callback-threw', message, cause });
    return otherwise;
  }
}
