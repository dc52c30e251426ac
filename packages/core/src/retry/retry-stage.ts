import { isAborted, reasonOf } from '../call/abort.js';
import { rememberRetryAbort } from '../call/retry-aborts.js';
import { type Call, Exit, type Stage, type Step } from '../call/stage.js';
import type { RetrySettings } from './policy.js';
import { type EndedAttempt, failedBy, isRetried, retryLoop, succeededBy, type Surroundings } from './retry-loop.js';

/** A retry as a stage of a compiled function. */
export function retryStage(settings: RetrySettings, surroundings: Surroundings): Stage {
  const { signal, countsFirstAttempt } = settings;
  return {
    waits: true,
    races: false,
    compile(inner): Step {
      let untimed: RetryExit | undefined;
      return (call, exit) => {
        if (signal !== undefined && isAborted(signal)) {
          const reason = reasonOf(signal);
          rememberRetryAbort(reason);
          return exit.error(call, reason);
        }
        if (!countsFirstAttempt && signal === undefined && call.attempt === 1) {
          if (untimed?.exit !== exit)
            untimed = new RetryExit(settings, surroundings, inner, exit, undefined, undefined);
          return inner(call, untimed);
        }
        const start = countsFirstAttempt ? surroundings.clock.now() : undefined;
        const first = signal === undefined && call.attempt === 1 ? call : call.within(1, signal);
        return inner(first, new RetryExit(settings, surroundings, inner, exit, start, call));
      };
    },
  };
}

/** Ends the first attempt of a call, and makes further ones. */
class RetryExit extends Exit {
  readonly exit: Exit;
  readonly #settings: RetrySettings;
  readonly #surroundings: Surroundings;
  readonly #inner: Step;
  readonly #start: number | undefined;
  /** The call as the stages further out know it; undefined where it is the same as further in. */
  readonly #outer: Call | undefined;

  constructor(
    settings: RetrySettings,
    surroundings: Surroundings,
    inner: Step,
    exit: Exit,
    start: number | undefined,
    outer: Call | undefined,
  ) {
    super(exit.onValue === undefined || settings.retryIf !== undefined || outer !== undefined, exit.noted);
    this.exit = exit;
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#inner = inner;
    this.#start = start;
    this.#outer = outer;
  }

  value(call: Call, value: unknown): unknown {
    if (this.#settings.retryIf !== undefined) {
      const ended = succeededBy(value);
      if (isRetried(this.#settings, ended.outcome, 1)) return this.#goOn(call, ended, true);
    }
    return this.exit.value(this.#outer ?? call, value);
  }

  error(call: Call, error: unknown): unknown {
    return this.#goOn(call, failedBy(error));
  }

  override note(kind: number): void {
    super.note(kind);
    this.exit.note(kind);
  }

  #goOn(call: Call, ended: EndedAttempt, isWanted?: true): Promise<unknown> {
    const { exit } = this;
    const outer = this.#outer ?? call;
    const attempt = (number: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const next = outer.within(number, this.#settings.signal);
        this.#inner(next, new AttemptExit(resolve, reject));
      });
    const retried = {
      settings: this.#settings,
      surroundings: this.#surroundings,
      start: this.#start,
      args: call.args,
      frame: call,
      attempt,
    };
    return retryLoop(retried, ended, isWanted).then(
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
