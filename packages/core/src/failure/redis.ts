import { type Clues, isOfClass } from './clues.js';
import { failure, type Failure } from './failure.js';

const DENIED: ReadonlySet<string> = new Set(['NOAUTH', 'WRONGPASS', 'NOPERM', 'NOPROTO']);
/** The node is starting, is no primary, has lost its primary or its quorum, or cannot write its disk. */
const OUTAGES: ReadonlySet<string> = new Set([
  'READONLY',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'MISCONF',
  'NOREPLICAS',
  'UNBLOCKED',
  'BUSY',
]);
/** Slots on their way to another node. */
const CONTENTION: ReadonlySet<string> = new Set(['TRYAGAIN', 'INPROG']);
const OVERLOAD: ReadonlySet<string> = new Set(['OOM']);
const ANSWERS: ReadonlySet<string> = new Set([
  'ERR',
  'WRONGTYPE',
  'NOSCRIPT',
  'EXECABORT',
  'CROSSSLOT',
  'BUSYGROUP',
  'BUSYKEY',
  'NOGROUP',
  'NOTBUSY',
  'UNKILLABLE',
  'NOTREADY',
]);

/** Redis before 6 had no words of their own for these. */
const ERR_DENIED = /^ERR (invalid password|AUTH |Client sent AUTH|operation not permitted)/i;
const ERR_FULL = /^ERR max number of clients/i;

/** Classes of ioredis, redis-errors and node-redis for replies of the server. */
const REPLY_CLASSES = /^(ReplyError|ErrorReply|MultiErrorReply)$/;
/** Classes of node-redis for a connection that is gone. */
const CONNECTION_CLASSES =
  /^(ClientClosedError|ClientOfflineError|DisconnectsClientError|SocketClosedUnexpectedlyError|RootNodesUnavailableError|ReconnectStrategyError|ClusterAllFailedError)$/;

export function readRedis(clues: Clues): Failure | undefined {
  if (clues.name === 'ReplyError' || isOfClass(clues, isReplyClass)) return readReply(clues.message);
  // What ioredis calls an AbortError is a command whose connection broke, and its descendants such as
  // MaxRetriesPerRequestError are a server that cannot be reached.
  if (isOfClass(clues, isRedisError)) return failure('outage', 'redis', true, 'Redis connection lost');
  if (isOfClass(clues, isConnectionClass)) return failure('outage', 'redis', true, 'Redis connection lost');
  // A key that was watched has changed.
  return isOfClass(clues, isWatchError) ? failure('answer', 'redis', true, 'Redis WATCH') : undefined;
}

const isReplyClass = (name: string) => REPLY_CLASSES.test(name);
const isRedisError = (name: string) => name === 'RedisError';
const isConnectionClass = (name: string) => CONNECTION_CLASSES.test(name);
const isWatchError = (name: string) => name === 'WatchError';

/** The first word of a reply says what it is. */
function readReply(message: unknown): Failure | undefined {
  if (typeof message !== 'string') return undefined;
  const word = /^[A-Z]+(?= |$)/.exec(message)?.[0];
  if (word === undefined) return undefined;
  const text = `Redis ${word}`;
  if (DENIED.has(word) || ERR_DENIED.test(message)) return failure('denied', 'redis', false, text);
  if (OVERLOAD.has(word) || ERR_FULL.test(message)) return failure('overload', 'redis', true, text);
  if (OUTAGES.has(word)) return failure('outage', 'redis', true, text);
  if (CONTENTION.has(word)) return failure('answer', 'redis', true, text);
  return ANSWERS.has(word) ? failure('answer', 'redis', false, text) : undefined;
}
