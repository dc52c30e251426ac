import { fieldOf } from '../errors/object-shape.js';
import { type Clues } from './clues.js';
import { failure, type Failure } from './failure.js';

/** Primary result codes. Source: https://www.sqlite.org/rescode.html */
const ANSWERS = /^(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG|SCHEMA)(_|$)/;
const CONTENTION = /^(BUSY|LOCKED)(_|$)/;
const DENIED = /^(AUTH|PERM|READONLY)(_|$)/;
const OUTAGES = /^(CANTOPEN|CORRUPT|FULL|IOERR|NOMEM|NOTADB|PROTOCOL)(_|$)/;
const PREFIX = 'SQLITE_';

/** The same codes by number, which node:sqlite gives in `errcode`; the low byte of an extended code is the primary one. */
const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  [1, 'ERROR'],
  [5, 'BUSY'],
  [6, 'LOCKED'],
  [8, 'READONLY'],
  [10, 'IOERR'],
  [11, 'CORRUPT'],
  [13, 'FULL'],
  [14, 'CANTOPEN'],
  [19, 'CONSTRAINT'],
  [20, 'MISMATCH'],
  [26, 'NOTADB'],
]);

/** Errors of better-sqlite3, sqlite3, libsql and node:sqlite. */
export function readSqlite({ error, code }: Clues): Failure | undefined {
  const name = resultCodeOf(error, code);
  if (name === undefined) return undefined;
  const text = `SQLite ${name}`;
  if (ANSWERS.test(name)) return failure('answer', 'sql', false, text);
  if (CONTENTION.test(name)) return failure('answer', 'sql', true, text);
  if (DENIED.test(name)) return failure('denied', 'sql', false, text);
  return OUTAGES.test(name) ? failure('outage', 'sql', true, text) : undefined;
}

function resultCodeOf(error: object, code: unknown): string | undefined {
  if (typeof code !== 'string') return undefined;
  if (code.startsWith(PREFIX)) return code.slice(PREFIX.length);
  if (code !== 'ERR_SQLITE_ERROR') return undefined;
  const number = fieldOf(error, 'errcode');
  return typeof number === 'number' ? BY_NUMBER.get(number & 0xff) : undefined;
}
