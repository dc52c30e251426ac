import { fieldOf, isObject } from '../errors/object-shape.js';
import { type Clues, firstFieldOf, rareFieldOf } from './clues.js';
import { headerOf, type Headers } from './headers.js';
import { type Epoch, parseRetryAfter, readEpoch, untilDate, waitOf } from './moment.js';
import { usedUpQuota } from './quota.js';
import { retryInfoOf } from './retry-info.js';

/** The other side says when to come again, or that its quota is used up. */
export interface ComeAgain {
  /** In ms from now; undefined where the time is not said, or is a date and the wall clock is not known. */
  readonly retryAfter: number | undefined;
}

/**
 * What an error, a response or a result says of when to come again: in its headers, in gRPC's metadata, in the details of
 * Google's errors, or in a field of an SDK. The first of these that can be understood counts, in that order.
 *
 * @param isOverload whether its status says already that there was too much to do
 */
export function comeAgainOf(
  clues: Clues,
  headers: Headers,
  isOverload: boolean,
  epoch: Epoch | undefined,
): ComeAgain | undefined {
  const said =
    headers.length === 0
      ? undefined
      : inHeaders(headers, isObject(clues.metadata) ? MS_METADATA : MS_HEADERS, epoch);
  if (said !== undefined) return said;
  const wait = retryInfoOf(clues);
  if (wait !== undefined) return { retryAfter: wait };
  const field = inFields(clues, epoch);
  if (field !== undefined) return field;
  const usedUp = headers.length === 0 ? undefined : usedUpQuota(headers, isOverload, epoch);
  return usedUp === undefined ? undefined : { retryAfter: usedUp.wait };
}

/** Azure's, OpenAI's, and gRPC's: milliseconds. */
const MS_HEADERS = ['retry-after-ms', 'x-ms-retry-after-ms', 'x-amz-retry-after'];
const MS_METADATA = [...MS_HEADERS, 'grpc-retry-pushback-ms'];

function inHeaders(
  headers: Headers,
  namesInMs: readonly string[],
  epoch: Epoch | undefined,
): ComeAgain | undefined {
  for (const name of namesInMs) {
    const value = headerOf(headers, name);
    const ms = value !== undefined && /^\d+(\.\d+)?$/.test(value) ? waitOf(Number(value)) : undefined;
    if (ms !== undefined) return { retryAfter: ms };
  }
  const value = headerOf(headers, 'retry-after');
  if (value === undefined) return undefined;
  const retryAfter = parseRetryAfter(value, epoch);
  // A valid date without a wall clock: it is overload, but the wait is not known.
  if (retryAfter === undefined && parseRetryAfter(value, 0) === undefined) return undefined;
  return { retryAfter };
}

const SECONDS = ['retryAfter', 'retry_after', 'retryAfterSeconds', 'retry_after_seconds', 'retryAfterHint'];
const MS = ['retryAfterMs', 'retry_after_ms', 'retryAfterInMs', 'retryAfterMilliseconds', 'msBeforeNext'];

/** Fields of SDKs, on the error itself or where Telegram, Discord and GraphQL have them. */
function inFields(clues: Clues, epoch: Epoch | undefined): ComeAgain | undefined {
  const { error, response, extensions, hasRare } = clues;
  if (!hasRare && !isObject(response) && !isObject(extensions)) return undefined;
  const owners = [
    hasRare ? error : undefined,
    isObject(response) ? response : undefined,
    rareFieldOf(clues, 'parameters'),
    isObject(response) ? fieldOf(response, 'parameters') : undefined,
    rareFieldOf(clues, 'rawError'),
    extensions,
  ];
  for (const owner of owners) {
    if (!isObject(owner)) continue;
    const ms = firstFieldOf(owner, MS);
    if (typeof ms === 'number' && ms > 0) return { retryAfter: waitOf(ms) };
    const said = firstFieldOf(owner, SECONDS);
    const again = said === undefined ? undefined : ofField(owner, said, epoch);
    if (again !== undefined) return again;
  }
  return undefined;
}

function ofField(owner: object, said: unknown, epoch: Epoch | undefined): ComeAgain | undefined {
  if (typeof said === 'number') {
    // discord.js alone counts its `retryAfter` in ms, and has `timeToReset` beside it.
    const unit = typeof fieldOf(owner, 'timeToReset') === 'number' ? 1 : 1_000;
    return said > 0 ? { retryAfter: waitOf(said * unit) } : undefined;
  }
  if (typeof said === 'string') {
    const retryAfter = parseRetryAfter(said, epoch);
    return retryAfter !== undefined && retryAfter > 0 ? { retryAfter } : undefined;
  }
  return isObject(said) ? ofDate(said, epoch) : undefined;
}

/** The AWS SDK gives `retryAfterHint` as a Date. */
function ofDate(date: object, epoch: Epoch | undefined): ComeAgain | undefined {
  const toISOString = fieldOf(date, 'toISOString');
  if (typeof toISOString !== 'function') return undefined;
  const text: unknown = (toISOString as () => unknown).call(date);
  if (typeof text !== 'string') return undefined;
  return { retryAfter: readEpoch(epoch) === undefined ? undefined : untilDate(text, epoch) };
}
