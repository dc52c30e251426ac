import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorWith } from './made-errors.js';

/** The `Metadata` of @grpc/grpc-js: lists behind `get`, and nothing that looks like a header among its own fields. */
class Metadata {
  readonly internalRepr: Map<string, unknown[]>;
  readonly options = {};

  constructor(values: Readonly<Record<string, unknown>> = {}) {
    this.internalRepr = new Map(Object.entries(values).map(([name, value]) => [name, [value]]));
  }

  get(name: string): unknown[] {
    return this.internalRepr.get(name) ?? [];
  }
}

const grpc = (code: number, metadata = new Metadata()) =>
  errorWith({ code, details: 'why', metadata }, `${code}`);

it.each([
  [1, 'abort', false],
  [2, 'outage', true],
  [3, 'answer', false],
  [4, 'timeout', true],
  [5, 'answer', false],
  [6, 'answer', false],
  [7, 'denied', false],
  [8, 'overload', true],
  [9, 'answer', false],
  [10, 'answer', true],
  [11, 'answer', false],
  [12, 'denied', false],
  [13, 'outage', true],
  [14, 'outage', true],
  [15, 'outage', false],
  [16, 'denied', false],
])('status %i is of kind %s, transient: %s', (code, kind, transient) => {
  expect(failureOf(grpc(code))).toMatchObject({ kind, family: 'grpc', transient, retryAfter: undefined });
});

it('an error of Connect is known by its rawMessage', () => {
  const error = errorWith({
    name: 'ConnectError',
    code: 5,
    rawMessage: 'no',
    metadata: new Headers(),
    details: [],
  });
  expect(failureOf(error)).toMatchObject({ kind: 'answer', family: 'grpc' });
});

it('an error of nice-grpc is known by its path', () => {
  const error = errorWith({ name: 'ClientError', code: 7, details: 'no', path: '/users/Get' });
  expect(failureOf(error)).toMatchObject({ kind: 'denied', family: 'grpc' });
});

it('an error of grpc-web or protobuf-ts is known by its name', () => {
  const web = errorWith({ name: 'RpcError', code: 5, metadata: {} });
  const protobufTs = errorWith({
    name: 'RpcError',
    code: 'NOT_FOUND',
    methodName: 'Get',
    serviceName: 'Users',
  });
  expect(failureOf(web)).toMatchObject({ kind: 'answer', family: 'grpc' });
  expect(failureOf(protobufTs)).toMatchObject({ kind: 'answer', family: 'grpc' });
});

it.each<[string, object]>([
  ['a small number alone', { code: 5 }],
  ['a number beside a text', { code: 5, details: 'no' }],
  ['the code of a DOMException', { code: 8, name: 'NotFoundError' }],
  ['0, which is OK', { code: 0, details: '', metadata: {} }],
  ['17, which is none', { code: 17, details: '', metadata: {} }],
  ['a fraction', { code: 1.5, details: '', metadata: {} }],
])('no status of gRPC is %s', (_, fields) => {
  expect(failureOf(errorWith(fields))).toMatchObject({ kind: 'unknown', transient: true });
});

describe('the server says when to come again', () => {
  it('by its pushback', () => {
    const error = grpc(14, new Metadata({ 'grpc-retry-pushback-ms': '1500' }));
    expect(failureOf(error)).toMatchObject({ kind: 'overload', retryAfter: 1_500, transient: true });
  });

  it('by a RetryInfo in the bytes of its status', () => {
    // Of a real server: code 8, message 'x', RetryInfo { retryDelay: 3.5 s }.
    const bytes = Buffer.from(
      'CAgSAXgaNgoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIKCggIAxCAyrXuAQ==',
      'base64',
    );
    const error = grpc(14, new Metadata({ 'grpc-status-details-bin': bytes }));
    expect(failureOf(error)).toMatchObject({ kind: 'overload', retryAfter: 3_500 });
  });

  it('by a RetryInfo that google-gax has decoded', () => {
    const statusDetails = [{ retryDelay: { seconds: { low: 2, high: 0, unsigned: false }, nanos: 5e8 } }];
    const error = errorWith({ code: 8, details: '', metadata: new Metadata(), statusDetails });
    expect(failureOf(error)).toMatchObject({ kind: 'overload', retryAfter: 2_500 });
  });

  it.each(['CAgSAXgaNgoodHlw', '////////', 'GgA=', 'GgL/////'])(
    'not by bytes that are broken: %s',
    (text) => {
      const bytes = Buffer.from(text, 'base64');
      expect(failureOf(grpc(14, new Metadata({ 'grpc-status-details-bin': bytes })))).toMatchObject({
        kind: 'outage',
        retryAfter: undefined,
      });
    },
  );
});

it.each(['-1', 'never'])('a pushback of %s asks for no further attempt', (pushback) => {
  const error = grpc(14, new Metadata({ 'grpc-retry-pushback-ms': pushback }));
  expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: false });
});
