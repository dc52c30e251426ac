import { fieldOf } from '../errors/object-shape.js';
import { type Clues, rareFieldOf } from './clues.js';
import { failure, type Failure, type FailureKind } from './failure.js';

/** Source: https://www.prisma.io/docs/orm/reference/error-reference */
const CODES: ReadonlyMap<string, readonly [FailureKind, transient: boolean]> = new Map([
  ['P1000', ['denied', false]], // credentials
  ['P1001', ['outage', true]], // cannot reach the server
  ['P1002', ['timeout', true]],
  ['P1003', ['denied', false]], // no such database
  ['P1008', ['timeout', true]],
  ['P1010', ['denied', false]],
  ['P1011', ['outage', true]], // TLS
  ['P1017', ['outage', true]], // the server closed the connection
  ['P2021', ['denied', false]], // no such table
  ['P2022', ['denied', false]], // no such column
  ['P2024', ['overload', true]], // no connection became free in the pool
  ['P2028', ['outage', true]], // the transaction is gone
  ['P2034', ['answer', true]], // write conflict or deadlock
  ['P2037', ['overload', true]], // too many connections
]);

/** Errors of Prisma: `P` and four digits, in `code` or `errorCode`, beside `clientVersion`. */
export function readPrisma(clues: Clues): Failure | undefined {
  const { error, code } = clues;
  if (typeof rareFieldOf(clues, 'clientVersion') !== 'string') return undefined;
  const known = typeof code === 'string' ? code : fieldOf(error, 'errorCode');
  if (typeof known !== 'string' || !/^P\d{4}$/.test(known)) return undefined;
  const meaning = CODES.get(known) ?? (known.startsWith('P20') ? (['answer', false] as const) : undefined);
  return meaning === undefined ? undefined : failure(meaning[0], 'sql', meaning[1], `Prisma ${known}`);
}
