import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { statusOf } from '../../src/failure/status-of.js';
import { errorOfClass, errorWith, fetchFailed } from './made-errors.js';

// What the run of `npm run clients` found, each as its client threw it.

describe('undici', () => {
  it('has no code where a server sends what is not HTTP', () => {
    const error = errorOfClass(['HTTPParserError'], {
      name: 'HTTPParserError',
      code: undefined,
      data: 'SSH-2.0',
    });
    expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true, text: 'HTTP parser' });
  });
});

describe('node-fetch 2, below Google’s clients', () => {
  it.each(['request-timeout', 'body-timeout'])('has a timeout in its type alone: %s', (type) => {
    const error = errorOfClass(['FetchError'], { name: 'FetchError', type });
    expect(failureOf(error)).toMatchObject({ kind: 'timeout', transient: true });
  });
});

describe('node-fetch 3', () => {
  it('is not asked for the `data` that warns the process', () => {
    let asked = false;
    class Response {
      readonly status = 404;
      readonly headers = new Headers();
      get data(): undefined {
        asked = true;
        return undefined;
      }
    }
    expect(failureOf(errorWith({ response: new Response() }))).toMatchObject({ kind: 'answer', status: 404 });
    expect(asked).toBe(false);
  });
});

describe('the AWS SDK', () => {
  it('could not read the body of a good answer: an outage', () => {
    const error = errorWith({ $metadata: { httpStatusCode: 200, attempts: 1 } }, '@aws-sdk XML parse error');
    expect(failureOf(error)).toMatchObject({ kind: 'outage', family: 'aws', transient: true });
  });

  it('has an error of the service in a good answer: by its name', () => {
    const error = errorWith({ name: 'SlowDown', $fault: 'client', $metadata: { httpStatusCode: 200 } });
    expect(failureOf(error)).toMatchObject({ kind: 'overload', transient: true });
  });

  it('has an error of the user in a good answer, as of a copy: not a broken body', () => {
    const error = errorWith({ name: 'NoSuchKey', $fault: 'client', $metadata: { httpStatusCode: 200 } });
    expect(failureOf(error).kind).toBe('unknown');
  });
});

describe('Octokit', () => {
  const failed = (cause: Error) =>
    errorOfClass(['RequestError'], {
      name: 'HttpError',
      status: 500,
      request: {},
      response: undefined,
      cause,
    });

  it('writes 500 where no one answered: no status', () => {
    const error = failed(fetchFailed(errorWith({ code: 'ECONNREFUSED' })));
    expect(failureOf(error)).toMatchObject({ kind: 'outage', family: 'system', transient: true });
    expect(statusOf(error)).toBeUndefined();
  });

  it('writes 500 onto a timeout: no status', () => {
    const timeout = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    expect(failureOf(failed(timeout))).toMatchObject({ kind: 'timeout', status: undefined });
  });

  it('keeps the 500 of a server that answered', () => {
    const error = errorOfClass(['RequestError'], {
      name: 'HttpError',
      status: 500,
      response: { status: 500, headers: {} },
    });
    expect(statusOf(error)).toBe(500);
  });
});

describe('superagent', () => {
  it('words an abort before the request in its own way', () => {
    const error = errorWith(
      { response: undefined },
      'The request has been aborted even before .end() was called',
    );
    expect(failureOf(error)).toMatchObject({ kind: 'abort', transient: false });
  });
});

describe('nodemailer', () => {
  it.each(['EPROTOCOL', 'ETLS'])('says %s of a server that does not speak SMTP, or no TLS', (code) => {
    expect(failureOf(errorWith({ code, command: 'CONN' }))).toMatchObject({
      kind: 'outage',
      transient: true,
    });
  });
});
