import { describe, expect, it } from '@jest/globals';
import { type CircuitBreaker, isAnswer, statusOf } from '@switchgear/core';
import { circuit } from '../support/circuit-on-a-manual-clock.js';
import { failWith, ok, startCall, succeed } from '../support/calls.js';
import { openCircuit, probingCircuit } from '../support/openings.js';

// What outcomes mean to a circuit, each case with the public report that it was found by.

const http = (status: number, headers: Record<string, string> = {}) =>
  Object.assign(new Error(`HTTP ${status}`), { status, response: { status, headers } });
const answer = http(404);
const denial = http(403);

const rejecting = async (breaker: CircuitBreaker, error: unknown, ...args: unknown[]): Promise<void> => {
  const reject = async (...given: unknown[]): Promise<never> => {
    expect(given).toEqual(args);
    throw error;
  };
  await breaker.tryCall(reject, ...args);
};

// octokit/plugin-retry.js#5: 304 was retried, and counted.
describe('what a healthy dependency answers', () => {
  it.each([302, 304, 400, 404, 409, 413, 422])(
    'is a success: HTTP %d ends a row of failures',
    async (status) => {
      const { breaker } = circuit({ failureThreshold: 3 });
      failWith(breaker, new Error('down'));
      await rejecting(breaker, http(status));
      expect(breaker.snapshot().failures).toBe(0);
    },
  );

  it('thins a rate', async () => {
    const { breaker } = circuit({ window: { calls: 10 } });
    await rejecting(breaker, answer);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 0 });
  });

  it('closes a half-open circuit', async () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    await rejecting(breaker, answer);
    expect(breaker.state).toBe('closed');
  });

  it('is found below an error that wraps it', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    await rejecting(breaker, new Error('users', { cause: answer }));
    expect(breaker.state).toBe('closed');
  });

  it('is passed on to the caller as it is', async () => {
    await expect(circuit().breaker.call(async () => Promise.reject(answer))).rejects.toBe(answer);
  });
});

describe('what a gateway says as well as the dependency', () => {
  it.each([401, 403, 407, 421, 426, 511])(
    'is neutral while the circuit is closed: HTTP %d',
    async (status) => {
      const { breaker } = circuit({ failureThreshold: 3, window: { calls: 10 } });
      failWith(breaker, new Error('down'));
      await rejecting(breaker, http(status));
      expect(breaker.snapshot()).toMatchObject({ failures: 1, window: { calls: 1 } });
    },
  );

  it('is a success of a probe', async () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    await rejecting(breaker, denial);
    expect(breaker.state).toBe('closed');
  });
});

describe('overload', () => {
  it.each([
    ['HTTP 408', http(408)],
    ['HTTP 425', http(425)],
    ['HTTP 429', http(429)],
    ['HTTP 503', http(503)],
    ['HTTP 403 that says when to come again', http(403, { 'retry-after': '60' })],
    ['HTTP 403 whose quota is used up', http(403, { 'x-ratelimit-remaining': '0' })],
  ])('is a failure: %s', async (_, error) => {
    const { breaker } = circuit({ failureThreshold: 1 });
    await rejecting(breaker, error);
    expect(breaker.state).toBe('open');
  });
});

it('a plain TypeError is a failure: the code behind the circuit does not work', async () => {
  const { breaker } = circuit({ failureThreshold: 1 });
  await rejecting(breaker, new TypeError('x is undefined'));
  expect(breaker.state).toBe('open');
});

describe('where expectedErrors is given', () => {
  const policy = {
    failureThreshold: 2,
    expectedErrors: (error: unknown) => !isAnswer(error) || statusOf(error) === 404,
  };

  it('what it takes is a failure, a 404 of a broken gateway too', async () => {
    const { breaker } = circuit(policy);
    await rejecting(breaker, answer);
    expect(breaker.snapshot().failures).toBe(1);
  });

  it('an answer that it does not take is a success', async () => {
    const { breaker } = circuit(policy);
    failWith(breaker, new Error('down'));
    await rejecting(breaker, http(409));
    expect(breaker.snapshot().failures).toBe(0);
  });

  it('what else it does not take is neutral', async () => {
    const { breaker } = circuit(policy);
    failWith(breaker, new Error('down'));
    await rejecting(breaker, denial);
    expect(breaker.snapshot().failures).toBe(1);
  });
});

// OmniRoute#7908, cerberus#738: clients reject with errors of their own when the caller aborts.
describe("the caller's own abort", () => {
  it.each([
    ['axios', Object.assign(new Error('canceled'), { code: 'ERR_CANCELED', name: 'CanceledError' })],
    [
      'node-fetch',
      Object.assign(new Error('The operation was aborted.'), { type: 'aborted', name: 'AbortError' }),
    ],
    ['a client that reports a lost connection', new Error('socket hang up')],
  ])('is neutral whatever the client says of it: %s', async (_, error) => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const controller = new AbortController();
    const call = startCall(breaker, controller.signal);
    controller.abort();
    await call.fail(error);
    expect(breaker.state).toBe('closed');
  });

  it('gives a probe its permit back', async () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 1 } });
    const controller = new AbortController();
    const call = startCall(breaker, { signal: controller.signal });
    controller.abort();
    await call.fail(new Error('canceled'));
    expect(startCall(breaker).admitted).toBe(true);
  });

  it('is a failure where the signal ran into a timeout', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const controller = new AbortController();
    const call = startCall(breaker, controller.signal);
    controller.abort(new DOMException('too slow', 'TimeoutError'));
    await call.fail(new Error('canceled'));
    expect(breaker.state).toBe('open');
  });
});

// tutanota#4033, keyvhq#239: one rejected promise that is kept is one error object.
it('one error object fails every call that it reaches', async () => {
  const { breaker } = circuit({ failureThreshold: 100 });
  const error = new Error('shared');
  for (let i = 0; i < 100; i++) await rejecting(breaker, error);
  expect(breaker.state).toBe('open');
});

// Polly#618, resilience4j#1065: services wrap the errors they pass on.
describe('a refusal of another circuit', () => {
  const refusal = (): unknown => {
    const outcome = openCircuit().breaker.tryCall(ok);
    return outcome.status === 'refused' ? outcome.error : undefined;
  };

  it.each([
    ['as it is', (error: unknown) => error],
    ['as a cause', (error: unknown) => new Error('users', { cause: error })],
    ['two causes down', (error: unknown) => new Error('a', { cause: new Error('b', { cause: error }) })],
    ['as all errors of an AggregateError', (error: unknown) => new AggregateError([error, error])],
  ])('is neutral %s', async (_, wrap) => {
    const { breaker } = circuit({ failureThreshold: 1 });
    await rejecting(breaker, wrap(refusal()));
    expect(breaker.state).toBe('closed');
  });

  it('is a failure among other errors of an AggregateError', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    await rejecting(breaker, new AggregateError([refusal(), new Error('down')]));
    expect(breaker.state).toBe('open');
  });
});

// opossum, denoland/std, cockatiel: a service that is well and slower than resetTimeout never closed its circuit.
it('a service that answers in 1.5 s closes a circuit whose resetTimeout is 1 s', async () => {
  const { breaker, clock } = openCircuit({ resetTimeout: '1s', successThreshold: 2 });
  clock.advance(1_000);
  for (let i = 0; i < 2; i++) {
    const probe = startCall(breaker);
    clock.advance(1_500);
    await probe.succeed();
  }
  expect(breaker.state).toBe('closed');
});

it('a success of no consequence leaves a closed circuit as it was', () => {
  const { breaker } = circuit();
  succeed(breaker, 3);
  expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 0 });
});
