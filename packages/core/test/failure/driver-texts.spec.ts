import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorOfClass, errorWith } from './made-errors.js';

describe('a plain Error with what a driver says', () => {
  it.each([
    ['Connection terminated unexpectedly', 'sql', 'outage'],
    ['Client has encountered a connection error and is not queryable', 'sql', 'outage'],
    ["Can't add new command when connection is in closed state", 'sql', 'outage'],
    ['Query read timeout', 'sql', 'timeout'],
    ['timeout exceeded when trying to connect', 'sql', 'timeout'],
    ['Connection is closed.', 'redis', 'outage'],
    ['Command timed out', 'redis', 'timeout'],
    ['Channel ended, no reply will be forthcoming', 'amqp', 'outage'],
    ['connect ETIMEDOUT', 'amqp', 'timeout'],
  ])('"%s" is of %s: %s', (message, family, kind) => {
    expect(failureOf(new Error(message))).toMatchObject({ kind, family, transient: true });
  });

  it('counts only as a whole', () => {
    expect(failureOf(new Error('the user said: Connection is closed.')).kind).toBe('unknown');
  });

  it('counts only without a class of its own', () => {
    expect(failureOf(errorOfClass(['ShopError'], {}, 'Command timed out')).kind).toBe('unknown');
  });

  it('says less than a code beside it', () => {
    expect(failureOf(errorWith({ code: 'ECONNRESET' }, 'Command timed out')).text).toBe('ECONNRESET');
  });
});
