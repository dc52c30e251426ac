import { fieldOf } from '../errors/object-shape.js';
import { type Clues } from './clues.js';
import { failure, type Failure, type FailureKind } from './failure.js';

/** Error numbers of MySQL and MariaDB whose SQLSTATE says too little (HY000) or something else. */
const NUMBERS: ReadonlyMap<number, readonly [FailureKind, transient: boolean]> = new Map([
  [1021, ['overload', true]], // disk full
  [1037, ['overload', true]], // out of memory
  [1040, ['overload', true]], // too many connections
  [1041, ['overload', true]], // out of resources
  [1044, ['denied', false]], // access to the database
  [1045, ['denied', false]], // access
  [1049, ['denied', false]], // no such database
  [1053, ['outage', true]], // shutting down
  [1129, ['denied', false]], // host blocked
  [1130, ['denied', false]], // host not allowed
  [1142, ['denied', false]], // access to the table
  [1143, ['denied', false]], // access to the column
  [1203, ['overload', true]], // too many connections of this user
  [1205, ['answer', true]], // a lock waited for too long
  [1213, ['answer', true]], // deadlock
  [1226, ['overload', true]], // this user's quota
  [1227, ['denied', false]], // privilege
  [1290, ['outage', true]], // read only: the primary has moved
  [1364, ['answer', false]], // a field without a value
  [1366, ['answer', false]], // a value of the wrong kind
  [1698, ['denied', false]], // access
  [1836, ['outage', true]], // read only
  [3024, ['timeout', true]], // the statement's time is over
  [3572, ['answer', true]], // NOWAIT: a lock is taken
]);

/** Errors of mysql, mysql2 and mariadb: a number in `errno`, beside `sqlState` and a `code` such as ER_DUP_ENTRY. */
export function readMysql({ error, code, sqlState }: Clues): Failure | undefined {
  if (typeof sqlState !== 'string') return readConnection(code);
  const errno = fieldOf(error, 'errno');
  const meaning = typeof errno === 'number' ? NUMBERS.get(errno) : undefined;
  if (meaning === undefined) return undefined;
  return failure(meaning[0], 'sql', meaning[1], typeof code === 'string' ? code : `MySQL ${String(errno)}`);
}

/** What the drivers themselves say of a connection that is gone. */
function readConnection(code: unknown): Failure | undefined {
  if (code === 'PROTOCOL_CONNECTION_LOST') return failure('outage', 'sql', true, code);
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT') return failure('timeout', 'sql', true, code);
  return undefined;
}
