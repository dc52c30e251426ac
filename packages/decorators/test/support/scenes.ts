import { circuits, Panel, type RetryPolicy, withBulkhead } from '@switchgear/core';
import { Bulkhead } from '@switchgear/core/bulkhead';
import { ManualClock, replaceCircuits } from '@switchgear/core/testing';
import { outcomeOf } from './outcome-of.js';

const DEADLINE = '260ms';
const BULKHEAD = { key: 'scene', maxConcurrent: 1, maxQueue: 1 } as const;
const CIRCUIT = { key: 'scene', failureThreshold: 4, successThreshold: 1, resetTimeout: 500 } as const;

/** The dependency of a stack of policies, which does what the scene says, and what is heard of its calls. */
export class Scene {
  readonly clock: ManualClock = new ManualClock(1_000);
  readonly panel: Panel = new Panel({ clock: this.clock, circuits: 64 });
  readonly log: string[] = [];
  /** What the next calls do; later ones answer. */
  next: ('answer' | 'fail' | 'hang')[] = [];

  readonly deadline: typeof DEADLINE = DEADLINE;
  readonly retry: RetryPolicy = {
    delays: [50, 50],
    onRetry: ({ attempt, outcome }) => this.say(`attempt ${attempt} ${outcome.status}`),
    onGiveUp: ({ attempt, gaveUp }) => this.say(`gave up at ${attempt}: ${gaveUp}`),
  };
  readonly bulkhead: typeof BULKHEAD = BULKHEAD;
  readonly circuit: typeof CIRCUIT = CIRCUIT;
  readonly timeout = 100;

  say(what: string): void {
    this.log.push(`${this.clock.now()} ${what}`);
  }

  async get(what: string): Promise<string> {
    const does = this.next.shift() ?? 'answer';
    this.say(`${what} ${does}`);
    if (does === 'hang') return new Promise<never>(() => undefined);
    if (does === 'fail') throw new Error(`no ${what}`);
    return what;
  }
}

type Load = (what: string) => Promise<string>;

/**
 * What is seen of a stack of policies while its dependency answers, fails, hangs, is called by several, is down and comes back: each
 * call of the dependency, each event and each outcome, in order and with the time.
 *
 * @param make makes the guarded function, on the clock and with the policies of the scene
 */
export async function historyOf(make: (scene: Scene) => Load): Promise<readonly string[]> {
  const scene = new Scene();
  const restore = replaceCircuits(scene.panel);
  const load = make(scene);
  // Declared by `make`, or here, by the same policies.
  withBulkhead(scene.bulkhead);
  const bulkhead = new Bulkhead(scene.bulkhead, { panel: scene.panel });
  const stops = [
    bulkhead.subscribe((event) => scene.say(`bulkhead ${event.type}`)),
    circuits.subscribe((event) => scene.say(`circuit ${event.type}`)),
  ];
  const call = async (what: string): Promise<void> => {
    scene.say(`${what}: ${String(await outcomeOf(() => load(what)))}`);
  };
  try {
    for (const [calls, next] of SCRIPT) {
      scene.next = [...next];
      for (const what of calls) void call(what);
      // Longer than the deadline, and in sum longer than the circuit stays open.
      for (let i = 0; i < 30; i++) {
        await turns();
        scene.clock.advance(10);
      }
    }
    await turns();
  } finally {
    for (const stop of stops) stop();
    restore();
  }
  return scene.log;
}

const SCRIPT: readonly (readonly [readonly string[], Scene['next']])[] = [
  [['plain'], ['answer']],
  [['flaky'], ['fail', 'answer']],
  [['slow'], ['hang', 'answer']],
  [['too slow'], ['hang', 'hang', 'hang']],
  [['recovered'], ['answer']],
  [['first', 'queued', 'refused'], ['hang']],
  [['down'], ['fail', 'fail', 'fail']],
  [['opens it'], ['fail', 'fail']],
  [['is refused'], []],
  [['probe'], ['answer']],
  [
    ['late', 'waits too long'],
    ['hang', 'hang', 'hang', 'hang'],
  ],
];

async function turns(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate);
}
