import { isObject } from '../errors/object-shape.js';
import { type Clues, rareFieldOf } from './clues.js';
import { headerOf, type Headers } from './headers.js';
import { isKafkaGuess } from './kafka.js';

/** AWS SDK 2, Azure and many others; Vercel's AI SDK; KafkaJS; tedious. */
const MARKS = ['retryable', 'isRetryable', 'retriable', 'isTransient'] as const;

/**
 * Whether the error, or a header of the server's answer, says itself that another attempt may help; undefined if neither
 * does. `failureOf` lets a mark overrule `transient`, except for aborts, refusals and errors of ours.
 */
export function markOf(clues: Clues, headers: Headers): boolean | undefined {
  if (clues.hasRare && !isKafkaGuess(clues)) {
    for (const name of MARKS) {
      const mark = rareFieldOf(clues, name);
      if (typeof mark === 'boolean') return mark;
    }
  }
  // A trait of the AWS SDK 3: if it exists, even as an empty object, another attempt may help.
  const trait = rareFieldOf(clues, '$retryable');
  if (trait !== undefined && trait !== null) return trait !== false;
  if (headers.length === 0) return undefined;
  return headerMarkOf(headers) ?? (isObject(clues.metadata) ? pushbackMarkOf(headers) : undefined);
}

function headerMarkOf(headers: Headers): boolean | undefined {
  // OpenAI's, Anthropic's and Stripe's.
  const said = headerOf(headers, 'x-should-retry') ?? headerOf(headers, 'stripe-should-retry');
  if (said === 'true') return true;
  return said === 'false' ? false : undefined;
}

/** gRFC A6: a pushback that is negative, or no number, asks for no further attempt. */
function pushbackMarkOf(headers: Headers): boolean | undefined {
  const pushback = headerOf(headers, 'grpc-retry-pushback-ms');
  return pushback !== undefined && !/^\d+$/.test(pushback) ? false : undefined;
}
