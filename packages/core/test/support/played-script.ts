import { setMaxListeners } from 'node:events';
import {
  type AttemptMessage,
  type CallMessage,
  Bulkhead,
  type BulkheadPolicy,
  CircuitBreaker,
  type CircuitBreakerPolicy,
  execution,
  Panel,
  type Policy,
  type RetryMessage,
  RateLimit,
  type RateLimitPolicy,
  type RetryPolicy,
  withBulkhead,
  withCircuitBreaker,
  withDeadline,
  withRetry,
  withTimeout,
} from '@switchgear/core';
import { seededRandom } from '@switchgear/core/testing';
import { onChannels, onTracing } from './heard-channels.js';
import { OneByOneClock } from './one-by-one-clock.js';
import { policyOf } from '../../src/call/policy.js';
import type { AnyFunction } from '../../src/call/guarded-function.js';

/** How one call of the scripted function ends. */
interface ScriptedEnd {
  readonly kind: 'resolves' | 'rejects' | 'throws' | 'returns' | 'is thenable';
  /** Ms until a promise settles. */
  readonly after: number;
  readonly value: number;
}

/** What happens to the guarded function, and how many ms pass then. */
interface ScriptedStep {
  readonly kind: 'call' | 'call with a signal' | 'abort' | 'time out' | 'wait';
  readonly ms: number;
}

export interface Script {
  readonly ends: readonly ScriptedEnd[];
  readonly steps: readonly ScriptedStep[];
}

/** What could be seen at a moment. */
export interface Sight {
  /** The policy that published it, the function, or its caller. */
  readonly actor: string;
  readonly text: string;
}

/** The clock of one run, and all that could be seen in it. */
class World {
  readonly clock = new OneByOneClock();
  /** A small one: thousands of worlds are made. */
  readonly panel = new Panel({ clock: this.clock, circuits: 16, memory: 64 * 1024 });
  readonly log: Sight[] = [];
  policies = 0;

  note(actor: string, what: string, detail?: unknown): void {
    const shown =
      detail instanceof Error ? `${detail.name}: ${detail.message}` : JSON.stringify(detail ?? null);
    this.log.push({ actor, text: `${this.clock.now()} ms: ${actor} ${what} ${shown}` });
  }
}

/**
 * What each actor did, in its order; what it did at one moment by the alphabet. Two calls act at the same moment where a timeout has parted
 * what goes on from what was given up, and where one waits for the other. Which of the two comes first is a matter of microtasks.
 */
export function byActor(log: readonly Sight[]): Readonly<Record<string, readonly string[]>> {
  const moments: Record<string, string[][]> = {};
  for (const { actor, text } of log) {
    const own = (moments[actor] ??= []);
    const last = own.at(-1);
    if (last !== undefined && momentOf(last[0]) === momentOf(text)) last.push(text);
    else own.push([text]);
  }
  return Object.fromEntries(
    Object.entries(moments).map(([actor, all]) => [actor, all.flatMap((moment) => moment.sort())]),
  );
}

function momentOf(text: string): string {
  return text.slice(0, text.indexOf(' ms:'));
}

/** Makes a policy for one world: two runs of a script share nothing. */
export type MakePolicy = (world: World) => Policy;

export const loggedRetry =
  (policy: RetryPolicy): MakePolicy =>
  (world) => {
    const name = `retry ${world.policies++}`;
    return withRetry(
      {
        ...policy,
        onRetry: ({ attempt, delay }) => world.note(name, 'retries', { attempt, delay }),
        onGiveUp: ({ attempt, gaveUp }) => world.note(name, 'gives up', { attempt, gaveUp }),
      },
      { clock: world.clock, random: seededRandom(1) },
    );
  };

export const loggedCircuit =
  (key: string, policy: CircuitBreakerPolicy): MakePolicy =>
  (world) => {
    const breaker = new CircuitBreaker({ ...policy, key }, { panel: world.panel });
    breaker.subscribe((event) =>
      world.note(`circuit ${key}`, 'publishes', event.type === 'transition' ? event.to : event.type),
    );
    return withCircuitBreaker(breaker);
  };

export const timeout =
  (ms: number): MakePolicy =>
  ({ clock }) =>
    withTimeout(ms, { clock });

export const deadline =
  (ms: number): MakePolicy =>
  ({ clock }) =>
    withDeadline(ms, { clock, wallClock: () => clock.now() });

export const bulkhead =
  (policy: BulkheadPolicy): MakePolicy =>
  (world) => {
    const name = `bulkhead ${world.policies++}`;
    const made = new Bulkhead({ ...policy, key: name }, { panel: world.panel });
    made.subscribe((event) => world.note(name, 'publishes', event.type));
    return withBulkhead(made);
  };

export const rateLimit =
  (policy: RateLimitPolicy): MakePolicy =>
  (world) => {
    const name = `rate limit ${world.policies++}`;
    const made = new RateLimit({ ...policy, key: name }, { panel: world.panel });
    made.subscribe((event) => world.note(name, 'publishes', event.type));
    return policyOf('rate-limit', true, (fn) => made.wrap(fn) as AnyFunction);
  };

/** Added to each duration, another each time: no two calls do something at the same moment. */
const GRAIN_MS = 0.001;
const DRAIN_MS = 5_000;

/** Notes what the channels publish. @returns what ends it */
function listen(world: World): () => void {
  const calls = new Map<unknown, number>();
  const numberOf = (call: unknown): number => {
    if (!calls.has(call)) calls.set(call, calls.size);
    return calls.get(call) ?? NaN;
  };
  const leaves = [
    onTracing('switchgear:call', (event, message) =>
      world.note(`channel, call ${numberOf(message)}`, event, shown(message as CallMessage)),
    ),
    onTracing('switchgear:attempt', (event, message) => {
      const { call, ...own } = message as AttemptMessage;
      world.note(`channel, attempts of call ${numberOf(call)}`, event, shown(own));
    }),
    onChannels(['switchgear:retry'], (_, message) => {
      const { call, ...own } = message as RetryMessage;
      world.note(`channel, retries of call ${numberOf(call)}`, 'retries', shown(own));
    }),
    onChannels(['switchgear:state', 'switchgear:refusal'], (name, message) => {
      // Not when: a panel's epoch is that of the wall clock.
      const { key, cause, to, retryAfter } = message as Readonly<Record<string, unknown>>;
      world.note(`channel, ${String(key)}`, name, { cause: String(cause), to, retryAfter });
    }),
  ];
  return () => {
    for (const leave of leaves) leave();
  };
}

/** Errors as text: they have no enumerable fields. */
function shown(message: { readonly error?: unknown }): object {
  return 'error' in message ? { ...message, error: String(message.error) } : { ...message };
}

/**
 * Runs a script against a function that is guarded in one way or another, and returns all that could be seen.
 *
 * @param isHeard whether somebody subscribes to the channels
 */
export async function played(
  makers: readonly MakePolicy[],
  { ends, steps }: Script,
  guard: (policies: readonly Policy[], fn: AnyFunction) => AnyFunction,
  isHeard = false,
): Promise<readonly Sight[]> {
  const world = new World();
  const leave = isHeard ? listen(world) : undefined;
  const controllers: AbortController[] = [];
  let made = 0;
  let calls = 0;
  const scripted = function (this: unknown, id: number, options?: object): unknown {
    const end = ends[made % ends.length];
    const after = end.after + ++made * GRAIN_MS;
    const { attempt, signal, key, deadline: until } = execution();
    world.note('function', 'runs', { id, self: this, attempt, key, until, options: options !== undefined });
    setMaxListeners(0, signal);
    signal.addEventListener('abort', () => world.note('function', 'hears its signal', { id, attempt }));
    if (end.kind === 'throws') throw new Error(`thrown ${end.value}`);
    if (end.kind === 'returns') return end.value;
    const settled = world.clock.sleep(after).then(() => {
      world.note('function', end.kind, { id, attempt });
      if (end.kind === 'rejects') throw new Error(`rejected ${end.value}`);
      return end.value;
    });
    return end.kind === 'is thenable' ? { then: settled.then.bind(settled) } : settled;
  };
  const guarded = guard(
    makers.map((make) => make(world)),
    scripted,
  ) as (this: unknown, ...args: unknown[]) => unknown;
  for (const { kind, ms } of steps) {
    if (kind === 'call' || kind === 'call with a signal') {
      const controller = new AbortController();
      controllers.push(controller);
      const id = calls++;
      observe(world, id, () =>
        Reflect.apply(guarded, 'self', kind === 'call' ? [id] : [id, { signal: controller.signal }]),
      );
    }
    if (kind === 'abort') controllers.at(-1)?.abort(new Error('the user left'));
    if (kind === 'time out') controllers.at(-1)?.abort(new DOMException('too late', 'TimeoutError'));
    await pass(world, ms + calls * GRAIN_MS);
  }
  await pass(world, DRAIN_MS);
  leave?.();
  return world.log;
}

/** Notes what a call returns, throws, or becomes. */
function observe(world: World, id: number, call: () => unknown): void {
  try {
    const result = call();
    if (!(result instanceof Promise)) {
      world.note(`call ${id}`, 'returned', result);
      return;
    }
    result.then(
      (value: unknown) => world.note(`call ${id}`, 'resolved', value),
      (error: unknown) => world.note(`call ${id}`, 'rejected', error),
    );
  } catch (error) {
    world.note(`call ${id}`, 'threw', error);
  }
}

/** Lets time pass, from one sleeper to the next. */
async function pass(world: World, ms: number): Promise<void> {
  const until = world.clock.now() + ms;
  do await turns();
  while (world.clock.goOn(until));
  await turns();
}

/** Lets everything run that waits for nothing but its turn. */
async function turns(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
}
