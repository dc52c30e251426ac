import { fieldOf } from '../errors/object-shape.js';
import { type Clues } from './clues.js';
import { failure, type Failure, type FailureKind } from './failure.js';

/** Numbers of SQL Server that mean something else than their severity says. */
const NUMBERS: ReadonlyMap<number, readonly [FailureKind, transient: boolean]> = new Map([
  [207, ['denied', false]], // no such column
  [208, ['denied', false]], // no such table
  [229, ['denied', false]], // permission
  [230, ['denied', false]], // permission on a column
  [262, ['denied', false]], // permission in the database
  [916, ['denied', false]], // no access to the database
  [1205, ['answer', true]], // deadlock
  [1222, ['answer', true]], // a lock waited for too long
  [3906, ['outage', true]], // read only: the primary has moved
  [3960, ['answer', true]], // snapshot conflict
  [4060, ['denied', false]], // no such database
  [10928, ['overload', true]], // Azure: the limits of the database
  [10929, ['overload', true]],
  [18456, ['denied', false]], // login
  [40197, ['outage', true]], // Azure: moved to another node
  [40501, ['overload', true]], // Azure: busy, retry after 10 seconds
  [40613, ['outage', true]], // Azure: not available
  [49918, ['overload', true]],
  [49919, ['overload', true]],
  [49920, ['overload', true]],
] as const);

/**
 * Errors of tedious and mssql: `number`, `state` and `class` as SQL Server sends them. A class of 11 to 16 is what the user
 * can correct, 17 to 19 is what the server is short of, and from 20 on the connection is lost.
 *
 * Source: Microsoft, "Database Engine error severities".
 */
export function readMssql({ error, code }: Clues): Failure | undefined {
  // Both drivers have a text in `code`.
  if (typeof code !== 'string') return undefined;
  const severity = fieldOf(error, 'class');
  const number = fieldOf(error, 'number');
  if (typeof severity !== 'number' || typeof number !== 'number') return undefined;
  if (typeof fieldOf(error, 'state') !== 'number') return undefined;
  const text = `SQL Server ${number}`;
  const meaning = NUMBERS.get(number);
  if (meaning !== undefined) return failure(meaning[0], 'sql', meaning[1], text);
  if (severity >= 20) return failure('outage', 'sql', true, text);
  if (severity >= 17) return failure('overload', 'sql', true, text);
  return severity >= 11 ? failure('answer', 'sql', false, text) : undefined;
}
