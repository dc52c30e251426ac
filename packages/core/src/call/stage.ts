import type { AbortSignalLike } from './abort.js';
import type { Frame } from './execution.js';
import type { AnyFunction } from './guarded-function.js';

/** One call of a compiled function, or one attempt of it. What a stage changes for the stages further in is a call of its own. */
export class Call implements Frame {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly callee: object;
  readonly outer: Frame | undefined;
  readonly attempt: number;
  readonly signal: AbortSignalLike | undefined;
  /** Whether a sync refusal has to reject, because callers of the function expect a promise. */
  rejects: boolean;

  constructor(
    self: unknown,
    args: readonly unknown[],
    callee: object,
    outer: Frame | undefined,
    attempt: number,
    signal: AbortSignalLike | undefined,
  ) {
    this.self = self;
    this.args = args;
    this.callee = callee;
    this.outer = outer;
    this.attempt = attempt;
    this.signal = signal;
    this.rejects = false;
  }

  /** The same call for the stages further in, as another attempt or under another signal. */
  within(attempt: number, signal: AbortSignalLike | undefined): Call {
    return new Call(this.self, this.args, this.callee, this, attempt, signal);
  }
}

/**
 * What a stage does when the stages further in have ended: it settles its own part and hands the outcome to the stage around it.
 *
 * Where a stage keeps nothing for a single call, one exit serves all its calls, so that such a call makes no object for it.
 */
export abstract class Exit {
  /** The kinds of results that the stages from here outwards have noted; see {@link note}. */
  noted: number;
  /** Settles a value that needs no call, as a function that promises are given as it is; undefined where a value needs its call. */
  readonly onValue: ((value: unknown) => unknown) | undefined;

  constructor(needsCall: boolean, noted: number) {
    this.noted = noted;
    this.onValue = needsCall ? undefined : (value) => this.value(NO_CALL, value);
  }

  /** @returns what the compiled function returns, or a promise of it */
  abstract value(call: Call, value: unknown): unknown;

  /** @returns what the compiled function returns all the same, or a promise of it; throws the error that it throws */
  abstract error(call: Call, error: unknown): unknown;

  /** The function has returned an Observable, whose subscriptions are the calls. */
  observed(call: Call, observable: object): unknown {
    return this.value(call, observable);
  }

  /** The function has given a result of this kind, which a refusal has to know: see `result-kinds.ts`. */
  note(kind: number): void {
    this.noted |= kind;
  }
}

/** Begins a call at a stage. It returns what the exit returns. */
export type Step = (call: Call, exit: Exit) => unknown;

/** One policy of a compiled function. */
export interface Stage {
  readonly waits: boolean;
  /** Whether it may end a call before what is further in has ended, as a timeout does. */
  readonly races: boolean;
  /**
   * Puts the stage around what is further in.
   *
   * @param innermost the function that all stages guard
   * @param innerWaits whether a stage further in waits, so that what is further in gives promises
   */
  compile(inner: Step, innermost: AnyFunction, innerWaits: boolean): Step;
}

/** Stands for the call where an exit needs none. */
const NO_CALL = new Call(undefined, [], {}, undefined, 1, undefined);
