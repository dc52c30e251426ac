import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorOfClass } from './made-errors.js';

const ioredis = (message: string) =>
  errorOfClass(
    ['RedisError', 'ReplyError'],
    { name: 'ReplyError', command: { name: 'get', args: [] } },
    message,
  );
const nodeRedis = (message: string) => errorOfClass(['ErrorReply', 'SimpleError'], {}, message);

describe.each([
  ['ioredis', ioredis],
  ['node-redis', nodeRedis],
])('a reply that %s hands on', (_, reply) => {
  it.each([
    ["READONLY You can't write against a read only replica.", 'outage', true],
    ['LOADING Redis is loading the dataset in memory', 'outage', true],
    ['MASTERDOWN Link with MASTER is down', 'outage', true],
    ['CLUSTERDOWN The cluster is down', 'outage', true],
    ['MISCONF Redis is configured to save RDB snapshots', 'outage', true],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'answer', true],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'overload', true],
    ['ERR max number of clients reached', 'overload', true],
    ['NOAUTH Authentication required.', 'denied', false],
    ['WRONGPASS invalid username-password pair', 'denied', false],
    ['NOPERM this user has no permissions', 'denied', false],
    ['ERR invalid password', 'denied', false],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'answer', false],
    ["ERR unknown command 'nope'", 'answer', false],
    ['EXECABORT Transaction discarded', 'answer', false],
    ['NOSCRIPT No matching script.', 'answer', false],
    ['SOMETHINGNEW of a module', 'unknown', true],
    ['no word at all', 'unknown', true],
  ])('%s is of kind %s, transient: %s', (message, kind, transient) => {
    expect(failureOf(reply(message))).toMatchObject({ kind, transient });
  });
});

it.each([
  ['AbortError of ioredis', errorOfClass(['RedisError', 'AbortError'], { name: 'AbortError' })],
  ['MaxRetriesPerRequestError', errorOfClass(['RedisError', 'AbortError', 'MaxRetriesPerRequestError'])],
  ['ClientClosedError', errorOfClass(['ClientClosedError'])],
  ['SocketClosedUnexpectedlyError', errorOfClass(['SocketClosedUnexpectedlyError'])],
])('a connection that is gone is an outage: %s', (_, error) => {
  expect(failureOf(error)).toMatchObject({ kind: 'outage', family: 'redis', transient: true });
});

it('a key that changed while it was watched is contention', () => {
  expect(failureOf(errorOfClass(['WatchError']))).toMatchObject({ kind: 'answer', transient: true });
});

it('a message that only looks like a reply says nothing', () => {
  expect(failureOf(new Error('READONLY is what it says')).kind).toBe('unknown');
});
