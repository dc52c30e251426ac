import { execFile } from 'node:child_process';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker, Panel, type RetryPolicy, withRetry } from '@switchgear/core';
import { flaky, rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

// A user's function that throws is a warning of the process which has the error itself, so that a logger can show it.

const fault = new TypeError('a fault of the callback');
const throws = () => {
  throw fault;
};

/** As an async listener does, which compiles where nobody asks for a promise. */
const rejects = (() => Promise.reject(fault)) as unknown as () => void;

afterEach(() => {
  jest.restoreAllMocks();
});

function heardWarnings(): unknown[] {
  const heard: unknown[] = [];
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => void heard.push(warning));
  return heard;
}

describe('a warning has as its cause what was thrown by', () => {
  it.each<[string, RetryPolicy]>([
    ['onRetry', { onRetry: throws }],
    ['onRetry, later', { onRetry: rejects }],
    ['onGiveUp', { onGiveUp: throws }],
    ['retryOn', { retryOn: throws }],
    ['retryIf', { retryOn: RangeError, retryIf: throws }],
    ['delays', { delays: throws }],
  ])('%s', async (_, policy) => {
    const warnings = heardWarnings();
    await rejectionOf(
      withRetry({ maxRetries: 1, ...policy }, { clock: new JumpingClock() })(flaky(9).attempt)(),
    );
    expect(warnings[0]).toMatchObject({ name: 'SwitchgearWarning', cause: fault, detail: fault.stack });
  });

  it('a listener of a circuit', async () => {
    const warnings = heardWarnings();
    const breaker = new CircuitBreaker({ failureThreshold: 1 }, { panel: new Panel({ circuits: 1 }) });
    breaker.subscribe(throws);
    breaker.force('open');
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toMatchObject([{ cause: fault }]);
  });
});

it('Node hands the warning to those who listen', async () => {
  const program = `
    import { withRetry } from '@switchgear/core';
    process.on('warning', ({ name, cause }) => console.log(name, cause.constructor.name, cause.message));
    let made = 0;
    const onRetry = () => { throw new TypeError('a fault'); };
    await withRetry({ initialDelay: 1, onRetry })(async () => { if (++made === 1) throw new Error('down'); })();
  `;
  const printed = await new Promise((resolve) => {
    const args = ['--no-warnings', '--input-type=module', '--eval', program];
    execFile(process.execPath, args, { cwd: import.meta.dirname, timeout: 10_000 }, (_, stdout) =>
      resolve(stdout.trim()),
    );
  });
  expect(printed).toBe('SwitchgearWarning TypeError a fault');
});
