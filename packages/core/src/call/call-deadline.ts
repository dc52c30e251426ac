import { fieldOf, isObject } from '../errors/object-shape.js';
import { threadSingleton } from '../process/thread-singleton.js';
import type { AbortSignalLike } from './abort.js';

/** Until when a call has to end. */
export interface CallDeadline {
  /** In epoch ms, for other processes; no decision depends on it. */
  readonly epoch: number;
  /** How much time is left, in ms; 0 or less when it is over. */
  remaining(): number;
  /** Aborts when the time is over. Made when it is read. */
  readonly signal: AbortSignalLike;
  /** The error that a call without time left rejects with. */
  error(): Error;
}

/** The deadlines of executions, by which a call that is handed one inherits its deadline. */
const deadlines = threadSingleton('execution-deadlines', () => new WeakMap<object, CallDeadline>());

export function rememberDeadline(execution: object, deadline: CallDeadline): void {
  deadlines.set(execution, deadline);
}

/** The deadline that ends first: the given one, or that of an execution among the arguments, or in their `execution`. */
export function earliestDeadline(
  deadline: CallDeadline | undefined,
  args: readonly unknown[],
): CallDeadline | undefined {
  let earliest = deadline;
  for (const arg of args) {
    const own = isObject(arg) ? (deadlines.get(arg) ?? deadlineIn(arg)) : undefined;
    if (own !== undefined && own !== earliest) earliest = sooner(own, earliest);
  }
  return earliest;
}

function deadlineIn(arg: object): CallDeadline | undefined {
  const execution = fieldOf(arg, 'execution');
  return isObject(execution) ? deadlines.get(execution) : undefined;
}

function sooner(one: CallDeadline, other: CallDeadline | undefined): CallDeadline {
  return other === undefined || one.remaining() < other.remaining() ? one : other;
}
