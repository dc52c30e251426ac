import { beforeAll, describe, expect, it } from '@jest/globals';
import { circuits } from '@switchgear/core';
import { Hand } from '../support/hand.js';

describe('the ESM and the CJS build in one thread', () => {
  let worker: Hand;

  beforeAll(() => {
    worker = new Hand('two-builds-worker.cjs');
  });

  it('are two copies of the package', async () => {
    expect(await worker.ask('areCopies')).toBe(true);
  });

  it('have one registry', async () => {
    expect(await worker.ask('shareRegistry')).toEqual({ keys: true, declared: true, sameBreaker: true });
  });

  it('count the failures of one circuit together', async () => {
    expect(await worker.ask('countTogether')).toEqual(['open', 'open', 'refused', 'refused']);
  });

  it('hear each other’s events', async () => {
    const heard = await worker.ask<string[]>('listenToEachOther');
    expect(heard.filter((event) => !event.startsWith('all'))).toEqual(['failure', 'failure', 'transition']);
    expect(heard.filter((event) => event.startsWith('all'))).toHaveLength(3);
  });

  it('know each other’s refusals, though they are of another class', async () => {
    expect(await worker.ask('knowEachOthersRefusals')).toEqual({
      isInstance: false,
      isKnown: true,
      isRefusal: true,
    });
  });

  it('tell the cause of an opening that the other one saw', async () => {
    expect(await worker.ask('keepOneCause')).toEqual({ name: 'RangeError', message: 'down' });
  });

  it('count an error in each of their breakers that it passes through', async () => {
    expect(await worker.ask('countNested')).toBe(2);
  });

  it('let a call ride on the permit of the other’s probe that it is part of', async () => {
    expect(await worker.ask('rideOnOnePermit')).toEqual({ status: 'succeeded', value: 'fine' });
  });
});

describe('threads with different builds', () => {
  it('share circuits with each other and with the sources', async () => {
    const policy = { failureThreshold: 3, resetTimeout: '1h' } as const;
    const breaker = circuits.get('three-ways', policy);
    const workers = [new Hand('esm-worker.mjs'), new Hand('cjs-worker.cjs')];
    for (const worker of workers) await worker.ask('declare', 'three-ways', policy);
    for (const worker of workers) await worker.ask('fail', 'three-ways');
    breaker.acquire().fail(new Error('the third'));
    const states = await Promise.all(workers.map((worker) => worker.ask('state', 'three-ways')));
    expect(states).toEqual(['open', 'open']);
  });

  it('share the window and the permits of a circuit', async () => {
    const policy = {
      window: { calls: 10, minimumCalls: 4, failureRate: 0.5 },
      resetTimeout: '1h',
    } as const;
    const breaker = circuits.get('shared-window', policy);
    const [esm, cjs] = [new Hand('esm-worker.mjs'), new Hand('cjs-worker.cjs')];
    for (const worker of [esm, cjs]) await worker.ask('declare', 'shared-window', policy);
    await esm.ask('succeed', 'shared-window', 2);
    await cjs.ask('fail', 'shared-window');
    expect(breaker.snapshot().window).toMatchObject({ calls: 3, failures: 1 });
    await esm.ask('fail', 'shared-window');
    expect(await cjs.ask('state', 'shared-window')).toBe('open');
  });
});
