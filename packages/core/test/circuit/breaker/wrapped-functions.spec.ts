import { describe, expect, it } from '@jest/globals';
import { withCircuitBreaker } from '@switchgear/core';
import { ok } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { LASTING } from '../../support/openings.js';

const refusal: unknown = expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' });

/** A circuit of which calls gave values and promises, which says nothing of a function that is not known. */
async function mixed(policy = {}) {
  const made = circuit(policy);
  made.breaker.call(() => 1);
  await made.breaker.call(() => Promise.resolve(1));
  return made;
}

describe('a wrapped function without a name that gives promises', () => {
  it('is refused by a rejection after its first call', async () => {
    const { breaker } = await mixed();
    const guarded = breaker.wrap(() => Promise.resolve(1));
    await guarded();
    breaker.force('open');
    await expect(guarded()).rejects.toEqual(refusal);
  });

  it('is refused by a rejection where its calls are timed', async () => {
    const { breaker } = await mixed({ window: { calls: 10 }, slowCallDuration: 5 });
    const guarded = breaker.wrap(() => Promise.resolve(1));
    await guarded();
    breaker.force('open');
    await expect(guarded()).rejects.toEqual(refusal);
  });

  it('is refused by a rejection where it gave a value first', async () => {
    const { breaker } = await mixed();
    let given: unknown = 1;
    const guarded = breaker.wrap((): unknown => given);
    guarded();
    given = Promise.resolve(1);
    await guarded();
    breaker.force('open');
    await expect(guarded()).rejects.toEqual(refusal);
  });
});

describe('what a guarded function is called with', () => {
  it.each([[[]], [[undefined]], [[1, undefined]], [[1, 2, 3]], [[new AbortController().signal]]])(
    'is what its caller has said, no more and no less: %p',
    (args: readonly unknown[]) => {
      const came: unknown[] = [];
      const take = (...all: unknown[]): void => {
        came.push([all.length, ...all]);
      };
      const { breaker } = circuit();
      const guarded = breaker.wrap(take);
      for (let i = 0; i < 2; i++) {
        guarded(...args);
        breaker.call(take, ...args);
        breaker.tryCall(take, ...args);
      }
      const expected = [args.length, ...args];
      expect(came).toEqual([expected, expected, expected, expected, expected, expected]);
    },
  );
});

describe('a function whose breaker is found at its first call', () => {
  it('asks for it once, also where every call is refused', () => {
    const { breaker } = circuit();
    let asked = 0;
    const guarded = withCircuitBreaker(() => {
      asked++;
      return breaker;
    })(ok);
    breaker.force('open');
    for (let i = 0; i < 3; i++) expect(guarded).toThrow(refusal);
    expect(asked).toBe(1);
  });

  it('throws what looking for it throws, where it is sync', () => {
    const guarded = withCircuitBreaker(() => {
      throw new RangeError('none');
    })(ok);
    expect(guarded).toThrow('none');
  });

  it('rejects with what looking for it throws, where it is async', async () => {
    const guarded = withCircuitBreaker(() => {
      throw new RangeError('none');
    })(async () => 1);
    await expect(guarded()).rejects.toThrow('none');
  });
});

it('a generator that two circuits guard counts in both when its stream ends', () => {
  const [inner, outer] = [circuit(LASTING).breaker, circuit(LASTING).breaker];
  const items = outer.wrap(
    inner.wrap(function* () {
      yield 1;
      throw new Error('down');
    }),
  );
  expect(() => [...items()]).toThrow('down');
  expect([inner.state, outer.state]).toEqual(['open', 'open']);
});

describe('a call that is timed', () => {
  const timed = { window: { calls: 10, slowRate: 1 }, slowCallDuration: 5 } as const;

  it.each([
    ['shorter than that is not slow', 4, 0],
    ['exactly as long is not slow', 5, 0],
    ['longer is slow', 6, 1],
  ])('%s: %d ms', async (_, takes, slow) => {
    const sync = circuit(timed);
    sync.breaker.call(() => sync.clock.advance(takes));
    const async = circuit(timed);
    await async.breaker.call(async () => async.clock.advance(takes));
    expect([sync, async].map(({ breaker }) => breaker.snapshot().window?.slow)).toEqual([slow, slow]);
  });
});
