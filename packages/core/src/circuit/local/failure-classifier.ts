import { isOwnAbort } from '../../call/abort.js';
import { isRetryAbort } from '../../call/retry-aborts.js';
import { warn } from '../../call/user-callback.js';
import { isRefusal } from '../../errors/refusal-error.js';
import type { Topic } from '../../events/emitter.js';
import { aboutCircuit } from '../events/circuit-event.js';
import type { TransitionFeed } from '../events/transition-feed.js';
import type { CircuitBreakerSettings } from '../policy/settings.js';

/** Whose policy is asked. */
interface Judged {
  readonly key: string;
  readonly topic: Topic;
  readonly feed: TransitionFeed;
  readonly settings: CircuitBreakerSettings;
}

/** Whether an error is a failure of what the circuit guards. */
export function isFailureError(circuit: Judged, error: unknown, args: readonly unknown[]): boolean {
  if (isRefusal(error) || isOwnAbort(error, args) || isRetryAbort(error)) return false;
  const { isExcluded, isExpected } = circuit.settings;
  return !asks(circuit, isExcluded, error, false) && asks(circuit, isExpected, error, true);
}

/** Whether a result counts as a failure. */
export function isFailureResult(circuit: Judged, result: unknown): boolean {
  return asks(circuit, circuit.settings.isFailure, result, false);
}

/** What a function of the policy says; one that throws has said nothing, and does not replace the caller's outcome. */
function asks(
  { key, topic, feed }: Judged,
  question: ((subject: unknown) => boolean) | undefined,
  subject: unknown,
  otherwise: boolean,
): boolean {
  if (question === undefined) return otherwise;
  try {
    return question(subject);
  } catch (cause) {
    const message = `a function of the policy of circuit "${key}" threw`;
    if (!feed.hasListeners(topic)) warn(message, cause);
    feed.publish(topic, { type: 'warning', ...aboutCircuit(key), code: 'callback-threw', message, cause });
    return otherwise;
  }
}
