import { isAborted, reasonOf } from '../call/abort.js';
import type { CallDeadline } from '../call/call-deadline.js';
import { type Frame, StackFrame } from '../call/frame.js';
import { rememberRetryAbort } from '../call/retry-aborts.js';
import { deadlineOfCall } from '../call/running.js';
import { type Call, Exit, InnerExit, type Stage, type Step } from '../call/stage.js';
import type { RetrySettings } from './policy.js';
import {
  type EndedAttempt,
  failedBy,
  isRetried,
  retryLoop,
  succeededBy,
  type Surroundings,
} from './retry-loop.js';

/** A retry as a stage of a compiled function. */
export function retryStage(settings: RetrySettings, surroundings: Surroundings): Stage {
  const { signal, countsFirstAttempt } = settings;
  return {
    waits: true,
    races: false,
    compile(inner): Step {
      let shared: RetryExit | undefined;
      return (call, exit) => {
        if (signal !== undefined && isAborted(signal)) {
          const reason = reasonOf(signal);
          rememberRetryAbort(reason);
          return exit.error(call, reason);
        }
        const deadline = deadlineOfCall(call.given);
        if (deadline !== undefined && deadline.remaining() <= 0) return exit.error(call, deadline.error());
        const isFirst = signal === undefined && call.frame.attempt === 1;
        if (isFirst && !countsFirstAttempt && deadline === undefined) {
          if (shared?.exit !== exit) shared = new RetryExit({ settings, surroundings, inner }, exit);
          return inner(call, shared);
        }
        const start = countsFirstAttempt ? surroundings.clock.now() : undefined;
        const first = isFirst ? call : call.under(frameOf(call.frame, 1, settings));
        const one = { outer: call, start, deadline };
        return inner(first, new RetryExit({ settings, surroundings, inner }, exit, one));
      };
    },
  };
}

/** What an attempt runs under. */
function frameOf(outer: Frame, attempt: number, { signal }: RetrySettings): Frame {
  return new StackFrame({ callee: outer.callee, attempt, signal, readsArgs: true }, outer);
}

interface RetriedStage {
  readonly settings: RetrySettings;
  readonly surroundings: Surroundings;
  readonly inner: Step;
}

/** What the exit of one call knows. */
interface OneCall {
  /** The call as the stages further out know it. */
  readonly outer: Call;
  readonly start: number | undefined;
  readonly deadline: CallDeadline | undefined;
}

/** Ends the first attempt of a call, and makes further ones. */
class RetryExit extends InnerExit {
  readonly #stage: RetriedStage;
  /** Undefined where the exit serves all calls. */
  readonly #one: OneCall | undefined;

  constructor(stage: RetriedStage, exit: Exit, one?: OneCall) {
    super(exit, exit.onValue === undefined || stage.settings.retryIf !== undefined || one !== undefined);
    this.#stage = stage;
    this.#one = one;
  }

  value(call: Call, value: unknown): unknown {
    const { settings } = this.#stage;
    if (settings.retryIf !== undefined) {
      const ended = succeededBy(value);
      if (isRetried(settings, ended.outcome, 1)) return this.#goOn(call, ended, true);
    }
    return this.exit.value(this.#one?.outer ?? call, value);
  }

  error(call: Call, error: unknown): unknown {
    return this.#goOn(call, failedBy(error));
  }

  #goOn(call: Call, ended: EndedAttempt, isWanted?: true): Promise<unknown> {
    const { exit } = this;
    const { settings, surroundings, inner } = this.#stage;
    const { outer, start, deadline } = this.#one ?? { outer: call, start: undefined, deadline: undefined };
    const attempt = (number: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        inner(outer.under(frameOf(outer.frame, number, settings)), new AttemptExit(resolve, reject));
      });
    const { args, frame } = call;
    return retryLoop({ settings, surroundings, start, args, frame, deadline, attempt }, ended, isWanted).then(
      (value) => exit.value(outer, value),
      (error: unknown) => exit.error(outer, error),
    );
  }
}

/** Ends a further attempt. */
class AttemptExit extends Exit {
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: Error) => void;

  constructor(resolve: (value: unknown) => void, reject: (error: Error) => void) {
    super(true, 0);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  value(_: Call, value: unknown): void {
    this.#resolve(value);
  }

  error(_: Call, error: unknown): void {
    this.#reject(error as Error);
  }

  override note(): void {
    // The first attempt has noted what the function gives.
  }
}
