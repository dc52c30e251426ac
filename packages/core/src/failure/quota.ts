import { headerOf, type Headers } from './headers.js';
import { type Epoch, readEpoch, untilDate, waitOf } from './moment.js';

/** A quota is used up. `wait` is the time until it is renewed, in ms; undefined if no header tells it. */
export interface UsedUp {
  readonly wait: number | undefined;
}

const REMAINING = ['x-ratelimit-remaining', 'x-rate-limit-remaining', 'ratelimit-remaining'];
const RESET_AFTER = ['x-ratelimit-reset-after', 'x-rate-limit-reset-after'];
const RESET = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset'];

/**
 * Whether the headers of an answer say that a quota is used up. A reset time alone does not say so: servers send it with
 * every answer.
 *
 * Source: GitHub's and Discord's documentation; draft-ietf-httpapi-ratelimit-headers.
 *
 * @param isOverload whether the status has said so already
 */
export function usedUpQuota(
  headers: Headers,
  isOverload: boolean,
  epoch: Epoch | undefined,
): UsedUp | undefined {
  const structured = headerOf(headers, 'ratelimit');
  const left =
    structured === undefined ? undefined : parameter(structured, /(?:^|[;,\s])(?:remaining|r)=(\d+)/);
  const isUsedUp = left === 0 || firstOf(headers, REMAINING)?.trim() === '0';
  if (!isUsedUp && !isOverload) return undefined;
  return { wait: untilReset(headers, structured, epoch) };
}

function untilReset(
  headers: Headers,
  structured: string | undefined,
  epoch: Epoch | undefined,
): number | undefined {
  const after = firstOf(headers, RESET_AFTER);
  if (after !== undefined) return waitOf(numberOf(after) * 1_000);
  const reset = firstOf(headers, RESET);
  if (reset !== undefined) return untilMoment(reset.trim(), epoch);
  if (structured === undefined) return undefined;
  const seconds = parameter(structured, /(?:^|[;,\s])(?:reset|t)=(\d+)/);
  return seconds === undefined ? undefined : waitOf(seconds * 1_000);
}

/** A reset above 1e9 (30 years in seconds) is a moment, not a wait: epoch seconds, or epoch ms from 1e11 on. */
const LARGEST_WAIT = 1e9;
const LARGEST_SECONDS = 1e11;

function untilMoment(text: string, epoch: Epoch | undefined): number | undefined {
  const value = numberOf(text);
  if (Number.isNaN(value)) return untilDate(text, epoch);
  if (value < LARGEST_WAIT) return waitOf(value * 1_000);
  const now = readEpoch(epoch);
  if (now === undefined) return undefined;
  const at = value < LARGEST_SECONDS ? value * 1_000 : value;
  return waitOf(Math.max(0, at - now));
}

function numberOf(text: string): number {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : NaN;
}

function parameter(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function firstOf(headers: Headers, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = headerOf(headers, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
