import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failureOf } from '../../src/failure/failure-of.js';
import { isAnswer } from '../../src/failure/is-answer.js';
import { isRetryable } from '../../src/failure/is-retryable.js';
import { retryAfterOf } from '../../src/failure/retry-after-of.js';
import { statusOf } from '../../src/failure/status-of.js';

const KINDS = ['refusal', 'abort', 'timeout', 'answer', 'denied', 'overload', 'outage', 'bug', 'unknown'];

function expectWellFormed(error: unknown) {
  const failure = failureOf(error, 0);
  const { kind, family, status, retryAfter, transient, text } = failure;
  expect(Object.keys(failure).sort()).toEqual([
    'family',
    'kind',
    'retryAfter',
    'status',
    'text',
    'transient',
  ]);
  expect(KINDS).toContain(kind);
  expect([typeof family, typeof transient, typeof text]).toEqual(['string', 'boolean', 'string']);
  expect(status === undefined || (Number.isInteger(status) && status >= 300 && status < 600)).toBe(true);
  expect(retryAfter === undefined || (Number.isFinite(retryAfter) && retryAfter >= 0)).toBe(true);
  expect(isRetryable(error)).toBe(transient);
  expect(isAnswer(error)).toBe(kind === 'answer' || kind === 'denied');
  expect(statusOf(error)).toBe(status);
  expect(retryAfterOf(error, 0)).toBe(retryAfter);
}

const throwing = () => {
  throw new Error('a trap');
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('a reading is made without a throw of', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'down'],
    ['a number', 503],
    ['a symbol', Symbol('x')],
    ['a function', () => 503],
    ['a revoked Proxy', revoked.proxy],
    ['a revoked Proxy as a cause', new Error('', { cause: revoked.proxy })],
    ['a revoked Proxy in a list', new AggregateError([revoked.proxy])],
    ['an object whose every trap throws', new Proxy({}, new Proxy({}, { get: () => throwing }))],
    ['an error whose every field throws', new Proxy(new Error(), { get: throwing })],
    ['an object that has every field', new Proxy({}, { get: (_, name) => (name === 'cause' ? {} : 503) })],
    ['an object that is every field of itself', selfContained()],
    ['a prototype that throws', new Proxy(new Error(), { getPrototypeOf: throwing })],
    ['prototypes without an end', endlessPrototypes()],
    ['headers that throw', { status: 503, headers: { get: throwing, entries: throwing } }],
    ['headers that are revoked', { status: 503, headers: revoked.proxy }],
    ['headers without an end', { status: 503, headers: { get: () => undefined, entries: endlessPairs } }],
    ['metadata that throws', { code: 14, details: '', metadata: { get: throwing } }],
    ['a wait beyond all numbers', { status: 503, headers: { 'retry-after': '9'.repeat(400) } }],
    ['an object without a prototype', Object.create(null)],
  ])('%s', (_, error) => {
    expectWellFormed(error);
  });
});

it('what can be read of an object counts, though another field throws', () => {
  const error = Object.defineProperty({ status: 404 }, 'code', { get: throwing, enumerable: true });
  expect(failureOf(error)).toMatchObject({ kind: 'answer', status: 404 });
});

it('metadata that throws cost what they say, and nothing else', () => {
  expect(failureOf({ code: 14, details: '', metadata: { get: throwing } })).toMatchObject({ kind: 'outage' });
});

it('a clock that throws costs the date, and nothing else', () => {
  const headers = { 'retry-after': new Date(1_000).toUTCString() };
  expect(failureOf({ status: 503, headers }, throwing)).toMatchObject({
    kind: 'overload',
    retryAfter: undefined,
  });
});

const FIELDS = [
  ...[
    'name',
    'message',
    'code',
    'status',
    'statusCode',
    'type',
    'response',
    'cause',
    'errors',
    'headers',
    'details',
  ],
  ...[
    'metadata',
    'extensions',
    'output',
    '$metadata',
    '$response',
    '$fault',
    '$retryable',
    'responseCode',
    'sqlState',
  ],
  ...[
    'retryAfter',
    'parameters',
    'retryable',
    'graphQLErrors',
    'http',
    'data',
    'error',
    'reason',
    'get',
    'entries',
  ],
  ...[
    'severity',
    'errno',
    'clientVersion',
    'command',
    'statusDetails',
    'retryDelay',
    'retry-after',
    'ratelimit',
  ],
];

/** Stands for a revoked Proxy, which fast-check cannot hold in its hands. */
const REVOKED = 'revoked';

const VALUES = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      'AbortError',
      'TimeoutError',
      'MongoServerError',
      'ReplyError',
      'ECONNRESET',
      '40001',
      'P2002',
      'SQLITE_BUSY',
    ],
    ...[
      '503',
      '404',
      '3',
      '1.5s',
      'Sun, 06 Nov 1994 08:49:37 GMT',
      'RESOURCE_EXHAUSTED',
      'remaining=0',
      'true',
    ],
    ...[
      0,
      -1,
      8,
      14,
      404,
      503,
      550,
      11000,
      NaN,
      Infinity,
      1e12,
      2n,
      true,
      false,
      null,
      undefined,
      Symbol('x'),
    ],
    throwing,
    REVOKED,
    new Headers({ 'retry-after': '3' }),
  ),
  fc.string(),
  fc.double(),
);

const { tree } = fc.letrec<{ tree: unknown; node: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    VALUES,
    tie('node'),
    fc.array(tie('tree'), { maxLength: 3 }),
  ),
  node: fc
    .tuple(
      fc.constantFrom('plain', 'error', 'type', 'aggregate', 'getters', 'null'),
      fc.dictionary(fc.constantFrom(...FIELDS), tie('tree'), { maxKeys: 6 }),
    )
    .map(([form, fields]) => made(form, fields)),
}));

function made(form: string, drawn: Record<string, unknown>): unknown {
  const fields = Object.fromEntries(
    Object.entries(drawn).map(([name, value]) => [name, value === REVOKED ? revoked.proxy : value]),
  );
  if (form === 'error') return Object.assign(new Error(), fields);
  if (form === 'type') return Object.assign(new TypeError('fetch failed'), fields);
  if (form === 'aggregate') return Object.assign(new AggregateError([fields]), fields);
  if (form === 'null') return Object.assign(Object.create(null) as object, fields);
  if (form !== 'getters') return fields;
  const owner = new Error();
  for (const [name, value] of Object.entries(fields)) {
    const get = value === null ? throwing : () => value;
    Object.defineProperty(owner, name, { get, enumerable: true, configurable: true });
  }
  return owner;
}

it('a reading is made without a throw of whatever is built of fields that mean something', () => {
  fc.assert(
    fc.property(tree, (error) => expectWellFormed(error)),
    { numRuns: 2_000 },
  );
});

it('a reading is made without a throw of anything', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withDate: true, withMap: true }), (error) =>
      expectWellFormed(error),
    ),
  );
});

function selfContained(): object {
  const self: object = new Proxy({}, { get: () => self });
  return self;
}

function endlessPrototypes(): object {
  const endless: object = new Proxy({}, { getPrototypeOf: () => endless });
  return endless;
}

function* endlessPairs(): Generator<[string, string]> {
  for (;;) yield ['x', 'y'];
}
