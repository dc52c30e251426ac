import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorOfClass, errorWith } from './made-errors.js';

// As amqplib 2.3 threw them at a server that closed channels and connections.
const reply = (code: number) => errorWith({ code, classId: 50, methodId: 10 }, 'Channel closed by server');

describe('a reply code of AMQP is', () => {
  it.each([404, 405, 406, 311])('an answer for %d, without a status of HTTP', (code) => {
    expect(failureOf(reply(code))).toMatchObject({
      kind: 'answer',
      family: 'amqp',
      transient: false,
      status: undefined,
    });
  });

  it.each([402, 403, 530])('denied for %d', (code) => {
    expect(failureOf(reply(code))).toMatchObject({ kind: 'denied', transient: false });
  });

  it.each([320, 541])('an outage for %d', (code) => {
    expect(failureOf(reply(code))).toMatchObject({ kind: 'outage', transient: true });
  });

  it('overload for 506', () => {
    expect(failureOf(reply(506))).toMatchObject({
      kind: 'overload',
      transient: true,
      text: 'AMQP 506 RESOURCE-ERROR',
    });
  });

  it('contention where a queue has no consumers yet', () => {
    expect(failureOf(reply(313))).toMatchObject({ kind: 'answer', transient: true });
  });
});

it('a handshake that the server ended has its code in the text', () => {
  const text = 'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "no"';
  expect(failureOf(new Error(text))).toMatchObject({ kind: 'denied', family: 'amqp', transient: false });
});

it('a channel that is used after its connection broke is an outage', () => {
  const error = errorOfClass(['IllegalOperationError'], { stackAtStateChange: '' }, 'Channel closed');
  expect(failureOf(error)).toMatchObject({ kind: 'outage', family: 'amqp', transient: true });
});

it('the same code without a method is none of AMQP', () => {
  expect(failureOf(errorWith({ code: 404 })).family).toBe('http');
});
