import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { systemClock, withRetry } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { flaky, rejectionOf, turns } from '../support/attempts-to-make.js';

// A thousand calls that wait under one signal are no leak, and Node must not say so. Reported as node#47449.

const COUNT = 1_000;
const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('a thousand calls that wait under one signal', () => {
  async function waiting() {
    const stop = new AbortController();
    const clock = new ManualClock();
    const guard = withRetry({ jitter: 'none' }, { clock });
    const call = () => guard(flaky(1).attempt as (signal: AbortSignal) => Promise<string>)(stop.signal);
    const calls = Array.from({ length: COUNT }, () => call().catch((error: unknown) => error));
    await turns();
    return { stop, clock, calls };
  }

  it('have one listener, and none when all have gone on', async () => {
    const { stop, clock, calls } = await waiting();
    const during = listeners(stop.signal);
    clock.advance(100);
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['ok']));
    expect([during, listeners(stop.signal)]).toEqual([1, 0]);
  });

  it('all end when it aborts', async () => {
    const { stop, clock, calls } = await waiting();
    const reason = new Error('shutting down');
    stop.abort(reason);
    expect(new Set(await Promise.all(calls))).toEqual(new Set([reason]));
    expect([clock.sleeping, listeners(stop.signal)]).toEqual([0, 0]);
  });
});

it('a thousand sleeps of the system clock have one listener', async () => {
  const stop = new AbortController();
  const sleeps = Array.from({ length: COUNT }, () => rejectionOf(systemClock.sleep(60_000, stop.signal)));
  const during = listeners(stop.signal);
  stop.abort('enough');
  expect(new Set(await Promise.all(sleeps))).toEqual(new Set(['enough']));
  expect([during, listeners(stop.signal)]).toEqual([1, 0]);
});

it('Node warns of nothing', async () => {
  const program = `
    import { withRetry } from '@switchgear/core';
    process.on('warning', ({ name }) => console.log(name));
    const { signal } = new AbortController();
    const call = () => {
      let made = 0;
      return withRetry({ initialDelay: 1 })(async (_) => { if (++made === 1) throw new Error('down'); })(signal);
    };
    await Promise.all(Array.from({ length: 1000 }, call));
    console.log('done');
  `;
  const printed = await new Promise((resolve) => {
    const args = ['--input-type=module', '--eval', program];
    execFile(process.execPath, args, { cwd: import.meta.dirname, timeout: 10_000 }, (_, stdout) =>
      resolve(stdout.trim()),
    );
  });
  expect(printed).toBe('done');
});
