import type { Memory } from '../panel/memory.js';
import { type Operation, SimulatedMemory } from './simulated-memory.js';

/** The code of a simulated thread: ordinary code over memory, without state outside of itself and the memory. */
export type Program<Result> = (memory: Memory) => Result;

/** How a thread of a finished run ended. */
export type Ending<Result> =
  | { readonly kind: 'returned'; readonly result: Result }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** Killed after `after` operations, before the next one. */
  | { readonly kind: 'died'; readonly after: number };

/** One way a run can end. */
export interface Run<Result> {
  readonly endings: readonly Ending<Result>[];
  /** The memory at the end of the run. Ordinary code can read and write it. */
  readonly memory: Memory;
  /** The index of the thread that did each operation, in order. */
  readonly schedule: readonly number[];
}

export interface ExploreOptions<Result> {
  /** Runs alone, before the threads, on empty memory. */
  readonly prepare?: (memory: Memory) => void;
  readonly threads: readonly Program<Result>[];
  /** The number of threads that may be killed, each before any of its operations. Default 0. */
  readonly deaths?: number;
  /** How many times a thread may be interrupted that could have gone on. Default no limit. */
  readonly preemptions?: number;
  /** Called for each different end. Throws if the end is wrong. */
  readonly check: (run: Run<Result>) => void;
  /** The number of states after which `explore` throws a RangeError. Default 2,000,000. */
  readonly maxStates?: number;
}

export interface Exploration {
  /** The number of different states. */
  readonly states: number;
  /** The number of different ends. */
  readonly ends: number;
}

/** A schedule after which a check failed. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  readonly schedule: readonly number[];

  constructor(schedule: readonly number[], cause: unknown) {
    super(
      `after the schedule ${schedule.join('')}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
    this.schedule = schedule;
  }
}

/** Thrown to stop a replayed thread after its last recorded answer. */
const PAUSED = Symbol('paused');

/**
 * Walks every schedule of threads over shared memory: every order in which their operations can interleave, and every
 * moment at which a thread may die.
 *
 * Between two operations, the code of a thread is a function of the answers to its operations so far. So the list of
 * answers is the state of a thread: for its next operation, the thread is run from its start with those answers. Two
 * schedules that lead to the same memory and the same answers have the same future, which is walked once.
 *
 * @throws ScheduleError with the schedule, for the first end at which `check` throws
 * @example
 * const increment = (memory: Memory) => memory.store(0, memory.load(0) + 1);
 * explore({
 *   threads: [increment, increment],
 *   check: ({ memory }) => expect(memory.load(0)).toBe(2), // fails: one may overwrite the other
 * });
 */
export function explore<Result>(options: ExploreOptions<Result>): Exploration {
  const {
    prepare,
    threads,
    deaths = 0,
    preemptions = Infinity,
    check,
    maxStates: mostStates = 2_000_000,
  } = options;
  const cells = new Map<number, number>();
  prepare?.(new SimulatedMemory((operation) => operation(cells)));
  const seen = new Set<string>();
  const pasts = new Pasts();
  let ends = 0;

  const visit = (state: State<Result>): void => {
    const key = keyOf(state, preemptions < Infinity);
    if (seen.has(key)) return;
    seen.add(key);
    if (seen.size > mostStates) throw new RangeError(`explore: more than ${mostStates} states`);
    const running = state.threads.flatMap((thread, index) => (thread.kind === 'running' ? [index] : []));
    if (running.length === 0) {
      ends++;
      finish(state, check);
      return;
    }
    for (const index of running) {
      const isPreemption = state.last !== index && running.includes(state.last);
      if (isPreemption && state.preemptions === 0) continue;
      visit(step(state, index, threads[index], isPreemption, pasts));
      if (state.deaths > 0) visit(kill(state, index));
    }
  };

  const start = threads.map((program) => resume(program, [], 0));
  visit({ cells, threads: start, deaths, preemptions, last: -1, schedule: [] });
  return { states: seen.size, ends };
}

type Thread<Result> =
  | (Past & { readonly kind: 'running'; readonly next: Operation })
  | (Past & { readonly kind: 'ended'; readonly ending: Ending<Result> });

interface Past {
  readonly answers: readonly unknown[];
  /** Equal for equal answers. */
  readonly past: number;
}

interface State<Result> {
  readonly cells: ReadonlyMap<number, number>;
  readonly threads: readonly Thread<Result>[];
  readonly deaths: number;
  readonly preemptions: number;
  readonly last: number;
  readonly schedule: readonly number[];
}

function step<Result>(
  state: State<Result>,
  index: number,
  program: Program<Result>,
  isPreemption: boolean,
  pasts: Pasts,
): State<Result> {
  const thread = state.threads[index];
  if (thread.kind !== 'running') return state;
  const cells = new Map(state.cells);
  const answer = thread.next(cells);
  const resumed = resume(program, [...thread.answers, answer], pasts.after(thread.past, answer));
  return {
    ...state,
    cells,
    threads: replaced(state.threads, index, resumed),
    preemptions: state.preemptions - (isPreemption ? 1 : 0),
    last: index,
    schedule: [...state.schedule, index],
  };
}

function kill<Result>(state: State<Result>, index: number): State<Result> {
  const { answers, past } = state.threads[index];
  const dead: Thread<Result> = {
    kind: 'ended',
    answers,
    past,
    ending: { kind: 'died', after: answers.length },
  };
  return { ...state, threads: replaced(state.threads, index, dead), deaths: state.deaths - 1 };
}

/** Runs a thread from its start, with the answers so far, to its next operation. */
function resume<Result>(program: Program<Result>, answers: readonly unknown[], past: number): Thread<Result> {
  let position = 0;
  let next: Operation | undefined;
  const memory = new SimulatedMemory((operation) => {
    if (position < answers.length) return answers[position++];
    next = operation;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- no error: it unwinds a thread that is resumed later
    throw PAUSED;
  });
  try {
    return { kind: 'ended', answers, past, ending: { kind: 'returned', result: program(memory) } };
  } catch (error) {
    if (error === PAUSED && next !== undefined) return { kind: 'running', answers, past, next };
    return { kind: 'ended', answers, past, ending: { kind: 'threw', error } };
  }
}

function finish<Result>(
  { cells, threads, schedule }: State<Result>,
  check: (run: Run<Result>) => void,
): void {
  const copy = new Map(cells);
  const endings = threads.flatMap((thread) => (thread.kind === 'ended' ? [thread.ending] : []));
  try {
    check({ endings, memory: new SimulatedMemory((operation) => operation(copy)), schedule });
  } catch (error) {
    throw new ScheduleError(schedule, error);
  }
}

function replaced<T>(list: readonly T[], index: number, item: T): readonly T[] {
  return list.map((it, i) => (i === index ? item : it));
}

/** Numbers the lists of answers: thousands of states that share a list store its number. */
class Pasts {
  readonly #numbers = new Map<string, number>();

  after(past: number, answer: unknown): number {
    const key = `${past} ${JSON.stringify(answer)}`;
    const number = this.#numbers.get(key) ?? this.#numbers.size + 1;
    this.#numbers.set(key, number);
    return number;
  }
}

function keyOf<Result>(state: State<Result>, isBounded: boolean): string {
  const { cells, threads, deaths, preemptions, last } = state;
  const memory = [...cells].sort(([one], [other]) => one - other).join(';');
  const lives = threads.map((thread) =>
    thread.kind === 'ended' ? `${thread.ending.kind}${thread.past}` : thread.past,
  );
  return [memory, ...lives, deaths, ...(isBounded ? [preemptions, last] : [])].join('|');
}
