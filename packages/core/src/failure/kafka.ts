import { type Clues, rareFieldOf } from './clues.js';
import { failure, type Failure } from './failure.js';

const OUTAGES: ReadonlySet<string> = new Set([
  'KafkaJSBrokerNotFound',
  'KafkaJSConnectionClosedError',
  'KafkaJSConnectionError',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
]);
const DENIED = /AUTHORIZATION|AUTHENTICATION|SASL/;

/** What KafkaJS says of codes that came after it. Source: tulios/kafkajs#1696. */
const UNKNOWN_CODE = 'KAFKAJS_UNKNOWN_ERROR_CODE';
const THROTTLED = 'Unknown error code 89';

/**
 * Whether `retriable: false` says nothing: on the error for retries of KafkaJS's own that are used up, also where it makes none,
 * whose cause has the truth, and on codes that it does not know.
 */
export function isKafkaGuess({ name, type }: Clues): boolean {
  return name === 'KafkaJSNumberOfRetriesExceeded' || type === UNKNOWN_CODE;
}

/** Errors of KafkaJS. Those of the protocol have its word in `type`, and say themselves whether they pass. */
export function readKafka(clues: Clues): Failure | undefined {
  const { name, type, code, message } = clues;
  if (typeof name !== 'string' || !name.startsWith('KafkaJS')) return undefined;
  if (name === 'KafkaJSSASLAuthenticationError') return failure('denied', 'kafka', false, name);
  // A system code says more.
  if (OUTAGES.has(name) && typeof code !== 'string') return failure('outage', 'kafka', true, name);
  if (name !== 'KafkaJSProtocolError' || typeof type !== 'string') return undefined;
  const text = `Kafka ${type}`;
  if (type === UNKNOWN_CODE) {
    const isThrottled = typeof message === 'string' && message.endsWith(THROTTLED);
    return isThrottled ? failure('overload', 'kafka', true, 'Kafka THROTTLING_QUOTA_EXCEEDED') : undefined;
  }
  if (type === 'REQUEST_TIMED_OUT') return failure('timeout', 'kafka', true, text);
  if (type === 'THROTTLING_QUOTA_EXCEEDED') return failure('overload', 'kafka', true, text);
  if (DENIED.test(type)) return failure('denied', 'kafka', false, text);
  // The leader or the coordinator is moving, or a broker is away.
  if (rareFieldOf(clues, 'retriable') === true) return failure('outage', 'kafka', true, text);
  return type === 'UNKNOWN'
    ? failure('outage', 'kafka', false, text)
    : failure('answer', 'kafka', false, text);
}
