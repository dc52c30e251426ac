import { describe, expect, it } from '@jest/globals';
import { broken, fail, failWith, ok, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heardWarnings } from '../../support/heard-warnings.js';
import { eventsOf, heard, transitionsOf } from '../../support/listening.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

// Rule 8: events, and listeners that misbehave.

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a transition', () => {
  it('is told with what led to it', () => {
    const { breaker } = circuit({ key: 'geo', failureThreshold: 3 });
    const transitions = heard(breaker, 'transition');
    const error = new Error('the last straw');
    fail(breaker, 2);
    failWith(breaker, error);
    expect(transitions).toEqual([
      {
        type: 'transition',
        policy: 'circuit-breaker',
        key: 'geo',
        circuit: 'geo',
        from: 'closed',
        to: 'open',
        shadow: false,
        generation: breaker.snapshot().generation,
        at: breaker.snapshot().openedAt,
        thread: 0,
        failures: 3,
        cause: error,
        opening: breaker.snapshot().opening,
      },
    ]);
  });

  it('is told after the state is stored', () => {
    const { breaker } = circuit(BRITTLE);
    const states: string[] = [];
    breaker.subscribe((event) => event.type === 'transition' && states.push(breaker.state));
    fail(breaker);
    expect(states).toEqual(['open']);
  });

  it('is told before the call returns', () => {
    const { breaker } = circuit(BRITTLE);
    const transitions = transitionsOf(breaker);
    fail(breaker);
    expect(transitions).toEqual(['closed → open']);
  });

  it('raises the generation by one', () => {
    const { breaker, clock } = circuit(BRITTLE);
    const transitions = heard(breaker, 'transition');
    const { generation } = breaker.snapshot();
    fail(breaker);
    clock.advance(100);
    succeed(breaker, 2);
    expect(transitions.map((event) => event.generation - generation)).toEqual([1, 2, 3]);
  });

  it('is told after the failure that made it', () => {
    const { breaker } = circuit(BRITTLE);
    const events = eventsOf(breaker);
    fail(breaker);
    expect(events.map(({ type }) => type)).toEqual(['failure', 'transition']);
  });

  it('to closed is told of a reset', () => {
    const { breaker } = openCircuit();
    const transitions = transitionsOf(breaker);
    breaker.reset();
    expect(transitions).toEqual(['open → closed']);
  });

  it('is not told of a reset that changes no state', () => {
    const { breaker } = circuit();
    const transitions = transitionsOf(breaker);
    breaker.reset();
    expect(transitions).toEqual([]);
  });
});

describe('a failure', () => {
  it('is told with its error', () => {
    const { breaker } = circuit({ key: 'geo' });
    const failures = heard(breaker, 'failure');
    const error = new Error('down');
    failWith(breaker, error);
    const about = { policy: 'circuit-breaker', key: 'geo', circuit: 'geo' };
    expect(failures).toEqual([{ type: 'failure', ...about, error, at: expect.any(Number) }]);
  });

  it('of a probe is told', () => {
    const { breaker } = probingCircuit();
    const failures = heard(breaker, 'failure');
    fail(breaker);
    expect(failures).toHaveLength(1);
  });

  it('of a circuit held closed is not told: nothing is counted there', () => {
    const { breaker } = circuit(BRITTLE);
    breaker.force('closed');
    const failures = heard(breaker, 'failure');
    fail(breaker, 2);
    expect(failures).toEqual([]);
  });

  it('is not told for a probe that succeeds', () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    const failures = heard(breaker, 'failure');
    succeed(breaker);
    expect(failures).toEqual([]);
  });

  it('is not told for a success', () => {
    const { breaker } = circuit();
    const events = eventsOf(breaker);
    succeed(breaker, 3);
    expect(events).toEqual([]);
  });
});

describe('a listener that throws', () => {
  it('keeps no other listener from hearing', () => {
    const { breaker } = circuit(BRITTLE);
    heardWarnings();
    breaker.subscribe(broken);
    const transitions = transitionsOf(breaker);
    fail(breaker);
    expect(transitions).toEqual(['closed → open']);
  });

  it("does not replace the caller's error", () => {
    const { breaker } = circuit(BRITTLE);
    heardWarnings();
    breaker.subscribe(() => {
      throw new Error('listener');
    });
    expect(() => breaker.call(broken)).toThrow('down');
  });

  it("does not replace the caller's result", () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    heardWarnings();
    breaker.subscribe(broken);
    expect(breaker.call(ok)).toBe('ok');
  });

  it('does not replace a refusal', () => {
    const { breaker } = openCircuit();
    heardWarnings();
    breaker.subscribe(broken);
    expect(() => breaker.call(ok)).toThrow(expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' }));
  });

  it('hears the next event', () => {
    const { breaker } = circuit();
    heardWarnings();
    let events = 0;
    breaker.subscribe(() => {
      events++;
      throw new Error('listener');
    });
    fail(breaker, 3);
    expect(events).toBe(3);
  });

  it('is a warning of the process', async () => {
    const { breaker } = circuit();
    const warnings = heardWarnings();
    breaker.subscribe(() => {
      throw new Error('listener');
    });
    fail(breaker);
    await nextTurn();
    expect(warnings).toEqual([expect.stringContaining('listener')]);
  });
});

describe('a listener that rejects', () => {
  it('is a warning of the process, not an unhandled rejection', async () => {
    const { breaker } = circuit();
    const warnings = heardWarnings();
    breaker.subscribe(() => Promise.reject(new Error('listener')) as unknown as undefined);
    fail(breaker);
    await nextTurn();
    await nextTurn();
    expect(warnings).toEqual([expect.stringContaining('listener')]);
  });
});

describe('a listener that calls back into the circuit', () => {
  it('finds it as the event says', () => {
    const { breaker } = circuit(BRITTLE);
    const statuses: string[] = [];
    breaker.subscribe((event) => {
      if (event.type === 'transition') statuses.push(breaker.tryCall(ok).status);
    });
    fail(breaker);
    expect(statuses).toEqual(['refused']);
  });

  it('may reset it', () => {
    const { breaker } = circuit(BRITTLE);
    breaker.subscribe((event) => {
      if (event.type === 'transition' && event.to === 'open') breaker.reset();
    });
    fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('leaves the events in order for the others', () => {
    const { breaker } = circuit(BRITTLE);
    breaker.subscribe((event) => {
      if (event.type === 'transition' && event.to === 'open') breaker.reset();
    });
    const transitions = transitionsOf(breaker);
    fail(breaker);
    expect(transitions).toEqual(['closed → open', 'open → closed']);
  });

  it('hears of what it did after what it is hearing', () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    const order: string[] = [];
    breaker.subscribe((event) => {
      if (event.type !== 'failure') return;
      order.push('begin');
      if (order.length === 1) fail(breaker);
      order.push('end');
    });
    fail(breaker);
    expect(order).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('does not take the permit of the call that found the deadline passed', () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 1 } });
    breaker.subscribe((event) => {
      if (event.type === 'transition' && event.to === 'half-open') startCall(breaker);
    });
    expect(breaker.call(ok)).toBe('ok');
  });

  it('may subscribe', () => {
    const { breaker } = circuit();
    let late = 0;
    const unsubscribe = breaker.subscribe(() => {
      unsubscribe();
      breaker.subscribe(() => late++);
    });
    fail(breaker, 2);
    expect(late).toBe(1);
  });
});

describe('subscribe', () => {
  it('tells listeners in the order in which they subscribed', () => {
    const { breaker } = circuit();
    const order: number[] = [];
    for (const n of [1, 2, 3]) breaker.subscribe(() => order.push(n));
    fail(breaker);
    expect(order).toEqual([1, 2, 3]);
  });

  it('ends with the function that it returns', () => {
    const { breaker } = circuit();
    let events = 0;
    const unsubscribe = breaker.subscribe(() => events++);
    fail(breaker);
    unsubscribe();
    fail(breaker);
    expect(events).toBe(1);
  });

  it('may be ended twice', () => {
    const { breaker } = circuit();
    let events = 0;
    const unsubscribe = breaker.subscribe(() => {});
    breaker.subscribe(() => events++);
    unsubscribe();
    unsubscribe();
    fail(breaker);
    expect(events).toBe(1);
  });

  it('twice with one function tells it twice, and ends one at a time', () => {
    const { breaker } = circuit();
    let events = 0;
    const listener = () => events++;
    const unsubscribe = breaker.subscribe(listener);
    breaker.subscribe(listener);
    fail(breaker);
    unsubscribe();
    fail(breaker);
    expect(events).toBe(3);
  });

  it('tells nothing that came before', () => {
    const { breaker } = circuit();
    fail(breaker);
    expect(eventsOf(breaker)).toEqual([]);
  });

  it('tells of one circuit alone', () => {
    const { breaker, another } = circuit();
    const events = eventsOf(breaker);
    fail(another());
    expect(events).toEqual([]);
  });

  it('tells of one circuit alone, where circuits have names', () => {
    const { breaker, another } = circuit({ key: 'one' });
    const events = eventsOf(breaker);
    fail(another({ key: 'other' }));
    expect(events).toEqual([]);
  });

  it('hears through one breaker of the key what happens through another', () => {
    const { breaker, another } = circuit({ key: 'geo', ...BRITTLE });
    const transitions = transitionsOf(breaker);
    fail(another({ key: 'geo', ...BRITTLE }));
    expect(transitions).toEqual(['closed → open']);
  });

  it('refuses what is no function', () => {
    expect(() => circuit().breaker.subscribe('log' as never)).toThrow(TypeError);
  });
});

describe('the callbacks of a policy', () => {
  const recorded = (policy = {}) => {
    const calls: unknown[][] = [];
    const made = circuit({
      ...BRITTLE,
      onOpen: (...args) => calls.push(['open', ...args]),
      onHalfOpen: (...args) => calls.push(['half-open', ...args]),
      onClose: (...args) => calls.push(['close', ...args]),
      ...policy,
    });
    return { ...made, calls };
  };

  it('onOpen is called with the failures, the last error, and the reason', () => {
    const { breaker, calls } = recorded({ failureThreshold: 2 });
    const error = new Error('down');
    fail(breaker);
    failWith(breaker, error);
    expect(calls).toEqual([['open', 2, error, breaker.snapshot().opening]]);
  });

  it('onHalfOpen and onClose are called with nothing', () => {
    const { breaker, clock, calls } = recorded();
    fail(breaker);
    clock.advance(100);
    succeed(breaker, 2);
    expect(calls.slice(1)).toEqual([['half-open'], ['close']]);
  });

  it('onOpen is called after the state is stored', () => {
    const states: string[] = [];
    const { breaker } = recorded({ onOpen: () => states.push(breaker.state) });
    fail(breaker);
    expect(states).toEqual(['open']);
  });

  it('onClose is called for a reset', () => {
    const { breaker, calls } = recorded();
    fail(breaker);
    breaker.reset();
    expect(calls.at(-1)).toEqual(['close']);
  });

  it('are called once, whichever breaker of the key made the transition', () => {
    const { calls, another } = recorded({ key: 'geo' });
    fail(another({ ...BRITTLE, key: 'geo' }));
    expect(calls.map(([name]) => name)).toEqual(['open']);
  });

  it('may be one alone, and nobody is warned of those that are not there', async () => {
    const warnings = heardWarnings();
    const { breaker, clock } = circuit({ ...BRITTLE, onOpen: () => {} });
    fail(breaker);
    clock.advance(100);
    succeed(breaker, 2);
    await nextTurn();
    expect([breaker.state, warnings]).toEqual(['closed', []]);
  });

  it('change nothing by throwing', () => {
    heardWarnings();
    const { breaker } = recorded({ onOpen: broken });
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('are a warning of the process by throwing', async () => {
    const warnings = heardWarnings();
    const { breaker } = recorded({ onOpen: broken });
    fail(breaker);
    await nextTurn();
    expect(warnings).toEqual([expect.stringContaining('down')]);
  });

  it('are a warning of the process by rejecting', async () => {
    const warnings = heardWarnings();
    const { breaker } = recorded({ onOpen: async () => broken() });
    fail(breaker);
    await nextTurn();
    await nextTurn();
    expect(warnings).toEqual([expect.stringContaining('down')]);
  });
});
