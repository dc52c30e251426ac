import { expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorWith } from './made-errors.js';

it.each<[string, object, string, boolean]>([
  ['a duplicate key', { name: 'MongoServerError', code: 11000 }, 'answer', false],
  ['a document that does not fit', { name: 'MongoServerError', code: 121 }, 'answer', false],
  ['a write conflict', { name: 'MongoServerError', code: 112 }, 'answer', true],
  ['a user without rights', { name: 'MongoServerError', code: 13 }, 'denied', false],
  ['a login that failed', { name: 'MongoServerError', code: 18 }, 'denied', false],
  ['time that is over', { name: 'MongoServerError', code: 50 }, 'timeout', true],
  ['a server that is no primary any more', { name: 'MongoServerError', code: 10107 }, 'outage', true],
  ['a server that shuts down', { name: 'MongoServerError', code: 91 }, 'outage', true],
  ['a network that failed', { name: 'MongoNetworkError' }, 'outage', true],
  ['a network that took too long', { name: 'MongoNetworkTimeoutError' }, 'timeout', true],
  ['no server to be found', { name: 'MongoServerSelectionError' }, 'outage', true],
  ['a code with no name here', { name: 'MongoServerError', code: 424242 }, 'unknown', true],
  [
    'a transaction to be tried again',
    { name: 'MongoServerError', code: 11000, errorLabels: ['TransientTransactionError'] },
    'answer',
    true,
  ],
])('%s', (_, fields, kind, transient) => {
  expect(failureOf(errorWith(fields))).toMatchObject({ kind, transient });
});

it('the code of a duplicate key means nothing elsewhere', () => {
  expect(failureOf(errorWith({ code: 11000 })).kind).toBe('unknown');
});
