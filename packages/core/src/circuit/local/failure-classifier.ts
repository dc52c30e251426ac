import { wasAbortedByCaller } from '../../call/abort.js';
import { isRetryAbort } from '../../call/retry-aborts.js';
import { warnUser } from '../../call/user-warning.js';
import type { Topic } from '../../events/emitter.js';
import { failureOf } from '../../failure/failure-of.js';
import { refusalOf } from '../../failure/refusal-of.js';
import { aboutCircuit } from '../events/circuit-event.js';
import type { TransitionFeed } from '../events/transition-feed.js';
import type { OutcomeKind } from '../machine/settlement.js';
import type { CircuitBreakerSettings } from '../policy/settings.js';

/** Whose policy is asked. */
interface ClassifyingCircuit {
  readonly key: string;
  readonly topic: Topic;
  readonly feed: TransitionFeed;
  readonly settings: CircuitBreakerSettings;
}

/**
 * What an error means for the circuit.
 *
 * - `excludedErrors` is asked first; what it takes is neutral. So are refusals, however deep, and the caller's own abort.
 * - With `expectedErrors`, an error it takes is a failure. Of the others an answer is a success, all else is neutral.
 * - Without, an answer of a healthy dependency is a success. A denial is a success of a probe and neutral otherwise, because a
 *   gateway says it too. All else is a failure.
 *
 * @param args of the call: one of its signals tells whether the caller gave up
 */
export function kindOfError(
  circuit: ClassifyingCircuit,
  error: unknown,
  args: readonly unknown[],
  isProbe: boolean,
): OutcomeKind {
  const { isExcluded, isExpected } = circuit.settings;
  if (asks(circuit, isExcluded, error, false)) return 'neutral';
  if (wasAbortedByCaller(args) || isRetryAbort(error) || refusalOf(error) !== undefined) return 'neutral';
  if (isExpected !== undefined) {
    if (asks(circuit, isExpected, error, true)) return 'failure';
    return failureOf(error).kind === 'answer' ? 'success' : 'neutral';
  }
  const { kind } = failureOf(error);
  if (kind === 'answer') return 'success';
  if (kind === 'denied') return isProbe ? 'success' : 'neutral';
  return 'failure';
}

/** Whether a result counts as a failure. */
export function isFailureResult(circuit: ClassifyingCircuit, result: unknown): boolean {
  return asks(circuit, circuit.settings.isFailure, result, false);
}

/** What a function of the policy says; one that throws has said nothing, and does not replace the caller's outcome. */
function asks(
  { key, topic, feed }: ClassifyingCircuit,
  question: ((subject: unknown) => boolean) | undefined,
  subject: unknown,
  otherwise: boolean,
): boolean {
  if (question === undefined) return otherwise;
  try {
    return question(subject);
  } catch (cause) {
    const message = `a function of the policy of circuit "${key}" threw`;
    if (!feed.hasListeners(topic)) warnUser(message, { error: cause });
    feed.publish(topic, { type: 'warning', ...aboutCircuit(key), code: 'callback-threw', message, cause });
    return otherwise;
  }
}
