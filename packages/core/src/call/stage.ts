import type { Frame } from './frame.js';

/** How a call ends that may end before its function has: by the first outcome. */
export interface Race {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** What the function has returned, if that is an Observable. */
  observable: object | undefined;
}

/** One call of a compiled function. A stage that changes something for the stages further in makes a call of its own. */
export class Call {
  readonly self: unknown;
  readonly args: readonly unknown[];
  /** What the signals of the caller are looked for in: the arguments, and those of a guarded call around this one. */
  readonly given: readonly unknown[];
  /** What the policies from here outwards say of the call. */
  readonly frame: Frame;
  /** Whether a refusal has to reject, because callers of the function expect a promise. */
  rejects: boolean;
  /** How the call ends, where it may end before its function has. */
  race: Race | undefined;

  constructor(self: unknown, args: readonly unknown[], given: readonly unknown[], frame: Frame) {
    this.self = self;
    this.args = args;
    this.given = given;
    this.frame = frame;
    this.rejects = false;
    this.race = undefined;
  }

  /** The same call as the stages further in know it. */
  under(frame: Frame): Call {
    return new Call(this.self, this.args, this.given, frame);
  }
}

/**
 * What a stage does when the stages further in have ended: it settles its own part and hands the outcome to the exit around it.
 *
 * An exit is given the call that its stage has handed inwards, and hands outwards the call that its stage was given. Where a stage keeps
 * nothing for a single call, one exit serves all its calls, so that such a call makes no object for it.
 */
export abstract class Exit {
  /** The kinds of results that the exits from here outwards have noted; see {@link note}. */
  noted: number;
  /** Settles a value that needs no call, as a function that promises are given as it is; undefined where a value needs its call. */
  readonly onValue: ((value: unknown) => unknown) | undefined;

  /** @param needsCall whether a value needs its call */
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

  /** The function has given a result of this kind: `GAVE_PROMISES` or `GAVE_PLAIN`. */
  note(kind: number): void {
    this.noted |= kind;
  }
}

/** The exit of a stage, inside of another exit. */
export abstract class InnerExit extends Exit {
  /** The exit around it. */
  readonly exit: Exit;

  /** @param noted the kinds that this exit and those around it have noted. Default those of the exit around it */
  constructor(exit: Exit, needsCall: boolean, noted: number = exit.noted) {
    super(needsCall, noted);
    this.exit = exit;
  }

  override note(kind: number): void {
    super.note(kind);
    this.exit.note(kind);
  }
}

/** Hands the call outwards that a stage was given, where the stage has handed another one inwards. */
export class OuterExit extends InnerExit {
  readonly #call: Call;

  constructor(call: Call, exit: Exit) {
    super(exit, true);
    this.#call = call;
  }

  value(_: Call, value: unknown): unknown {
    return this.exit.value(this.#call, value);
  }

  error({ rejects }: Call, error: unknown): unknown {
    this.#call.rejects ||= rejects;
    return this.exit.error(this.#call, error);
  }

  override observed(_: Call, observable: object): unknown {
    return this.exit.observed(this.#call, observable);
  }
}

/** Begins a call at a stage. It returns what the exit returns. */
export type Step = (call: Call, exit: Exit) => unknown;

/** The names that a policy gives the execution of a call. */
interface StageNames {
  readonly circuit?: string | undefined;
  readonly policyKey?: string | undefined;
}

/** One policy of a compiled function. */
export interface Stage {
  /** Whether it may have to wait, so that calls give promises. */
  readonly waits: boolean;
  /** Whether it may end a call before what is further in has ended, as a timeout does. */
  readonly races: boolean;
  /** Undefined where the policy has no name, or learns it at the call. */
  readonly names?: StageNames;
  /** Puts the stage around what is further in. */
  compile(inner: Step): Step;
}

/** Stands for the call where an exit needs none. */
const NO_CALL = new Call(undefined, [], [], {
  attempt: 1,
  circuit: undefined,
  policyKey: undefined,
  signal: undefined,
  isCallersSignal: false,
  hasCallersSignal: false,
  readsArgs: false,
  callee: undefined,
  outer: undefined,
});
