import { fieldOf } from '../errors/object-shape.js';
import { isRefusal } from '../errors/refusal-error.js';
import { brandOf } from '../errors/switchgear-error.js';
import { failure, type Failure, sharedFailure } from './failure.js';
import { waitOf } from './moment.js';

/** Errors of Switchgear that are no refusals, by their brand. */
const READINGS: ReadonlyMap<string | undefined, Failure> = new Map([
  ['ERR_POLICY', sharedFailure('bug', 'switchgear', false, 'ERR_POLICY')],
  ['ERR_KEY_CONFLICT', sharedFailure('bug', 'switchgear', false, 'ERR_KEY_CONFLICT')],
  ['ERR_PANEL_FULL', sharedFailure('bug', 'switchgear', false, 'ERR_PANEL_FULL')],
  ['ERR_NO_EXECUTION', sharedFailure('bug', 'switchgear', false, 'ERR_NO_EXECUTION')],
  ['ERR_TIMEOUT', sharedFailure('timeout', 'switchgear', true, 'ERR_TIMEOUT')],
  // The time of all attempts together is over: there is none left for another one.
  ['ERR_DEADLINE', sharedFailure('timeout', 'switchgear', false, 'ERR_DEADLINE')],
]);

export function readOwnError(error: object): Failure | undefined {
  if (isRefusal(error)) return refusalFailure(error);
  const brand = brandOf(error);
  if (brand === undefined) return undefined;
  const known = READINGS.get(brand);
  const retryAfter = known === undefined ? ownRetryAfterOf(error) : undefined;
  if (retryAfter === undefined) return known;
  return { ...failure('overload', 'switchgear', true, brand), retryAfter };
}

/** @param refusal an error that `isRefusal` takes */
export function refusalFailure(refusal: object): Failure {
  const text = brandOf(refusal) ?? 'refusal';
  const retryAfter = ownRetryAfterOf(refusal);
  return { kind: 'refusal', family: 'switchgear', status: undefined, retryAfter, transient: false, text };
}

/** Our own errors have their `retryAfter` in ms. SDKs have it in seconds. */
function ownRetryAfterOf(error: object): number | undefined {
  const retryAfter = fieldOf(error, 'retryAfter');
  return typeof retryAfter === 'number' ? waitOf(retryAfter) : undefined;
}
