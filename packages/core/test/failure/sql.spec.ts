import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorOfClass, errorWith } from './made-errors.js';

/** As pg makes it of what PostgreSQL 15 sent. */
const pg = (code: string) =>
  errorOfClass(['DatabaseError'], {
    length: 168,
    name: 'error',
    severity: 'ERROR',
    code,
    detail: 'Key (id)=(1) already exists.',
    hint: undefined,
    file: 'nbtinsert.c',
    line: '664',
    routine: '_bt_check_unique',
  });

it.each([
  ['22P02', 'answer', false],
  ['22001', 'answer', false],
  ['23505', 'answer', false],
  ['25P02', 'answer', false],
  ['42601', 'answer', false],
  ['P0001', 'answer', false],
  ['40001', 'answer', true],
  ['40P01', 'answer', true],
  ['55P03', 'answer', true],
  ['28000', 'denied', false],
  ['28P01', 'denied', false],
  ['3D000', 'denied', false],
  ['3F000', 'denied', false],
  ['42501', 'denied', false],
  ['42P01', 'denied', false],
  ['42703', 'denied', false],
  ['53100', 'overload', true],
  ['53300', 'overload', true],
  ['57014', 'timeout', true],
  ['08006', 'outage', true],
  ['08001', 'outage', true],
  ['25006', 'outage', true],
  ['57P01', 'outage', true],
  ['57P03', 'outage', true],
  ['58030', 'outage', true],
  ['XX000', 'outage', true],
])('SQLSTATE %s is of kind %s, transient: %s', (state, kind, transient) => {
  expect(failureOf(pg(state))).toEqual({
    kind,
    family: 'sql',
    status: undefined,
    retryAfter: undefined,
    transient,
    text: `SQLSTATE ${state}`,
  });
});

it('a state of a class that nobody knows is unknown', () => {
  expect(failureOf(pg('ZZ123')).kind).toBe('unknown');
});

describe('a SQLSTATE is found', () => {
  it.each<[string, unknown]>([
    ['in an error of TypeORM', errorWith({ query: 'insert', driverError: pg('23505') })],
    [
      'in an error of Sequelize',
      errorWith({ name: 'SequelizeUniqueConstraintError', original: pg('23505') }),
    ],
    ['in the cause, as Drizzle has it', new Error('Failed query', { cause: pg('23505') })],
    [
      'beside a hint, as PostgREST has it',
      { code: '23505', details: null, hint: null, message: 'duplicate' },
    ],
    [
      'of mysql2',
      errorWith({ code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000', sqlMessage: 'duplicate' }),
    ],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'answer', family: 'sql', transient: false });
  });
});

it.each(['ESRCH', 'EBADF', 'EPERM', '23505', '42P01', 'HELLO'])(
  'a code of five letters is no SQLSTATE by itself: %s',
  (code) => {
    expect(failureOf(errorWith({ code })).family).not.toBe('sql');
  },
);

it.each([
  ['ER_LOCK_DEADLOCK', 1213, '40001', 'answer', true],
  ['ER_LOCK_WAIT_TIMEOUT', 1205, 'HY000', 'answer', true],
  ['ER_CON_COUNT_ERROR', 1040, '08004', 'overload', true],
  ['ER_ACCESS_DENIED_ERROR', 1045, '28000', 'denied', false],
  ['ER_DBACCESS_DENIED_ERROR', 1044, '42000', 'denied', false],
  ['ER_BAD_DB_ERROR', 1049, '42000', 'denied', false],
  ['ER_NO_SUCH_TABLE', 1146, '42S02', 'denied', false],
  ['ER_BAD_FIELD_ERROR', 1054, '42S22', 'denied', false],
  ['ER_PARSE_ERROR', 1064, '42000', 'answer', false],
  ['ER_OPTION_PREVENTS_STATEMENT', 1290, 'HY000', 'outage', true],
  ['ER_SERVER_SHUTDOWN', 1053, '08S01', 'outage', true],
  ['ER_QUERY_TIMEOUT', 3024, 'HY000', 'timeout', true],
  ['ER_SOMETHING_ELSE', 9999, 'HY000', 'unknown', true],
])('%s of MySQL (%i, %s) is of kind %s, transient: %s', (code, errno, sqlState, kind, transient) => {
  expect(failureOf(errorWith({ code, errno, sqlState }))).toMatchObject({ kind, transient });
});

it.each([
  ['PROTOCOL_CONNECTION_LOST', 'outage'],
  ['PROTOCOL_SEQUENCE_TIMEOUT', 'timeout'],
])('%s of a MySQL driver is of kind %s', (code, kind) => {
  expect(failureOf(errorWith({ code, fatal: true }))).toMatchObject({ kind, transient: true });
});

it.each([
  ['P1001', 'outage', true],
  ['P1008', 'timeout', true],
  ['P2002', 'answer', false],
  ['P2021', 'denied', false],
  ['P2024', 'overload', true],
  ['P2034', 'answer', true],
])('%s of Prisma is of kind %s, transient: %s', (code, kind, transient) => {
  const error = errorWith({ name: 'PrismaClientKnownRequestError', code, clientVersion: '6.0.0', meta: {} });
  expect(failureOf(error)).toMatchObject({ kind, family: 'sql', transient });
  expect(failureOf(errorWith({ code }))).toMatchObject({ kind: 'unknown' });
});

it.each<[string, object, string, boolean]>([
  ['a constraint of better-sqlite3', { code: 'SQLITE_CONSTRAINT_UNIQUE' }, 'answer', false],
  ['a database that is locked', { code: 'SQLITE_BUSY' }, 'answer', true],
  ['a disk that fails', { code: 'SQLITE_IOERR_READ' }, 'outage', true],
  ['a file that may only be read', { code: 'SQLITE_READONLY' }, 'denied', false],
  ['a constraint of node:sqlite', { code: 'ERR_SQLITE_ERROR', errcode: 2067 }, 'answer', false],
])('SQLite: %s', (_, fields, kind, transient) => {
  expect(failureOf(errorWith(fields))).toMatchObject({ kind, family: 'sql', transient });
});

it.each([
  ['a duplicate key', 2627, 14, 'answer', false],
  ['a deadlock', 1205, 13, 'answer', true],
  ['a login that failed', 18456, 14, 'denied', false],
  ['no such table', 208, 16, 'denied', false],
  ['a database of Azure that is busy', 40501, 20, 'overload', true],
  ['too little memory', 701, 17, 'overload', true],
  ['a connection that is lost', 4014, 20, 'outage', true],
  ['a notice', 5701, 10, 'unknown', true],
])('SQL Server: %s (%i) is of severity %i is of kind %s', (_, number, severity, kind, transient) => {
  const error = errorWith({
    code: 'EREQUEST',
    number,
    state: 1,
    class: severity,
    serverName: 'db',
    lineNumber: 1,
  });
  expect(failureOf(error)).toMatchObject({ kind, transient });
});
