import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { isSignalCarrier, signalsOf, wasAbortedByCaller } from '../../src/call/abort.js';
import { onAbort } from '../../src/call/abort-listeners.js';
import { PolyfilledSignal } from '../support/polyfilled-signal.js';

const hostile = {
  get signal() {
    throw new Error('no');
  },
};
const lookalike = (fields: object) => ({
  aborted: false,
  addEventListener() {},
  removeEventListener() {},
  ...fields,
});

describe('the signals of a call', () => {
  const signal = new AbortController().signal;
  const polyfilled = new PolyfilledSignal();

  it('are its arguments and their signal, each once', () => {
    expect(signalsOf(['url', signal, { signal }, { signal: polyfilled }, null, hostile])).toEqual([
      signal,
      polyfilled,
    ]);
  });

  it.each<[string, unknown]>([
    ['a text', 'abort'],
    ['nothing', null],
    ['a function', () => signal],
    ['an object without one', { id: 1 }],
    ['a signal that is none', { signal: 'SIGTERM' }],
    ['a controller', { signal: new AbortController() }],
    ['one that is not aborted or not', lookalike({ aborted: undefined })],
    ['one that cannot be listened to', lookalike({ addEventListener: undefined })],
    ['one whose listeners cannot be taken off', lookalike({ removeEventListener: true })],
    ['a getter that throws', hostile],
    ['a revoked Proxy', revoked()],
  ])('are none in %s', (_, arg) => {
    expect([isSignalCarrier(arg), signalsOf([arg])]).toEqual([false, []]);
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('a call was aborted by its caller', () => {
  it.each<[string, boolean, unknown[]]>([
    ['one of its signals has aborted', true, ['url', { signal: AbortSignal.abort() }]],
    ['a signal has aborted for a reason that is no object', true, [AbortSignal.abort('enough')]],
    ['none has', false, [new AbortController().signal, 7]],
    ['the reason is that time ran out', false, [AbortSignal.abort(new DOMException('late', 'TimeoutError'))]],
    [
      'one of two ran out of time and the other was aborted',
      true,
      [AbortSignal.abort(new DOMException('late', 'TimeoutError')), { signal: AbortSignal.abort() }],
    ],
  ])('if %s: %p', (_, expected, args) => {
    expect(wasAbortedByCaller(args)).toBe(expected);
  });

  it('if a polyfilled signal without a reason has aborted', () => {
    const signal = new PolyfilledSignal();
    signal.abort();
    expect(wasAbortedByCaller([signal])).toBe(true);
  });
});

describe('what waits for an abort', () => {
  it('shares one listener, which goes with the last that waits', () => {
    const { signal } = new AbortController();
    const leaves = Array.from({ length: 1_000 }, () => onAbort(signal, () => {}));
    const during = getEventListeners(signal, 'abort').length;
    for (const leave of leaves) leave();
    expect([during, getEventListeners(signal, 'abort').length]).toEqual([1, 0]);
  });

  it('is called once, in order, unless it has left', () => {
    const controller = new AbortController();
    const heard: number[] = [];
    const leaves = [1, 2, 3].map((n) => onAbort(controller.signal, () => heard.push(n)));
    leaves[1]();
    controller.abort();
    expect(heard).toEqual([1, 3]);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('may leave twice, and is not confused with who came later', () => {
    const controller = new AbortController();
    let heard = 0;
    const leave = onAbort(controller.signal, () => heard--);
    leave();
    onAbort(controller.signal, () => heard++);
    leave();
    controller.abort();
    expect(heard).toBe(1);
  });
});
