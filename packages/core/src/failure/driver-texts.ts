import { readAmqpHandshake } from './amqp.js';
import type { Clues } from './clues.js';
import { type Failure, type FailureKind, sharedFailure } from './failure.js';

const NAMES = { amqp: 'AMQP', redis: 'Redis', sql: 'SQL' } as const;

type Driver = keyof typeof NAMES;

/**
 * What drivers say in a plain Error that has nothing but its message: no class, no name, no code. Only the whole text counts, so
 * that an error of the user's own that speaks of a connection is not taken for one of these.
 */
const TEXTS: readonly (readonly [FailureKind, Driver, readonly string[]])[] = [
  // pg, pg-pool and mysql2.
  [
    'outage',
    'sql',
    [
      'Connection terminated',
      'Connection terminated unexpectedly',
      'Client has encountered a connection error and is not queryable',
      "Can't add new command when connection is in closed state",
    ],
  ],
  [
    'timeout',
    'sql',
    [
      'Query read timeout',
      'timeout expired',
      'timeout exceeded when trying to connect',
      'Connection terminated due to connection timeout',
    ],
  ],
  // amqplib.
  [
    'outage',
    'amqp',
    ['Channel ended, no reply will be forthcoming', 'Socket closed abruptly during opening handshake'],
  ],
  ['timeout', 'amqp', ['connect ETIMEDOUT']],
  // ioredis.
  ['outage', 'redis', ['Connection is closed.']],
  ['timeout', 'redis', ['Command timed out']],
];

const READINGS: ReadonlyMap<unknown, Failure> = new Map(
  TEXTS.flatMap(([kind, family, texts]) => {
    const text = `${NAMES[family]} ${kind === 'timeout' ? 'timeout' : 'connection lost'}`;
    const reading = sharedFailure(kind, family, true, text);
    return texts.map((one): [string, Failure] => [one, reading]);
  }),
);

export function readDriverText({ builtIn, classNames, message }: Clues): Failure | undefined {
  if (builtIn !== 'Error' || classNames.length > 0 || typeof message !== 'string') return undefined;
  return READINGS.get(message) ?? readAmqpHandshake(message);
}
