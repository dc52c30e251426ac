import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { threadId } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CircuitEvent, circuits, type TransitionEvent } from '@switchgear/core';
import { fixture, Hand, until } from '../support/hand.js';

const policy = { failureThreshold: 1, resetTimeout: '1h' } as const;

let one: Hand;
let other: Hand;

beforeAll(() => {
  one = new Hand('esm-worker.mjs');
  other = new Hand('cjs-worker.cjs');
});

describe('a listener', () => {
  it('hears of the transition of a worker, with the id of that thread', async () => {
    const heard: CircuitEvent[] = [];
    circuits.get('heard-from', policy).subscribe((event) => heard.push(event));
    await one.ask('declare', 'heard-from', policy);
    const before = Date.now();
    await one.ask('fail', 'heard-from');
    await until(() => heard.length > 0);
    expect(heard).toEqual([
      {
        type: 'transition',
        policy: 'circuit-breaker',
        key: 'heard-from',
        circuit: 'heard-from',
        from: 'closed',
        to: 'open',
        shadow: false,
        generation: circuits.get('heard-from').snapshot().generation,
        at: expect.any(Number),
        thread: one.threadId,
        failures: 1,
        cause: undefined,
        opening: {
          at: circuits.get('heard-from').snapshot().openedAt,
          by: 'failures',
          failures: 1,
          calls: 1,
          failureRate: 1,
          slowRate: 0,
          cause: expect.objectContaining({
            name: 'RangeError',
            code: 'EGEO',
            message: 'the geocoder is gone',
          }),
          thread: one.threadId,
        },
      },
    ]);
    // The panel counts in whole milliseconds since it was made, which was not at a whole one.
    const { at } = heard[0] as TransitionEvent;
    expect(at).toBeGreaterThanOrEqual(before - 2);
    expect(at).toBeLessThanOrEqual(Date.now() + 2);
  });

  it('hears of circuits that were made after it began to listen, in threads that were born since', async () => {
    const heard: CircuitEvent[] = [];
    const stop = circuits.subscribe((event) => heard.push(event));
    const worker = new Hand('esm-worker.mjs');
    await worker.ask('declare', 'made-after', policy);
    await worker.ask('fail', 'made-after');
    await until(() => heard.length > 0);
    stop();
    expect(heard).toMatchObject([{ circuit: 'made-after', to: 'open', thread: worker.threadId }]);
  });

  it('in every thread hears the same', async () => {
    const heard: CircuitEvent[] = [];
    const breaker = circuits.get('everywhere', policy);
    breaker.subscribe((event) => heard.push(event));
    for (const hand of [one, other]) await hand.ask('declare', 'everywhere', policy);
    await other.ask('subscribe');
    await one.ask('fail', 'everywhere');
    const toldTo = (): CircuitEvent[] =>
      (other.told as CircuitEvent[]).filter((event) => 'circuit' in event && event.circuit === 'everywhere');
    await until(() => heard.length === 1 && toldTo().length === 1);
    expect(toldTo()).toEqual(heard);
    breaker.force('closed');
    await until(() => heard.length === 2 && toldTo().length === 2);
    expect(toldTo()).toEqual(heard);
    expect(heard[1]).toMatchObject({ from: 'open', to: 'forced-closed', thread: threadId });
  });

  it('that hears no more when it has left hears again when it comes back', async () => {
    const breaker = circuits.get('left-and-back', policy);
    await one.ask('declare', 'left-and-back', policy);
    const heard: CircuitEvent[] = [];
    const stop = breaker.subscribe((event) => heard.push(event));
    stop();
    const heardByAnother: CircuitEvent[] = [];
    breaker.subscribe((event) => heardByAnother.push(event));
    await one.ask('force', 'left-and-back', 'open');
    await until(() => heardByAnother.length === 1);
    breaker.subscribe((event) => heard.push(event));
    await one.ask('force', 'left-and-back', 'closed');
    await until(() => heardByAnother.length === 2);
    expect(heard).toMatchObject([{ from: 'forced-open', to: 'forced-closed' }]);
  });

  it('is not told of failures and refusals that happen in other threads', async () => {
    const twice = { ...policy, failureThreshold: 2 };
    const heard: CircuitEvent[] = [];
    const breaker = circuits.get('quiet', twice);
    breaker.subscribe((event) => heard.push(event));
    await one.ask('declare', 'quiet', twice);
    await one.ask('fail', 'quiet', 2);
    expect(await one.ask('succeed', 'quiet', 3)).toEqual(['refused', 'refused', 'refused']);
    await one.ask('force', 'quiet', 'closed');
    await until(() => heard.length === 2);
    expect(heard.map((event) => (event.type === 'transition' ? event.to : event.type))).toEqual([
      'open',
      'forced-closed',
    ]);
  });
});

describe('callbacks of a policy', () => {
  it('are called in the thread that made the transition and in no other', async () => {
    const here: string[] = [];
    const short = {
      ...policy,
      resetTimeout: 1,
      successThreshold: 1,
      halfOpen: { permitTimeout: '1h' },
    } as const;
    const breaker = circuits.get('called-back', {
      ...short,
      onOpen: () => here.push('onOpen'),
      onHalfOpen: () => here.push('onHalfOpen'),
      onClose: () => here.push('onClose'),
    });
    await one.ask('declareWithCallbacks', 'called-back', short);
    await other.ask('declareWithCallbacks', 'called-back', short);
    await one.ask('fail', 'called-back');
    await until(() => breaker.tryCall(() => 'fine').status === 'succeeded');
    // Answers come in order, so whatever the workers had to tell of this has come before these.
    await Promise.all([one.ask('keys'), other.ask('keys')]);
    expect(calledIn(one)).toEqual([{ callback: 'onOpen', failures: 1, message: 'the geocoder is gone' }]);
    expect(calledIn(other)).toEqual([]);
    expect(here).toEqual(['onHalfOpen', 'onClose']);
  });

  function calledIn(hand: Hand): unknown[] {
    return (hand.told as object[]).filter((told) => 'callback' in told);
  }
});

describe('a subscription', () => {
  it('keeps no process alive', async () => {
    const child = spawn(process.execPath, [fixture('listening-process.mjs')], { stdio: 'inherit' });
    try {
      expect(await once(child, 'exit')).toEqual([0, null]);
    } finally {
      child.kill();
    }
  });

  it('keeps no worker alive', async () => {
    const worker = new Hand('listening-worker.mjs');
    expect(await worker.exited).toBe(0);
  });

  it('of a thread that has ended is in nobody’s way', async () => {
    const worker = new Hand('esm-worker.mjs');
    await worker.ask('subscribe');
    await worker.terminate();
    const breaker = circuits.get('after-its-end', policy);
    const heard: CircuitEvent[] = [];
    breaker.subscribe((event) => heard.push(event));
    await one.ask('declare', 'after-its-end', policy);
    await one.ask('fail', 'after-its-end');
    await until(() => heard.length === 1);
    expect(breaker.state).toBe('open');
  });
});
