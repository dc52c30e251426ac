import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker } from '@switchgear/core';
import { admits, fail, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { transitionsOf } from '../../support/listening.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

const fullOfProbes = () => {
  const made = probingCircuit({
    key: 'geo',
    successThreshold: 3,
    halfOpen: { permits: 1, permitTimeout: 80 },
  });
  succeed(made.breaker);
  startCall(made.breaker);
  made.clock.advance(30);
  return made;
};

describe('a snapshot', () => {
  it('of a closed circuit says what was counted', () => {
    const { breaker } = circuit({ key: 'geo', failureThreshold: 3 });
    fail(breaker, 2);
    expect(breaker.snapshot()).toEqual({
      key: 'geo',
      state: 'closed',
      shadow: undefined,
      failures: 2,
      successes: 0,
      openedAt: undefined,
      retryAfter: 0,
      generation: expect.any(Number),
      window: undefined,
    });
  });

  it('of an open circuit says when it opened, in epoch milliseconds', () => {
    const before = Date.now();
    const { breaker } = openCircuit();
    const { openedAt = NaN } = breaker.snapshot();
    expect(openedAt >= before - 1 && openedAt <= Date.now() + 1).toBe(true);
  });

  it('of an open circuit says how long until a call may be admitted', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(30);
    expect(breaker.snapshot()).toMatchObject({ state: 'open', retryAfter: 70 });
  });

  it('of an open circuit whose deadline has passed says that a call may be admitted now', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(500);
    expect(breaker.snapshot()).toMatchObject({ state: 'open', retryAfter: 0 });
  });

  it('of a half-open circuit says how many probes succeeded', () => {
    const { breaker } = probingCircuit({ successThreshold: 3 });
    succeed(breaker, 2);
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', successes: 2, retryAfter: 0 });
  });

  it('of a half-open circuit with all probes out says when the earliest permit expires', () => {
    expect(fullOfProbes().breaker.snapshot()).toMatchObject({ state: 'half-open', retryAfter: 50 });
  });

  it('of a half-open circuit still says when it opened', () => {
    const { breaker, clock } = openCircuit();
    const { openedAt } = breaker.snapshot();
    clock.advance(100);
    succeed(breaker);
    expect(breaker.snapshot().openedAt).toBe(openedAt);
  });

  it('of a reopened circuit says when it reopened', () => {
    const { breaker, clock } = openCircuit();
    const { openedAt = NaN } = breaker.snapshot();
    clock.advance(150);
    fail(breaker);
    expect(breaker.snapshot().openedAt).toBe(openedAt + 150);
  });

  it('of a circuit that an expired probe reopened says that it reopened at the expiry', () => {
    const { breaker, clock } = openCircuit({ halfOpen: { permits: 2, permitTimeout: 100 } });
    const { openedAt = NaN } = breaker.snapshot();
    clock.advance(100);
    startCall(breaker);
    startCall(breaker);
    clock.advance(130);
    succeed(breaker);
    expect(breaker.snapshot().openedAt).toBe(openedAt + 200);
  });

  it('of a circuit that has closed says nothing of its opening', () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    succeed(breaker);
    expect(breaker.snapshot()).toMatchObject({ openedAt: undefined, successes: 0, failures: 0 });
  });

  it('of a circuit forced closed says so', () => {
    const { breaker } = openCircuit();
    breaker.force('closed');
    expect(breaker.snapshot()).toMatchObject({ state: 'forced-closed', openedAt: undefined, failures: 0 });
  });

  it('of a circuit forced open says since when', () => {
    const { breaker, clock } = openCircuit();
    const { openedAt = NaN } = breaker.snapshot();
    clock.advance(30);
    breaker.force('open');
    expect(breaker.snapshot()).toMatchObject({ state: 'forced-open', openedAt: openedAt + 30, failures: 0 });
  });

  it('of a circuit forced open names no time', () => {
    const { breaker } = circuit();
    breaker.force('open');
    expect(breaker.snapshot().retryAfter).toBeUndefined();
  });

  it('of a circuit that was reset has a new generation', () => {
    const { breaker } = circuit();
    const { generation } = breaker.snapshot();
    breaker.reset();
    expect(breaker.snapshot().generation).toBe(generation + 1);
  });

  it('changes nothing', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(100);
    const transitions = transitionsOf(breaker);
    breaker.snapshot();
    expect([breaker.state, ...transitions]).toEqual(['open']);
  });

  it('stays as it was', () => {
    const { breaker } = circuit();
    const before = breaker.snapshot();
    fail(breaker);
    expect(before.failures).toBe(0);
  });

  it('of a circuit without a key has a name for messages, its own', () => {
    const keys = [circuit(), circuit()].map(({ breaker }) => breaker.snapshot().key);
    expect(new Set(keys).size).toBe(2);
  });
});

describe('explain', () => {
  const forced = (mode: 'open' | 'closed' | 'shadow') => {
    const { breaker } = circuit({ key: 'geo' });
    breaker.force(mode);
    return breaker;
  };
  const closed = () => {
    const { breaker } = circuit({ key: 'geo' });
    fail(breaker, 2);
    return breaker;
  };
  const open = () => {
    const { breaker, clock } = openCircuit({ key: 'geo' });
    clock.advance(30);
    return breaker;
  };
  const due = () => probingCircuit({ key: 'geo' }).breaker;
  const probing = () => {
    const { breaker } = probingCircuit({ key: 'geo' });
    succeed(breaker);
    return breaker;
  };

  it.each<[string, () => CircuitBreaker, object]>([
    ['closed', closed, { admits: true, reason: 'closed', failures: 2, threshold: 5, retryAfter: undefined }],
    ['open', open, { admits: false, reason: 'open', failures: 0, threshold: 1, retryAfter: 70 }],
    ['open, with a probe due', due, { admits: true, reason: 'probe-due', retryAfter: 0 }],
    ['half-open, with a permit left', probing, { admits: true, reason: 'probing', retryAfter: 0 }],
    [
      'half-open, with none',
      () => fullOfProbes().breaker,
      { admits: false, reason: 'probing-full', retryAfter: 50 },
    ],
    ['forced open', () => forced('open'), { admits: false, reason: 'forced-open', retryAfter: undefined }],
    [
      'forced closed',
      () => forced('closed'),
      { admits: true, reason: 'forced-closed', retryAfter: undefined },
    ],
    ['a shadow', () => forced('shadow'), { admits: true, reason: 'shadow', retryAfter: undefined }],
  ])('says why a circuit that is %s does or does not admit a call', (_, make, expected) => {
    expect(make().explain()).toMatchObject(expected);
  });

  it.each<[string, () => CircuitBreaker, RegExp]>([
    ['closed', closed, /^Circuit "geo" is closed with 2 failures in a row; it opens at 5 in a row\.$/],
    [
      'open',
      open,
      /^Circuit "geo" is open: 1 failure in a row opened it 30ms ago \(the last of them: "down"\)\. Retry after 70ms: .*\.$/,
    ],
    ['open, with a probe due', due, /^Circuit "geo" is open: 1 failure.* ago .*\. The next call.*probe\.$/],
    ['half-open, with a permit left', probing, /^Circuit "geo" is half-open: 1 of 2 probes succeeded.*\.$/],
    [
      'half-open, with none',
      () => fullOfProbes().breaker,
      /^Circuit "geo" is half-open: 1 of 3 probes succeeded\. It waits for one probe, which gives up in 50ms\.$/,
    ],
    [
      'forced open',
      () => forced('open'),
      /^Circuit "geo" is forced open: an operator opened it 0ms ago, .*\.$/,
    ],
    ['forced closed', () => forced('closed'), /^Circuit "geo" is forced closed.*\.$/],
    ['a shadow', () => forced('shadow'), /^Circuit "geo" is a shadow.*closed.*\.$/],
  ])('says it in a sentence where the circuit is %s', (_, make, sentence) => {
    expect(make().explain().text).toMatch(sentence);
  });

  it('says how many probes it waits for, and when the first gives up', () => {
    const { breaker, clock } = probingCircuit({ key: 'geo', halfOpen: { permits: 2, permitTimeout: '30s' } });
    startCall(breaker);
    clock.advance(1_999);
    startCall(breaker);
    expect(breaker.explain().text).toBe(
      'Circuit "geo" is half-open: 0 of 2 probes succeeded. It waits for 2 probes, the first gives up in 29s.',
    );
  });

  it('says how far a window is from opening the circuit, and the failures in a row beside it', () => {
    const { breaker } = circuit({ key: 'geo', failureThreshold: 9, window: { calls: 10, minimumCalls: 2 } });
    succeed(breaker, 3);
    fail(breaker);
    expect(breaker.explain().text).toBe(
      'Circuit "geo" is closed: its window has 4 calls; 25 % failed, limit 50 %; 1 failure in a row; it opens at 9 in a row.',
    );
  });

  it('says how many calls were slow where slowness opened it', () => {
    const { breaker, clock } = circuit({ key: 'geo', window: { calls: 2 }, slowCallDuration: 10 });
    for (let i = 0; i < 2; i++) breaker.call(() => clock.advance(20));
    expect(breaker.explain().text).toContain('is open: 2 slow calls in 2 opened it 0ms ago. Retry after 1m');
  });

  it('says that a probe opened it again', () => {
    const { breaker } = probingCircuit({ key: 'geo' });
    fail(breaker);
    expect(breaker.explain().text).toContain(
      'is open: a probe that did not succeed opened it 0ms ago ("down"). Retry after 100ms',
    );
  });

  it('says times as a person would', () => {
    const { breaker, clock } = openCircuit({ resetTimeout: '60s' });
    clock.advance(1);
    expect(breaker.explain().text).toContain('Retry after 1m:');
  });

  it('says one failure, not one failures', () => {
    const { breaker } = circuit();
    fail(breaker);
    expect(breaker.explain().text).toContain('with 1 failure in a row');
  });

  it('names no threshold where the window decides', () => {
    expect(circuit({ window: { calls: 10 } }).breaker.explain().threshold).toBeUndefined();
  });

  it('says that the window decides, and still how many failures came in a row', () => {
    const { breaker } = circuit({ key: 'geo', window: { calls: 10 } });
    fail(breaker, 3);
    expect(breaker.explain()).toEqual({
      admits: true,
      reason: 'closed',
      text: 'Circuit "geo" is closed: its window has 3 of the 10 calls it needs; 100 % failed, limit 50 %.',
      failures: 3,
      threshold: undefined,
      retryAfter: undefined,
    });
  });

  it('names the threshold where there is one beside the window', () => {
    const { breaker } = circuit({ key: 'geo', window: { calls: 10 }, failureThreshold: 7 });
    expect(breaker.explain()).toMatchObject({
      threshold: 7,
      text: expect.stringContaining('limit 50 %; 0 failures in a row; it opens at 7 in a row.'),
    });
  });

  it.each<[string, () => CircuitBreaker]>([
    ['closed', closed],
    ['open', open],
    ['open, with a probe due', due],
    ['half-open, with a permit left', probing],
    ['half-open, with none', () => fullOfProbes().breaker],
    ['forced open', () => forced('open')],
    ['forced closed', () => forced('closed')],
    ['a shadow', () => forced('shadow')],
  ])('says what the next call will find where the circuit is %s', (_, make) => {
    const breaker = make();
    expect(breaker.explain().admits).toBe(admits(breaker));
  });

  it('says what the next call will find where a probe has expired', () => {
    const { breaker, clock } = probingCircuit({ ...BRITTLE, halfOpen: { permits: 1, permitTimeout: 50 } });
    startCall(breaker);
    clock.advance(60);
    expect(breaker.explain()).toMatchObject({ admits: false, retryAfter: 90 });
  });

  it('agrees with the snapshot on when the next probe is admitted where a probe has expired', () => {
    const { breaker, clock } = probingCircuit({ ...BRITTLE, halfOpen: { permits: 1, permitTimeout: 50 } });
    startCall(breaker);
    clock.advance(60);
    expect(breaker.snapshot().retryAfter).toBe(90);
  });

  it('changes nothing', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(100);
    breaker.explain();
    expect(breaker.state).toBe('open');
  });
});
