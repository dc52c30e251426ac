import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stoppedClocks } from './clocks.js';
import { Parcels as ParcelsAfter } from './cockatiel/after.js';
import { Parcels as ParcelsBefore } from './cockatiel/before.js';
import { FailingServer } from './failing-server.js';
import { ExchangeRates as RatesAfter } from './opossum/after.js';
import { ExchangeRates as RatesBefore } from './opossum/before.js';
import { Steps } from './steps.js';

/*
 * Each service is written twice: as users of the other library write it, and with Switchgear. Both go through the same outage of
 * the same server. What the caller gets, what reaches the server and what the service writes into its log are the same, so they
 * stand here once.
 */
let server: FailingServer;

beforeEach(async () => {
  server = await FailingServer.listening();
});

afterEach(() => server.close());

describe.each([
  ['opossum', RatesBefore],
  ['Switchgear', RatesAfter],
])('exchange rates, guarded by %s', (_, Rates) => {
  const fresh = (text: string): string => `{"text":"${text}","isStale":false}`;
  const stale = (text: string): string => `{"text":"${text}","isStale":true}`;

  it('go through an outage: healthy, stale, refused, a failed probe, a good one', async () => {
    const elapse = stoppedClocks('timers');
    const rates = new Rates(server.url);
    const steps = new Steps(server, rates.log);
    const eur = () => rates.rate('eur');
    const unknown = () => rates.rate('none');

    expect(await steps.see(eur, unknown)).toEqual({
      answers: [fresh('eur'), 'Error: none'],
      requests: 2,
      log: [],
    });

    server.mood = 'down';
    // 1 of 3, 2 of 4 (half, and no more than half), 3 of 5.
    expect(await steps.see(eur, eur, () => rates.rate('usd'))).toEqual({
      answers: [stale('eur'), stale('eur'), 'Error: no rate of usd'],
      requests: 3,
      log: ['open'],
    });
    expect(rates.isHealthy).toBe(false);
    expect(await steps.see(eur, eur)).toEqual({
      answers: [stale('eur'), stale('eur')],
      requests: 0,
      log: ['refused', 'refused'],
    });

    elapse(29_999);
    expect(await steps.see(eur)).toMatchObject({ requests: 0, log: ['refused'] });
    elapse(1);
    expect(await steps.see(eur, eur)).toEqual({
      answers: [stale('eur'), stale('eur')],
      requests: 1,
      log: ['half-open', 'open', 'refused'],
    });

    server.mood = 'healthy';
    elapse(30_000);
    expect(await steps.see(eur)).toEqual({
      answers: [fresh('eur')],
      requests: 1,
      log: ['half-open', 'closed'],
    });
    expect(rates.isHealthy).toBe(true);
    expect(await steps.see(eur)).toEqual({ answers: [fresh('eur')], requests: 1, log: [] });
  });

  it('let one call through to a server that may be up again, and refuse the others', async () => {
    const elapse = stoppedClocks('timers');
    const rates = new Rates(server.url);
    const steps = new Steps(server, rates.log);
    server.mood = 'down';
    await steps.see(...Array.from({ length: 4 }, () => () => rates.rate('eur')));
    elapse(30_000);
    server.mood = 'healthy';
    const together = await Promise.allSettled(['eur', 'usd', 'chf'].map((currency) => rates.rate(currency)));
    expect(together.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(server.takePaths()).toEqual(['/eur']);
  });

  it('take a server that hangs for one that is down', async () => {
    const rates = new Rates(server.url, 50);
    const steps = new Steps(server, rates.log);
    server.mood = 'silent';
    const calls = Array.from({ length: 5 }, () => () => rates.rate('eur'));
    expect(await steps.see(...calls)).toEqual({
      answers: calls.map(() => 'Error: no rate of eur'),
      requests: 4,
      log: ['open', 'refused'],
    });
  });
});

describe.each([
  ['cockatiel', ParcelsBefore],
  ['Switchgear', ParcelsAfter],
])('parcels, guarded by %s', (_, Parcels) => {
  const later = 'a1: ask again later';

  it('go through an outage: healthy, retried, refused, a failed probe, a good one', async () => {
    const elapse = stoppedClocks('date');
    const parcels = new Parcels(server.url);
    const steps = new Steps(server, parcels.log);
    const find = () => parcels.find('a1');

    expect(await steps.see(find, () => parcels.find('none'))).toEqual({
      answers: ['a1: in a1', 'none: unknown'],
      requests: 2,
      log: [],
    });

    server.failures = 2;
    expect(await steps.see(find)).toEqual({ answers: ['a1: in a1'], requests: 3, log: [] });

    server.mood = 'down';
    // The fifth failure is the second attempt of the second call.
    expect(await steps.see(find, find, find)).toEqual({
      answers: ['Error: HTTP 503', later, later],
      requests: 5,
      log: ['open'],
    });
    expect(parcels.isUp).toBe(false);

    elapse(10_000);
    expect(await steps.see(find, find)).toEqual({
      answers: [later, later],
      requests: 1,
      log: ['half-open', 'open'],
    });

    server.mood = 'healthy';
    elapse(10_000);
    expect(await steps.see(find)).toEqual({
      answers: ['a1: in a1'],
      requests: 1,
      log: ['half-open', 'closed'],
    });
    expect(parcels.isUp).toBe(true);
    expect(await steps.see(find)).toEqual({ answers: ['a1: in a1'], requests: 1, log: [] });
  });

  it('ask nothing while they are paused', async () => {
    stoppedClocks('date');
    const parcels = new Parcels(server.url);
    const steps = new Steps(server, parcels.log);
    const find = () => parcels.find('a1');
    const resume = parcels.pause();
    expect(await steps.see(find)).toEqual({ answers: [later], requests: 0, log: ['open'] });
    resume();
    expect(await steps.see(find)).toEqual({ answers: ['a1: in a1'], requests: 1, log: ['closed'] });
  });

  it('take a server that hangs for one that is down', async () => {
    stoppedClocks('date');
    const parcels = new Parcels(server.url, 50);
    const steps = new Steps(server, parcels.log);
    server.mood = 'silent';
    const { answers, requests, log } = await steps.see(
      () => parcels.find('a1'),
      () => parcels.find('a1'),
    );
    expect(answers[0]).toMatch(/timed out|timeout/i);
    expect({ last: answers[1], requests, log }).toEqual({ last: later, requests: 5, log: ['open'] });
  });
});
