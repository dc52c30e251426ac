import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitState, type ForceMode, Panel } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { root } from '../support/markdown.js';

/** What can be done to a circuit, and what may happen to it. */
type Step = (breaker: CircuitBreaker, clock: ManualClock) => void;

const fail: Step = (breaker) =>
  void breaker.tryCall(() => {
    throw new Error('down');
  });
const succeed: Step = (breaker) => void breaker.tryCall(() => 'up');
const wait: Step = (_, clock) => clock.advance(1_000);
/** A probe whose permit expires, and the call that finds it. */
const hang: Step = (breaker, clock) => {
  if (breaker.explain().admits) breaker.acquire();
  clock.advance(100);
  breaker.tryCall(() => 'too late');
};
const force = (mode: ForceMode): Step => ((breaker) => breaker.force(mode)) satisfies Step;
const reset: Step = (breaker) => breaker.reset();

const waysTo: Record<CircuitState, readonly Step[]> = {
  closed: [],
  open: [fail],
  'half-open': [fail, wait, succeed],
  'forced-open': [force('open')],
  'forced-closed': [force('closed')],
  shadow: [force('shadow')],
};

const steps = [
  fail,
  succeed,
  wait,
  hang,
  force('open'),
  force('closed'),
  force('shadow'),
  force('auto'),
  reset,
];

/** Every transition that any two steps lead to, from any state. */
function transitions(): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const way of Object.values(waysTo)) {
    for (const step of steps) {
      for (const next of steps) {
        const clock = new ManualClock();
        const halfOpen = { permitTimeout: 100 };
        const policy = { failureThreshold: 1, resetTimeout: 1_000, halfOpen };
        const breaker = new CircuitBreaker(policy, { panel: new Panel({ circuits: 1, clock }) });
        breaker.subscribe((event) => {
          // Within a shadow, the states of the machine move as they do without.
          if (event.type === 'transition') seen.add(`${event.from} --> ${event.to}`);
        });
        for (const one of [...way, step, next]) one(breaker, clock);
      }
    }
  }
  return seen;
}

/** The arrows of the diagram. One from or to a group stands for all its members; one into `automatic` enters at its start. */
function arrows(): ReadonlySet<string> {
  const page = readFileSync(join(root, 'docs/circuit.md'), 'utf8');
  const diagram = /```mermaid\n(.*?)```/s.exec(page)?.[1] ?? '';
  const groups: Record<string, readonly string[]> = {
    automatic: ['closed', 'open', 'half-open'],
    by_hand: ['forced-open', 'forced-closed', 'shadow'],
  };
  const drawn = [...diagram.matchAll(/^ *(\w+) --> (\w+)/gm)].flatMap(([, from, to]) => {
    const sources = groups[from] ?? [from];
    const targets = to === 'automatic' ? ['closed'] : (groups[to] ?? [to]);
    return sources.flatMap((source) => targets.map((target) => [source, target]));
  });
  const states = drawn.map((pair) => pair.map((state) => state.replace('_', '-')));
  return new Set(states.filter(([from, to]) => from !== to).map(([from, to]) => `${from} --> ${to}`));
}

it('the state diagram has an arrow for every transition there is, and no other', () => {
  expect([...arrows()].sort()).toEqual([...transitions()].sort());
});
