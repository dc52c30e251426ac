import { expect, it } from '@jest/globals';
import { withRetry } from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

// A poll whose caller leaves during an attempt has no result: 'pending' is none. Polly's retries end so as well.

const isPending = (outcome: { status: string; value?: unknown }) => outcome.value === 'pending';

it.each(['policy', 'argument'] as const)(
  'an abort of the signal in the %s during a poll rejects',
  async (where) => {
    const stop = new AbortController();
    const reason = new Error('the user left');
    let made = 0;
    const poll: (options: { signal?: AbortSignal }) => Promise<string> = async () => {
      if (++made === 2) stop.abort(reason);
      return 'pending';
    };
    const own = where === 'policy' ? { signal: stop.signal } : {};
    const guard = withRetry({ retryIf: isPending, ...own }, { clock: new JumpingClock() });
    expect(await rejectionOf(guard(poll)(where === 'argument' ? { signal: stop.signal } : {}))).toBe(reason);
    expect(made).toBe(2);
  },
);

it('an abort during the attempt that brings the result changes nothing', async () => {
  const stop = new AbortController();
  const guard = withRetry({ retryIf: isPending, signal: stop.signal });
  const poll = async () => {
    stop.abort();
    return 'done';
  };
  expect(await guard(poll)()).toBe('done');
});
