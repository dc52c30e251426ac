import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorOfClass } from './made-errors.js';

// As kafkajs 2.2 threw them at brokers that refused, reset and hung.
const kafka = (name: string, fields: object) =>
  errorOfClass(['KafkaJSError', name], { name, helpUrl: undefined, ...fields });
const protocol = (type: string, retriable: boolean, code = 5) =>
  kafka('KafkaJSProtocolError', { type, retriable, code });

/** What KafkaJS rejects with when its own retries are used up, be they none. */
const gaveUp = (cause: Error) =>
  errorOfClass(['KafkaJSError', 'KafkaJSNonRetriableError'], {
    name: 'KafkaJSNumberOfRetriesExceeded',
    retriable: false,
    retryCount: 0,
    cause,
  });

describe('an error of KafkaJS is', () => {
  it.each([
    ['KafkaJSConnectionError', { code: 'ECONNREFUSED', retriable: true }, 'outage'],
    ['KafkaJSConnectionClosedError', { code: undefined, retriable: true }, 'outage'],
    ['KafkaJSRequestTimeoutError', { retriable: true }, 'timeout'],
  ])('read by its cause where its own retries are used up: %s', (name, fields, kind) => {
    expect(failureOf(gaveUp(kafka(name, fields)))).toMatchObject({ kind, transient: true });
  });

  it('an outage while a partition changes its leader', () => {
    expect(failureOf(protocol('LEADER_NOT_AVAILABLE', true))).toMatchObject({
      kind: 'outage',
      family: 'kafka',
      transient: true,
    });
  });

  it('an answer where the broker says that it will not pass', () => {
    expect(failureOf(protocol('MESSAGE_TOO_LARGE', false))).toMatchObject({
      kind: 'answer',
      transient: false,
    });
  });

  it('denied for a topic that is not the user’s', () => {
    expect(failureOf(protocol('TOPIC_AUTHORIZATION_FAILED', false))).toMatchObject({ kind: 'denied' });
  });

  it('denied for a wrong password', () => {
    expect(failureOf(kafka('KafkaJSSASLAuthenticationError', { retriable: false }))).toMatchObject({
      kind: 'denied',
      transient: false,
    });
  });

  it.each([
    ['THROTTLING_QUOTA_EXCEEDED', 'overload'],
    ['REQUEST_TIMED_OUT', 'timeout'],
  ])('%s: %s', (type, kind) => {
    expect(failureOf(protocol(type, true))).toMatchObject({ kind, transient: true });
  });

  it('overload for a throttle whose code it does not know (tulios/kafkajs#1696)', () => {
    const fields = {
      name: 'KafkaJSProtocolError',
      type: 'KAFKAJS_UNKNOWN_ERROR_CODE',
      code: -99,
      retriable: false,
    };
    const error = errorOfClass(['KafkaJSError', 'KafkaJSProtocolError'], fields, 'Unknown error code 89');
    expect(failureOf(error)).toMatchObject({ kind: 'overload', transient: true });
  });

  it('unknown for any other code that it does not know', () => {
    const error = protocol('KAFKAJS_UNKNOWN_ERROR_CODE', false, -99);
    expect(failureOf(error)).toMatchObject({ kind: 'unknown', transient: true });
  });

  it('an outage that lasts where the broker does not know why', () => {
    expect(failureOf(protocol('UNKNOWN', false, -1))).toMatchObject({ kind: 'outage', transient: false });
  });
});
