import { fieldOf } from '../errors/object-shape.js';
import { type Clues } from './clues.js';
import { failure, type Failure, type FailureKind } from './failure.js';
import { readMssql } from './mssql.js';
import { readMysql } from './mysql.js';
import { readPrisma } from './prisma.js';
import { readSqlite } from './sqlite.js';

/** SQL databases: by SQLSTATE where the driver gives one, else by the codes of MySQL, Prisma, SQLite and SQL Server. */
export function readSql(clues: Clues): Failure | undefined {
  return (
    readMysql(clues) ?? readSqlState(clues) ?? readPrisma(clues) ?? readSqlite(clues) ?? readMssql(clues)
  );
}

function readSqlState(clues: Clues): Failure | undefined {
  const state = sqlStateOf(clues);
  return state === undefined ? undefined : sqlStateFailure(state);
}

/**
 * Five letters and digits are no SQLSTATE by themselves: ESRCH and EBADF are none. Taken as one are `sqlState` (mysql2,
 * mariadb), and `code` beside what the drivers of PostgreSQL put there: `severity` or `routine` (pg, postgres.js),
 * `details` and `hint` (PostgREST, Supabase).
 */
function sqlStateOf({ error, code, sqlState, details }: Clues): string | undefined {
  if (isSqlState(sqlState)) return sqlState;
  if (!isSqlState(code)) return undefined;
  if (isText(fieldOf(error, 'severity')) || isText(fieldOf(error, 'routine'))) return code;
  return details !== undefined && fieldOf(error, 'hint') !== undefined ? code : undefined;
}

function isSqlState(value: unknown): value is string {
  return typeof value === 'string' && value.length === 5 && /^[0-9A-Z]{5}$/.test(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** What one state means, where it differs from its class. Those of five letters as PostgreSQL and MySQL give them. */
const STATES: ReadonlyMap<string, readonly [FailureKind, transient: boolean]> = new Map([
  ['25006', ['outage', true]], // read only: the primary has moved
  ['25P03', ['outage', true]], // the session was ended for being idle
  ['42501', ['denied', false]], // insufficient privilege
  ['42P01', ['denied', false]], // no such table: a deploy is ahead of its migration, or behind it
  ['42703', ['denied', false]], // no such column
  ['42S02', ['denied', false]], // no such table, in MySQL
  ['42S22', ['denied', false]], // no such column, in MySQL
  ['55P03', ['answer', true]], // a lock that is taken
  ['57014', ['timeout', true]], // the statement's time is over
]);

/** What a class means, by the first two letters. Source: PostgreSQL, Appendix A; ISO/IEC 9075-2. */
const CLASSES: ReadonlyMap<string, readonly [FailureKind, transient: boolean]> = new Map([
  ['02', ['answer', false]], // no data
  ['08', ['outage', true]], // connection
  ['0A', ['answer', false]], // feature not supported
  ['20', ['answer', false]],
  ['21', ['answer', false]],
  ['22', ['answer', false]], // data
  ['23', ['answer', false]], // constraints
  ['24', ['answer', false]],
  ['25', ['answer', false]], // state of the transaction
  ['26', ['answer', false]],
  ['28', ['denied', false]], // authorization
  ['2B', ['answer', false]],
  ['2D', ['answer', false]],
  ['2F', ['answer', false]],
  ['34', ['answer', false]],
  ['38', ['answer', false]],
  ['39', ['answer', false]],
  ['3B', ['answer', false]],
  ['3D', ['denied', false]], // no such database
  ['3F', ['denied', false]], // no such schema
  ['40', ['answer', true]], // serialization failure, deadlock
  ['42', ['answer', false]], // syntax
  ['44', ['answer', false]],
  ['53', ['overload', true]], // insufficient resources
  ['54', ['answer', false]], // too complex
  ['55', ['answer', false]], // not in the state that it takes
  ['57', ['outage', true]], // an operator's hand: shutting down, starting up
  ['58', ['outage', true]], // system errors
  ['P0', ['answer', false]], // raised by the user's own PL/pgSQL
  ['XX', ['outage', true]], // internal error
]);

function sqlStateFailure(state: string): Failure | undefined {
  const meaning = STATES.get(state) ?? CLASSES.get(state.slice(0, 2));
  return meaning === undefined ? undefined : failure(meaning[0], 'sql', meaning[1], `SQLSTATE ${state}`);
}
