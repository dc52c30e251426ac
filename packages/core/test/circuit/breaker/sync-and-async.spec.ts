import { describe, expect, it } from '@jest/globals';
import { ok, startCall } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { openCircuit, probingCircuit } from '../../support/openings.js';

// Rule 9: a sync function stays sync, thenables are adopted, and where refusals go.

const refusal = expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' });

/** A thenable that is no promise, as query builders are; it counts how often it is asked to run. */
function query<Value>(value: Value): PromiseLike<Value> & { runs: number } {
  return {
    runs: 0,
    then(onValue, onError) {
      this.runs++;
      return Promise.resolve(value).then(onValue, onError);
    },
  };
}

function failedQuery(error: unknown): PromiseLike<never> {
  return { then: (_, onError) => Promise.reject(error).then(undefined, onError) };
}

describe('a sync function', () => {
  it('stays sync', () => {
    expect(circuit().breaker.call(ok)).toBe('ok');
  });

  it('stays sync in half-open', () => {
    expect(probingCircuit().breaker.call(ok)).toBe('ok');
  });

  it('stays sync where calls are timed', () => {
    const { breaker } = circuit({ window: { calls: 10 }, slowCallDuration: 5 });
    expect(breaker.call(ok)).toBe('ok');
  });

  it.each([undefined, null, 0, '', false, { then: 'later' }])('may return %p', (value) => {
    expect(circuit().breaker.call(() => value)).toBe(value);
  });

  it('is refused by a throw', () => {
    expect(() => openCircuit().breaker.call(ok)).toThrow(refusal);
  });

  it('is refused by a throw where it is wrapped', () => {
    expect(openCircuit().breaker.wrap(ok)).toThrow(refusal);
  });

  it('is refused by a rejection where the policy says async', async () => {
    const { breaker } = openCircuit({ async: true });
    await expect(breaker.call(ok)).rejects.toEqual(refusal);
  });

  it('stays sync where the policy says async and it is admitted', () => {
    expect(circuit({ async: true }).breaker.call(ok)).toBe('ok');
  });
});

describe('an async function', () => {
  it('is refused by a rejection', async () => {
    await expect(openCircuit().breaker.call(async () => 1)).rejects.toEqual(refusal);
  });

  it('is refused by a rejection where it is wrapped', async () => {
    await expect(openCircuit().breaker.wrap(async () => 1)()).rejects.toEqual(refusal);
  });

  it('is refused by a rejection where it is bound', async () => {
    const bound = async function (this: number) {
      return this;
    }.bind(1);
    await expect(openCircuit().breaker.call(bound)).rejects.toEqual(refusal);
  });

  it('is refused by a throw where the policy says it is not async', () => {
    const { breaker } = openCircuit({ async: false });
    expect(() => breaker.call(async () => 1)).toThrow(refusal);
  });

  it('is refused by a rejection in half-open', async () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 1 } });
    startCall(breaker);
    await expect(breaker.call(async () => 1)).rejects.toEqual(refusal);
  });

  it('resolves to what it resolves to', async () => {
    await expect(circuit().breaker.call(async () => 1)).resolves.toBe(1);
  });

  it('counts when it settles, not when it returns', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const call = startCall(breaker);
    const before = breaker.state;
    await call.fail();
    expect([before, breaker.state]).toEqual(['closed', 'open']);
  });
});

describe('a function that returns promises without being async', () => {
  const promising = () => {
    const later = () => Promise.resolve(1);
    return later;
  };

  it('is refused by a throw as long as nobody knows', () => {
    const { breaker } = openCircuit();
    expect(() => breaker.call(promising())).toThrow(refusal);
  });

  it('is refused by a rejection once it has returned one', async () => {
    const { breaker } = circuit();
    const fn = promising();
    await breaker.call(fn);
    breaker.force('open');
    await expect(breaker.call(fn)).rejects.toEqual(refusal);
  });

  it('is refused by a rejection once it has returned one to another circuit', async () => {
    // A function without a name is not remembered.
    const fn = function named() {
      return Promise.resolve(1);
    };
    await circuit().breaker.call(fn);
    await expect(openCircuit().breaker.call(fn)).rejects.toEqual(refusal);
  });

  it('is refused by a rejection once it has returned one where calls are timed', async () => {
    const { breaker } = circuit({ window: { calls: 10 }, slowCallDuration: 5 });
    const fn = promising();
    await breaker.call(fn);
    breaker.force('open');
    await expect(breaker.call(fn)).rejects.toEqual(refusal);
  });

  it('is refused by a rejection once it has returned a thenable', async () => {
    const { breaker } = circuit();
    const fn = () => query(1);
    await breaker.call(fn);
    breaker.force('open');
    await expect(breaker.call(fn)).rejects.toEqual(refusal);
  });
});

describe('a function that a circuit guards, guarded by another', () => {
  it('is refused by a rejection where it is async', async () => {
    const guarded = circuit().breaker.wrap(async () => 1);
    await expect(openCircuit().breaker.call(guarded)).rejects.toEqual(refusal);
  });
});

describe('a thenable', () => {
  it('is adopted as a promise', () => {
    expect(circuit().breaker.call(() => query(1))).toBeInstanceOf(Promise);
  });

  it('is adopted with its value', async () => {
    await expect(circuit().breaker.call(() => query(1))).resolves.toBe(1);
  });

  it('is run once', async () => {
    const builder = query(1);
    await circuit().breaker.call(() => builder);
    expect(builder.runs).toBe(1);
  });

  it('is adopted with its error', async () => {
    const error = new Error('down');
    await expect(circuit().breaker.call(() => failedQuery(error))).rejects.toBe(error);
  });

  it('counts', async () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    await breaker.call(() => failedQuery(new Error('down'))).catch(() => {});
    expect(breaker.state).toBe('open');
  });

  it('may be a function', async () => {
    const thenable = Object.assign(() => 'called', {
      then: (onValue: (value: number) => void) => onValue(1),
    });
    await expect(circuit().breaker.call(() => thenable as never)).resolves.toBe(1);
  });

  it('counts once though it settles twice', async () => {
    const { breaker } = circuit();
    const twice = {
      then(_: unknown, onError: (error: Error) => void) {
        onError(new Error('one'));
        onError(new Error('two'));
      },
    };
    await breaker.tryCall(() => twice as PromiseLike<never>);
    expect(breaker.snapshot().failures).toBe(1);
  });

  it('gives the permit of a probe back though its then throws', async () => {
    const { breaker } = probingCircuit({ excludedErrors: TypeError, halfOpen: { permits: 1 } });
    const bad = {
      then() {
        throw new TypeError('bad thenable');
      },
    };
    await breaker.tryCall(() => bad as unknown as PromiseLike<never>);
    expect(startCall(breaker).admitted).toBe(true);
  });

  it('gives the permit of a probe back though its then cannot be read', () => {
    const { breaker } = probingCircuit({ excludedErrors: TypeError, halfOpen: { permits: 1 } });
    const unreadable = {
      get then(): never {
        throw new TypeError('no then');
      },
    };
    breaker.tryCall((): unknown => unreadable);
    expect(startCall(breaker).admitted).toBe(true);
  });
});

describe('a wrapped function', () => {
  it('gets its arguments', () => {
    const add = circuit().breaker.wrap((a: number, b: number) => a + b);
    expect(add(2, 3)).toBe(5);
  });

  it('gets its this', () => {
    const account = {
      balance: 7,
      read: circuit().breaker.wrap(function (this: { balance: number }) {
        return this.balance;
      }),
    };
    expect(account.read()).toBe(7);
  });

  it('gets its this in half-open', () => {
    const account = {
      balance: 7,
      read: probingCircuit().breaker.wrap(function (this: { balance: number }) {
        return this.balance;
      }),
    };
    expect(account.read()).toBe(7);
  });

  it('keeps its name', () => {
    function lookup() {
      return 1;
    }
    expect(circuit().breaker.wrap(lookup).name).toBe('lookup');
  });

  it('keeps its length', () => {
    const three = (a: number, b: number, c: number) => a + b + c;
    expect(circuit().breaker.wrap(three)).toHaveLength(3);
  });

  it('does not change the function', () => {
    const fn = Object.freeze(() => 1);
    expect(circuit().breaker.wrap(fn)).not.toBe(fn);
  });

  it('is guarded', () => {
    const { breaker } = circuit();
    const wrapped = breaker.wrap(ok);
    breaker.force('open');
    expect(wrapped).toThrow(refusal);
  });
});
