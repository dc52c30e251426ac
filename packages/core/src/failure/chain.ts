import { fieldOf, isObject } from '../errors/object-shape.js';
import { isRefusal } from '../errors/refusal-error.js';
import { tryRead } from '../errors/try-read.js';

/** No error has as many causes. A chain that getters make up has no end. */
const LONGEST = 32;

/** Where wrapping errors hold the one they wrap: standard, TypeORM, Sequelize, Apollo 3 and urql, Vercel's AI SDK. */
const WRAPPED: ReadonlySet<string> = new Set(['driverError', 'original', 'networkError', 'lastError']);

/** An error and its causes, outermost first; a cause that comes again ends the chain. */
export function chainOf(error: object): readonly object[] {
  const chain = [error];
  for (let last = error; chain.length < LONGEST;) {
    const cause = causeOf(last);
    if (cause === undefined || chain.includes(cause)) break;
    chain.push(cause);
    last = cause;
  }
  return chain;
}

function causeOf(error: object): object | undefined {
  const cause = fieldOf(error, 'cause');
  if (isObject(cause)) return cause;
  for (const name of keysOf(error)) {
    const wrapped = WRAPPED.has(name) ? fieldOf(error, name) : undefined;
    if (isObject(wrapped)) return wrapped;
  }
  return undefined;
}

function keysOf(error: object): readonly string[] {
  try {
    return Object.keys(error);
  } catch {
    return [];
  }
}

/** How many errors are read for one, at most: lists of errors may hold each other. */
export const MAX_ERRORS = 100;

interface Budget {
  left: number;
}

/** The errors of an AggregateError, or of any other error with a list of them; undefined where there is none. */
export function errorsOf(error: object): readonly unknown[] | undefined {
  const errors = fieldOf(error, 'errors');
  return tryRead(() => (Array.isArray(errors) ? errors.slice(0, MAX_ERRORS) : undefined));
}

/**
 * The refusal that an error is, is caused by, or of which alone it consists.
 *
 * @param budget how many errors of lists may still be looked at
 */
export function refusalIn(
  chain: readonly object[],
  budget: Budget = { left: MAX_ERRORS },
): object | undefined {
  for (const error of chain) {
    const refusal = isRefusal(error) ? error : refusalOfAll(errorsOf(error), budget);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The first of the errors, if all are refusals. */
function refusalOfAll(errors: readonly unknown[] | undefined, budget: Budget): object | undefined {
  let first: object | undefined;
  for (const error of errors ?? []) {
    if (!isObject(error) || budget.left-- <= 0) return undefined;
    const refusal = refusalIn(chainOf(error), budget);
    if (refusal === undefined) return undefined;
    first ??= refusal;
  }
  return first;
}
