import { expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorWith } from './made-errors.js';

/** As nodemailer makes it. */
const smtp = (responseCode: number, command: string, code = 'EENVELOPE') =>
  errorWith({ code, response: `${responseCode} no`, responseCode, command });

it.each([
  [421, 'EHLO', 'outage', true],
  [450, 'RCPT TO', 'answer', true],
  [451, 'MAIL FROM', 'outage', true],
  [452, 'RCPT TO', 'overload', true],
  [454, 'AUTH PLAIN', 'outage', true],
  [500, 'HELO', 'answer', false],
  [530, 'MAIL FROM', 'denied', false],
  [535, 'AUTH PLAIN', 'denied', false],
  [550, 'RCPT TO', 'answer', false],
  [554, 'DATA', 'answer', false],
])('reply %i to %s is of kind %s, transient: %s', (reply, command, kind, transient) => {
  expect(failureOf(smtp(reply, command))).toEqual({
    kind,
    family: 'smtp',
    status: undefined,
    retryAfter: undefined,
    transient,
    text: `SMTP ${reply}`,
  });
});

it('a server that cannot be reached is an outage under the code of nodemailer', () => {
  const error = errorWith({ errno: -111, code: 'ESOCKET', syscall: 'connect', originalCode: 'ECONNREFUSED' });
  expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true });
});

it('a responseCode without a reply or a command could be anything', () => {
  expect(failureOf(errorWith({ responseCode: 550 })).kind).toBe('unknown');
});
