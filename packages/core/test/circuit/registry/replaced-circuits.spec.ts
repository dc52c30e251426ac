import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { circuits, Panel, withCircuitBreaker } from '@switchgear/core';
import { ManualClock, replaceCircuits } from '@switchgear/core/testing';
import { broken, fail, ok } from '../../support/calls.js';
import { heard } from '../../support/listening.js';
import { BRITTLE } from '../../support/openings.js';

const refusal = expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' });

let clock: ManualClock;
let restores: (() => void)[];

const panelOfTheTest = () => new Panel({ circuits: 64, clock });

function replace(panel: Panel = panelOfTheTest()): () => void {
  const restore = replaceCircuits(panel);
  restores.push(restore);
  return restore;
}

/** A key that no other spec uses, for what is declared in one is declared in the next. */
let keys = 0;
const freshKey = () => `replaced-circuits.spec ${++keys}`;

beforeEach(() => {
  clock = new ManualClock(1_000);
  restores = [];
});

afterEach(() => {
  for (const restore of restores.reverse()) restore();
});

describe('circuits that were replaced', () => {
  it('live in the panel of the test', () => {
    const panel = panelOfTheTest();
    replace(panel);
    const key = freshKey();
    circuits.get(key, BRITTLE);
    expect(panel.keys()).toContain(key);
  });

  it('go by the clock of that panel', () => {
    const key = freshKey();
    replace();
    const breaker = circuits.get(key, BRITTLE);
    fail(breaker);
    clock.advance(100);
    expect(breaker.explain().reason).toBe('probe-due');
  });

  it('are declared as they were before', () => {
    const key = freshKey();
    circuits.get(key, { failureThreshold: 7 });
    replace();
    expect(circuits.get(key).explain().threshold).toBe(7);
  });

  it('are closed where they were open', () => {
    const key = freshKey();
    fail(circuits.get(key, BRITTLE));
    replace();
    expect(circuits.get(key).state).toBe('closed');
  });

  it('keep their callbacks', () => {
    const key = freshKey();
    const opened: string[] = [];
    circuits.get(key, { ...BRITTLE, onOpen: () => opened.push('open') });
    replace();
    fail(circuits.get(key));
    expect(opened).toEqual(['open']);
  });

  it('conflict as they did, with the place where they were declared', () => {
    const key = freshKey();
    circuits.get(key, BRITTLE, 'the first place');
    replace();
    expect(() => circuits.get(key, {}, 'here')).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_CONFLICT', there: 'the first place' }),
    );
  });

  it('are heard of by those who subscribe then', () => {
    replace();
    const failures = heard(circuits, 'failure');
    const key = freshKey();
    fail(circuits.get(key, BRITTLE));
    expect(failures).toMatchObject([{ circuit: key }]);
  });

  it('are found there by a function that was guarded by key, and called, before', () => {
    const key = freshKey();
    const fn = withCircuitBreaker({ ...BRITTLE, key })(ok);
    fn();
    replace();
    circuits.get(key).force('open');
    expect(fn).toThrow(refusal);
  });

  it('are found there by a function that was refused before', () => {
    const key = freshKey();
    const fn = withCircuitBreaker({ ...BRITTLE, key })(ok);
    circuits.get(key).force('open');
    expect(fn).toThrow(refusal);
    replace();
    expect(fn()).toBe('ok');
  });

  it('are found there by a generator that was made before and is read then', () => {
    const key = freshKey();
    const stream = withCircuitBreaker({ ...BRITTLE, key })(function* () {
      yield 1;
    })();
    replace();
    circuits.get(key).force('open');
    expect(() => stream.next()).toThrow(refusal);
  });

  it('are made there by a function whose arguments name them', () => {
    const fn = withCircuitBreaker({ ...BRITTLE, key: (name: string) => name })((name: string) => name);
    const [before, then] = [freshKey(), freshKey()];
    fn(before);
    const panel = panelOfTheTest();
    replace(panel);
    fn(then);
    expect([panel.keys().includes(before), panel.keys().includes(then)]).toEqual([false, true]);
  });

  it('do not hear of a call that began before', async () => {
    const key = freshKey();
    let reject: (error: Error) => void = () => {};
    const fn = withCircuitBreaker({ ...BRITTLE, key })(
      async () => new Promise<void>((_, no) => (reject = no)),
    );
    const call = fn();
    replace();
    reject(new Error('down'));
    await call.catch(() => undefined);
    expect(circuits.get(key).state).toBe('closed');
  });

  it('may be replaced by a panel that has been there before', () => {
    const panel = panelOfTheTest();
    const key = freshKey();
    const restore = replace(panel);
    fail(circuits.get(key, BRITTLE));
    restore();
    replace(panel);
    expect(circuits.get(key).state).toBe('closed');
  });

  it('may be replaced by the panel they are in, and are closed then', () => {
    const panel = panelOfTheTest();
    const key = freshKey();
    replace(panel);
    fail(circuits.get(key, BRITTLE));
    replace(panel);
    expect(circuits.get(key).state).toBe('closed');
  });

  it('leave circuits without a key alone', () => {
    const fn = withCircuitBreaker(BRITTLE)(broken);
    expect(fn).toThrow('down');
    replace();
    expect(fn).toThrow(refusal);
  });
});

describe('circuits that were put back', () => {
  it('live where they lived before', () => {
    const panel = panelOfTheTest();
    replace(panel)();
    const key = freshKey();
    circuits.get(key, BRITTLE);
    expect(panel.keys()).not.toContain(key);
  });

  it('are closed where they were open before the test', () => {
    const key = freshKey();
    fail(circuits.get(key, BRITTLE));
    replace()();
    expect(circuits.get(key).state).toBe('closed');
  });

  it('do not know what became of them in the test', () => {
    const key = freshKey();
    circuits.get(key, BRITTLE);
    const restore = replace();
    circuits.get(key).force('open');
    restore();
    expect(circuits.get(key).state).toBe('closed');
  });

  it('are found there by a function that was called in the test', () => {
    const key = freshKey();
    const fn = withCircuitBreaker({ ...BRITTLE, key })(ok);
    const restore = replace();
    circuits.get(key).force('open');
    expect(fn).toThrow(refusal);
    restore();
    expect(fn()).toBe('ok');
  });

  it('are put back once, however often that is asked for', () => {
    const restore = replace();
    restore();
    const key = freshKey();
    circuits.get(key, BRITTLE).force('open');
    restore();
    expect(circuits.get(key).state).toBe('forced-open');
  });

  it('are put back one test within the other', () => {
    const panels = [panelOfTheTest(), panelOfTheTest()];
    const [outer, inner] = panels.map((panel) => replace(panel));
    inner();
    outer();
    const key = freshKey();
    circuits.get(key, BRITTLE);
    expect(panels.flatMap((panel) => panel.keys())).not.toContain(key);
  });

  it('are forgotten where arguments had named them', () => {
    const key = freshKey();
    withCircuitBreaker({ key: () => key })(ok)();
    replace()();
    expect(circuits.has(key)).toBe(false);
  });

  it('may have another policy then, where arguments name them', () => {
    const key = freshKey();
    withCircuitBreaker({ key: () => key })(ok)();
    replace()();
    expect(withCircuitBreaker({ ...BRITTLE, key: () => key })(ok)()).toBe('ok');
  });
});

describe('a panel that has no room for what is declared', () => {
  const tooSmall = () => new Panel({ circuits: 1, clock });
  const declared = () => [freshKey(), freshKey(), freshKey()].map((key) => circuits.get(key, BRITTLE));

  it('is told so', () => {
    declared();
    expect(() => replaceCircuits(tooSmall())).toThrow(expect.objectContaining({ code: 'ERR_PANEL_FULL' }));
  });

  it('leaves all circuits where they are, as they are', () => {
    const [{ key }] = declared();
    circuits.get(key).force('open');
    expect(() => replaceCircuits(tooSmall())).toThrow();
    expect(circuits.get(key).state).toBe('forced-open');
  });
});

describe.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a clock', new ManualClock()],
  ['options of a panel', { circuits: 100 }],
  ['a buffer', new SharedArrayBuffer(8)],
])('replaceCircuits of %s', (_, panel) => {
  it('is told what it takes', () => {
    expect(() => replaceCircuits(panel as Panel)).toThrow(/replaceCircuits: expected a Panel/);
  });

  it('leaves all circuits where they are', () => {
    const key = freshKey();
    circuits.get(key, BRITTLE).force('open');
    expect(() => replaceCircuits(panel as Panel)).toThrow();
    expect(circuits.get(key).state).toBe('forced-open');
  });
});
