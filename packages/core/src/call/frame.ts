import type { AbortSignalLike } from './abort.js';
import type { CallMessage } from './channels.js';
import type { Execution } from './execution.js';

/** An execution that was asked for. */
export interface MadeExecution {
  readonly execution: Execution;
  /** Takes the listeners off the signals that its own was made of. */
  readonly end: () => void;
}

/**
 * What one policy around a function says of a call. The frames of a stack are linked from the inside out; the innermost one
 * is current while the function runs.
 */
export interface Frame {
  /** The number of the attempt of the innermost retry of the stack; 1 where there is none. */
  readonly attempt: number;
  /** The name of the innermost circuit of the stack. */
  readonly circuit: string | undefined;
  /** The name of the innermost policy of the stack that has one and is no circuit. */
  readonly policyKey: string | undefined;
  /** Aborts when the policy ends the call. Policies may make it when it is read. */
  readonly signal: AbortSignalLike | undefined;
  /** Whether an abort of `signal` is the will of the caller, and not of the policy. */
  readonly isCallersSignal: boolean;
  /** Whether the frame, or one further out in the stack, has a signal of the caller. */
  readonly hasCallersSignal: boolean;
  /** Whether `running.args` are the arguments of this call. A call on the fast path of a circuit has none that matter. */
  readonly readsArgs: boolean;
  /**
   * The function that the policy calls. A policy that finds itself to be that function belongs to the same stack. Undefined for
   * a call of `breaker.call`: any guarded call inside belongs to it.
   */
  readonly callee: object | undefined;
  /** The frame of the policy further out in the same stack. */
  readonly outer: Frame | undefined;
  /** Of a call whose execution was asked for. */
  readonly made?: MadeExecution | undefined;
  /** Of a call that is published on a channel. */
  readonly message?: CallMessage | undefined;
}

export interface StackFrameFields {
  readonly callee: object | undefined;
  /** Given by a retry; others have the attempt of the retry around them. */
  readonly attempt?: number | undefined;
  readonly circuit?: string | undefined;
  readonly policyKey?: string | undefined;
  /** A signal of the caller. */
  readonly signal?: AbortSignalLike | undefined;
  readonly readsArgs: boolean;
}

/** A frame that is made once for a guarded function and serves all its calls, so that a call makes none. */
export class StackFrame implements Frame {
  readonly attempt: number;
  readonly circuit: string | undefined;
  readonly policyKey: string | undefined;
  readonly signal: AbortSignalLike | undefined;
  readonly isCallersSignal: boolean;
  readonly hasCallersSignal: boolean;
  readonly readsArgs: boolean;
  readonly callee: object | undefined;
  readonly outer: Frame | undefined;
  readonly #fields: StackFrameFields;
  #linked: StackFrame | undefined;

  constructor(fields: StackFrameFields, outer?: Frame) {
    this.attempt = fields.attempt ?? outer?.attempt ?? 1;
    this.circuit = fields.circuit ?? outer?.circuit;
    this.policyKey = fields.policyKey ?? outer?.policyKey;
    this.signal = fields.signal;
    this.isCallersSignal = fields.signal !== undefined;
    this.hasCallersSignal = this.isCallersSignal || outer?.hasCallersSignal === true;
    this.readsArgs = fields.readsArgs || outer?.readsArgs === true;
    this.callee = fields.callee;
    this.outer = outer;
    this.#fields = fields;
  }

  /** The same frame inside another one of the same stack. */
  under(outer: Frame | undefined): StackFrame {
    if (outer === undefined) return this;
    if (this.#linked?.outer === outer) return this.#linked;
    const linked = new StackFrame(this.#fields, outer);
    // A frame of one call alone would be kept alive, with all that the call holds.
    if (outer instanceof StackFrame) this.#linked = linked;
    return linked;
  }

  /** The same frame in another attempt. */
  inAttempt(attempt: number): StackFrame {
    return new StackFrame({ ...this.#fields, attempt }, this.outer);
  }
}

/** The frame of one call, made from the one that serves all calls. */
export class CallFrame implements Frame {
  protected readonly frame: Frame;

  constructor(frame: Frame) {
    this.frame = frame;
  }

  get attempt(): number {
    return this.frame.attempt;
  }
  get circuit(): string | undefined {
    return this.frame.circuit;
  }
  get policyKey(): string | undefined {
    return this.frame.policyKey;
  }
  get signal(): AbortSignalLike | undefined {
    return this.frame.signal;
  }
  get isCallersSignal(): boolean {
    return this.frame.isCallersSignal;
  }
  get hasCallersSignal(): boolean {
    return this.frame.hasCallersSignal;
  }
  get readsArgs(): boolean {
    return this.frame.readsArgs;
  }
  get callee(): object | undefined {
    return this.frame.callee;
  }
  get outer(): Frame | undefined {
    return this.frame.outer;
  }
}

/** Stands around all policies of a call that is published on a channel. */
export class TracedFrame extends CallFrame {
  readonly message: CallMessage;
  readonly #entered: object;

  /** @param entered the guarded function, which finds by this that its call is published */
  constructor(frame: Frame, entered: object, message: CallMessage) {
    super(frame);
    this.#entered = entered;
    this.message = message;
  }

  override get callee(): object {
    return this.#entered;
  }
}

/** What is published of the call that a frame belongs to; undefined where the call is not published. */
export function messageOfCall(frame: Frame): CallMessage | undefined {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer)
    if (at.message !== undefined) return at.message;
  return undefined;
}

/** The frame of a call whose execution was asked for. It takes the place of the frame that the policy has set. */
export class AskedFrame extends CallFrame {
  readonly made: MadeExecution;

  constructor(frame: Frame, made: MadeExecution) {
    super(frame);
    this.made = made;
  }
}
