import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, CircuitRegistry, Panel, type PanelOptions } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { fail, succeed } from '../support/calls.js';
import { BRITTLE, LASTING } from '../support/openings.js';

/** Makes circuits until the panel is full, and says how many there were and what it said. */
function fill(panel: Panel, policy = {}, most = 100_000): { made: number; error: unknown } {
  for (let made = 0; made < most; made++) {
    try {
      // To look for the line of each call takes longer in Jest than all the rest.
      new CircuitBreaker({ ...policy, key: `circuit-${made}` }, { panel, declaredAt: 'panel.spec.ts' });
    } catch (error) {
      return { made, error };
    }
  }
  return { made: most, error: undefined };
}

const faults = (...paths: string[]) =>
  expect.objectContaining({
    code: 'ERR_POLICY',
    faults: paths.map((path) => expect.objectContaining({ path })),
  });

describe('a panel', () => {
  it.each([1, 2, 3, 10, 64, 1_000])('has room for the %d circuits it was made for', (circuitCount) => {
    expect(fill(new Panel({ circuits: circuitCount }), {}, circuitCount)).toEqual({ made: circuitCount });
  });

  it('has room for 16,384 circuits unless told otherwise', () => {
    expect(new Panel().buffer.byteLength).toBe(new Panel({ circuits: 16_384 }).buffer.byteLength);
  });

  it('is one shared buffer', () => {
    expect(Object.prototype.toString.call(new Panel({ circuits: 1 }).buffer)).toBe(
      '[object SharedArrayBuffer]',
    );
  });

  it('names its circuits', () => {
    const panel = new Panel({ circuits: 8 });
    fill(panel, {}, 3);
    expect([...panel.keys()].sort()).toEqual(['circuit-0', 'circuit-1', 'circuit-2']);
  });

  it('says when it has no place left', () => {
    const panel = new Panel({ circuits: 4, memory: 2 ** 20 });
    expect(fill(panel).error).toMatchObject({ code: 'ERR_PANEL_FULL', what: 'circuits', capacity: 4 });
  });

  it('says when it has no memory left', () => {
    const panel = new Panel({ circuits: 1_000, memory: 2 ** 16 });
    expect(fill(panel, { window: { calls: 100 } }).error).toMatchObject({
      code: 'ERR_PANEL_FULL',
      what: 'memory',
      capacity: 2 ** 16,
    });
  });

  it('says how to make a larger one', () => {
    const { error } = fill(new Panel({ circuits: 4, memory: 2 ** 20 }));
    expect((error as Error).message).toMatch(/made for 4 circuits.*new Panel\(\{ circuits: 8 \}\)/);
  });

  it('leaves its circuits working when it is full', () => {
    const panel = new Panel({ circuits: 4, memory: 2 ** 20 });
    fill(panel);
    const breaker = new CircuitBreaker({ key: 'circuit-0' }, { panel });
    fail(breaker, 5);
    expect(breaker.state).toBe('open');
  });

  it('loses no room by being full: it has all of it again when its circuits are removed', () => {
    const panel = new Panel({ circuits: 64, memory: 2 ** 20 });
    const registry = new CircuitRegistry(panel);
    for (let i = 0; i < 5; i++) {
      fill(panel);
      for (const key of panel.keys()) registry.remove(key);
    }
    expect(fill(panel).made).toBeGreaterThanOrEqual(64);
  });

  it.each<[string, PanelOptions, string]>([
    ['no circuits', { circuits: 0 }, 'circuits'],
    ['half a circuit', { circuits: 1.5 }, 'circuits'],
    ['more circuits than it could hold', { circuits: 2 ** 21 }, 'circuits'],
    ['no memory', { memory: 0 }, 'memory'],
    ['NaN bytes', { memory: NaN }, 'memory'],
    ['a clock that is none', { clock: Date as never }, 'clock'],
    ['an unknown option', { circuit: 5 } as never, 'circuit'],
  ])('is not made with %s', (_, options, path) => {
    expect(() => new Panel(options)).toThrow(faults(path));
  });
});

describe('a panel over the buffer of another', () => {
  const pair = () => {
    const clock = new ManualClock(1_000);
    const one = new Panel({ circuits: 8, memory: 2 ** 16, clock });
    return { clock, one, other: new Panel({ buffer: one.buffer, clock }) };
  };

  it('has its circuits', () => {
    const { one, other } = pair();
    new CircuitBreaker({ key: 'geo' }, { panel: one });
    expect(other.keys()).toEqual(['geo']);
  });

  it('shares their state', () => {
    const { one, other } = pair();
    fail(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { panel: one }));
    expect(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { panel: other }).state).toBe('open');
  });

  it('shares their time', () => {
    const { clock, one, other } = pair();
    fail(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { panel: one }));
    clock.advance(60);
    expect(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { panel: other }).snapshot().retryAfter).toBe(40);
  });

  it('knows where they were declared', () => {
    const { one, other } = pair();
    new CircuitBreaker({ key: 'geo' }, { panel: one, declaredAt: 'src/geo.ts:1:2' });
    expect(() => new CircuitBreaker({ key: 'geo', failureThreshold: 9 }, { panel: other })).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_CONFLICT', there: 'src/geo.ts:1:2' }),
    );
  });

  it.each<[string, unknown]>([
    ['no buffer', 'text'],
    ['null', null],
    ['a view of one', new Uint8Array(4_096)],
    ['an empty buffer', new SharedArrayBuffer(0)],
    ['a small buffer', new SharedArrayBuffer(8)],
    ['a buffer of zeros', new SharedArrayBuffer(2 ** 16)],
    ['a buffer of an odd size', new SharedArrayBuffer(4_001)],
    ['part of a panel', new Panel({ circuits: 4 }).buffer.slice(0, 8_192)],
  ])('is not made of %s', (_, buffer) => {
    expect(() => new Panel({ buffer: buffer as never })).toThrow(faults('buffer'));
  });

  it('has its size, and takes no other', () => {
    const { buffer } = new Panel({ circuits: 4 });
    expect(() => new Panel({ buffer, circuits: 9, memory: 2 ** 16 })).toThrow(faults('circuits', 'memory'));
  });

  it('is a panel although the buffer is not shared, in this thread alone', () => {
    const shared = new Panel({ circuits: 4 });
    const buffer = new ArrayBuffer(shared.buffer.byteLength);
    new Uint8Array(buffer).set(new Uint8Array(shared.buffer));
    const breaker = new CircuitBreaker(LASTING, { panel: new Panel({ buffer }) });
    fail(breaker);
    expect(breaker.state).toBe('open');
  });
});

describe('separate panels', () => {
  it('keep circuits of one name apart', () => {
    const [one, other] = [new Panel({ circuits: 4 }), new Panel({ circuits: 4 })];
    fail(new CircuitBreaker({ ...LASTING, key: 'geo' }, { panel: one }));
    expect(new CircuitBreaker({ ...LASTING, key: 'geo' }, { panel: other }).state).toBe('closed');
  });

  it('keep policies of one name apart', () => {
    new CircuitBreaker({ key: 'geo' }, { panel: new Panel({ circuits: 4 }) });
    const other = new Panel({ circuits: 4 });
    expect(() => new CircuitBreaker({ key: 'geo', failureThreshold: 9 }, { panel: other })).not.toThrow();
  });

  it('are made for each clock', () => {
    const [one, other] = [new ManualClock(), new ManualClock()];
    fail(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { clock: one }));
    expect(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { clock: other }).state).toBe('closed');
  });

  it('are one for one clock', () => {
    const clock = new ManualClock();
    fail(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { clock }));
    expect(new CircuitBreaker({ ...BRITTLE, key: 'geo' }, { clock }).state).toBe('open');
  });
});

describe('keys that come and go', () => {
  it('may be thousands in a panel for a few, if they are removed', () => {
    const registry = new CircuitRegistry(new Panel({ circuits: 4, memory: 2 ** 16 }));
    const policy = { ...BRITTLE, window: { calls: 100 } };
    const use = (key: string): boolean => {
      succeed(registry.get(key, policy, 'panel.spec.ts'), 3);
      return registry.remove(key);
    };
    const removed = Array.from({ length: 2_000 }, (_, i) => use(`tenant-${i}`));
    expect(removed.every(Boolean)).toBe(true);
  });

  it('start from nothing in a place that was used before', () => {
    const registry = new CircuitRegistry(new Panel({ circuits: 1, memory: 2 ** 16 }));
    const policy = { window: { calls: 100 } };
    const leftovers = Array.from({ length: 500 }, (_, i) => {
      const breaker = registry.get(`tenant-${i}`, policy, 'panel.spec.ts');
      const { failures, window } = breaker.snapshot();
      fail(breaker, 3);
      registry.remove(breaker.key);
      return failures + (window?.calls ?? NaN);
    });
    expect(new Set(leftovers)).toEqual(new Set([0]));
  });

  it('may change the size of their windows', () => {
    const registry = new CircuitRegistry(new Panel({ circuits: 8, memory: 2 ** 20 }));
    const use = (calls: number): number | undefined => {
      const breaker = registry.get('geo', { window: { calls, failureRate: 1 } });
      succeed(breaker, calls + 5);
      const counted = breaker.snapshot().window?.calls;
      registry.remove('geo');
      return counted;
    };
    const sizes = [10, 500, 10, 2_000, 60, 500, 10];
    expect(sizes.map(use)).toEqual(sizes);
  });
});

describe('a name', () => {
  const names = [
    'ö',
    '地理編碼',
    '👩‍👩‍👧‍👦',
    'a\nb',
    'a\0b',
    ' ',
    '__proto__',
    'constructor',
    'é', // composed
    'e\u0301', // decomposed: another name
    'x'.repeat(500),
    '€'.repeat(166),
  ];

  it('may be any text of up to 500 bytes, and comes back as it was', () => {
    const panel = new Panel({ circuits: 32 });
    for (const key of names) new CircuitBreaker({ key }, { panel });
    expect([...panel.keys()].sort()).toEqual([...names].sort());
  });

  it.each(names)('finds its circuit again: %j', (key) => {
    const panel = new Panel({ circuits: 32 });
    for (const other of names)
      if (other !== key) fail(new CircuitBreaker({ ...LASTING, key: other }, { panel }));
    expect(new CircuitBreaker({ ...LASTING, key }, { panel }).state).toBe('closed');
  });

  it('is its own though it differs from another in its last character alone', () => {
    const panel = new Panel({ circuits: 8 });
    const [one, other] = ['a', 'b'].map((end) => 'x'.repeat(499) + end);
    fail(new CircuitBreaker({ ...LASTING, key: one }, { panel }));
    expect(new CircuitBreaker({ ...LASTING, key: other }, { panel }).state).toBe('closed');
  });

  it('is its own though it is not well-formed, or is refused', () => {
    const panel = new Panel({ circuits: 8 });
    const states = ['\uD800', '\uDBFF'].map((key) => {
      try {
        const breaker = new CircuitBreaker({ ...LASTING, key }, { panel });
        const { state } = breaker;
        fail(breaker);
        return state;
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
    });
    expect(['closed', 'ERR_POLICY']).toContain(states[1]);
  });
});
