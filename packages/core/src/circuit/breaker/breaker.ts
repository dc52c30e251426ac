import { isSignalCarrier } from '../../call/abort.js';
import {
  adopt,
  isAsynchronous,
  isGenerator,
  isThenable,
  rememberPromise,
  rememberStream,
} from '../../call/function-kind.js';
import type { AnyFunction, Guarded, GuardedFunction, GuardedOutcome } from '../../call/guarded-function.js';
import type { Outcome, Refused } from '../../call/outcome.js';
import { rejectSoon } from '../../call/reject-soon.js';
import { resemble } from '../../call/resemblance.js';
import { showValue } from '../../errors/show-value.js';
import type { CircuitBreakerError } from '../errors.js';
import type { CircuitListener } from '../events/circuit-event.js';
import type { Gate } from '../local/local-circuit.js';
import { beginProbe, endProbe, insideProbe } from '../local/probe-context.js';
import {
  type CircuitExplanation,
  type CircuitSnapshot,
  explanationOf,
  snapshotOf,
  wordOf,
} from '../local/snapshot.js';
import type { ForceMode } from '../machine/operator.js';
import type { Admitted } from '../machine/transition.js';
import { type CircuitState, machinePhase, Phase, phaseOf, stateOf } from '../memory/word.js';
import { moves } from '../panel/panel-epoch.js';
import type { CircuitBreakerPolicy } from '../policy/policy.js';
import { type CircuitBreakerOptions, gateOf } from './circuit-of-policy.js';
import { bind, type Bound, NO_CALLS, returned, startTime, threw } from './fast-path.js';
import { freeWhenCollected } from './free-when-collected.js';
import { guardStream } from './guarded-stream.js';
import { Lease, type Permit } from './permit.js';

/**
 * Stops calling what keeps failing, and finds out when it works again.
 *
 * Two breakers with one key are one circuit, in every thread of the process. While it is closed a call costs a read of
 * memory; refusing one costs no error stack but for the first.
 *
 * @throws PolicyError for a policy that makes no sense, with everything that is wrong with it
 * @throws KeyConflictError if the key stands for another policy already
 * @throws PanelFullError if there is no room for another circuit
 * @example
 * const breaker = new CircuitBreaker({ key: 'geo-api', failureThreshold: 3, resetTimeout: '30s' });
 * const response = await breaker.call(fetch, 'https://geo.example/lookup');
 */
export class CircuitBreaker {
  readonly #gate: Gate;
  #bound: Bound = NO_CALLS;

  constructor(policy?: CircuitBreakerPolicy, options: CircuitBreakerOptions = {}) {
    this.#gate = gateOf(policy, options, new.target);
    // Nobody else can find a circuit without a key: it ends with its breaker.
    if (typeof this.#gate.topic !== 'string') freeWhenCollected(this, this.#gate);
  }

  /** The circuit's name; for one without, a name for messages that nothing can be found by. */
  get key(): string {
    return this.#gate.key;
  }

  get state(): CircuitState {
    return stateOf(phaseOf(wordOf(this.#gate.found()).low));
  }

  /**
   * Calls a function, unless the circuit refuses. What the function returns or throws is passed on as it is; a sync
   * function stays sync.
   *
   * @throws CircuitBreakerError if the circuit refuses: as a rejection where the function is async, has returned a promise
   * before, or the policy says `async: true`, else thrown
   * @example
   * const user = await breaker.call(loadUser, 42);
   */
  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Guarded<R> {
    if (typeof fn !== 'function') throw notCallable('call', fn);
    const plain = fn as unknown as AnyFunction;
    // Where the caller can abort, the outcome is judged with the arguments in hand.
    const bound = this.#bound;
    let isFree = bound.memory.peek(bound.at) === bound.freeTag;
    for (let i = 0; i < args.length; i++) isFree &&= !isSignalCarrier(args[i]);
    if (!isFree) {
      const leave = this.#leave();
      if (leave.status === 'refused') {
        if (this.#isAsync(plain)) return rejectSoon(leave.error) as Guarded<R>;
        throw leave.error;
      }
      // Not to be shared with `wrap`, and no method of arrays: rest arguments that are handed to another function cost an
      // array in every call, this branch taken or not, and that array costs as much as all the rest.
      const copy: unknown[] = [];
      for (let i = 0; i < args.length; i++) copy[i] = args[i];
      return this.#run(leave, plain, undefined, copy) as Guarded<R>;
    }
    let result: unknown;
    try {
      result = fn(...args);
    } catch (error) {
      return bound.onError(error);
    }
    if (result instanceof Promise) {
      // Looking a function up costs more than comparing it with the last one.
      if (bound.lastAsync !== fn) rememberPromise((bound.lastAsync = fn));
      return result.then(bound.onValue, bound.onError) as Guarded<R>;
    }
    if (!isThenable(result)) return bound.onValue(result) as Guarded<R>;
    return adopt(fn, result).then(bound.onValue, bound.onError) as Guarded<R>;
  }

  /**
   * The function, guarded: with its own `this`, name, length, overloads and generics. Of a generator, async or not, the
   * outcome is the stream's end.
   *
   * @example
   * const lookup = breaker.wrap(async (address: string) => geocode(address));
   */
  wrap<F extends AnyFunction>(fn: F): GuardedFunction<F> {
    return (this.constructor as typeof CircuitBreaker).guard(fn, () => this);
  }

  /**
   * @internal The function, guarded by a breaker that is looked for at its first call, and again when circuits have moved.
   *
   * @param find given the `this` of the call; what it throws, the call throws or rejects with
   */
  static guard<F extends AnyFunction>(fn: F, find: (self: unknown) => CircuitBreaker): GuardedFunction<F> {
    if (typeof fn !== 'function') throw notCallable('wrap', fn);
    let isKnownAsync = isAsynchronous(fn);
    let breaker: CircuitBreaker | undefined;
    let foundAt = 0;
    // In an object: a variable that closures change is read more slowly than a field.
    const state = { bound: NO_CALLS };
    const found = (self: unknown): CircuitBreaker => {
      if (breaker === undefined || foundAt !== moves.count) {
        breaker = find(self);
        foundAt = moves.count;
      }
      return breaker;
    };
    const stream = function (this: unknown, ...args: unknown[]): unknown {
      const made = Reflect.apply(fn, this, args) as object;
      return guardStream(made, () => found(this).#admission(), args);
    };
    const slow = (self: unknown, args: readonly unknown[]): unknown => {
      let current: CircuitBreaker;
      try {
        current = found(self);
      } catch (error) {
        if (isAsynchronous(fn)) return rejectSoon(error);
        throw error;
      }
      const leave = current.#leave();
      state.bound = current.#bound;
      if (leave.status === 'admitted') return current.#run(leave, fn, self, args);
      if (current.#isAsync(fn)) return rejectSoon(leave.error);
      throw leave.error;
    };
    const guarded = function (this: unknown, ...args: unknown[]): unknown {
      const { bound } = state;
      let isFree = bound.memory.peek(bound.at) === bound.freeTag;
      for (let i = 0; i < args.length; i++) isFree &&= !isSignalCarrier(args[i]);
      if (!isFree) {
        const copy: unknown[] = [];
        for (let i = 0; i < args.length; i++) copy[i] = args[i];
        return slow(this, copy);
      }
      const { onValue, onError } = bound;
      let result: unknown;
      try {
        result = Reflect.apply(fn, this, args);
      } catch (error) {
        return onError(error);
      }
      if (result instanceof Promise) {
        isKnownAsync ||= rememberPromise(fn);
        return result.then(onValue, onError);
      }
      return isThenable(result) ? adopt(fn, result).then(onValue, onError) : onValue(result);
    };
    if (isKnownAsync) rememberPromise(guarded);
    const stand = isGenerator(fn) ? stream : guarded;
    if (stand === stream) rememberStream(stand);
    resemble(stand, fn);
    return stand as unknown as GuardedFunction<F>;
  }

  /**
   * Calls a function and returns what became of it: nothing that it throws is thrown, and a refusal costs next to nothing.
   *
   * @throws TypeError for what is no function
   * @returns an outcome, or a promise of one where the function is asynchronous
   * @example
   * const outcome = await breaker.tryCall(loadUser, 42);
   * if (outcome.status === 'refused') return cached;
   */
  tryCall<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): GuardedOutcome<R>;
  tryCall(fn: AnyFunction, ...args: unknown[]): Outcome<unknown> | Promise<Outcome<unknown>> {
    if (typeof fn !== 'function') throw notCallable('tryCall', fn);
    const entered = this.#leave();
    if (entered.status === 'refused') return this.#isAsync(fn) ? Promise.resolve(entered) : entered;
    try {
      const result = this.#run(entered, fn, undefined, args);
      return isThenable(result) ? Promise.resolve(result).then(succeeded, failed) : succeeded(result);
    } catch (error) {
      return failed(error);
    }
  }

  /**
   * Leave for one call that is no function: a stream, a transaction, something with a callback.
   *
   * @throws CircuitBreakerError if the circuit refuses
   * @example
   * using permit = breaker.acquire();
   * await pipeline(source, sink);
   * permit.succeed();
   */
  acquire(): Permit {
    const { gate, permit } = this.#admission();
    return new Lease(gate, permit, startTime(gate));
  }

  /**
   * Takes the circuit in hand: `'open'` refuses every call, `'closed'` admits every call and counts nothing, `'shadow'`
   * admits every call and reports what it would have done, `'auto'` hands it back, closed.
   *
   * @throws TypeError for any other mode
   */
  force(mode: ForceMode): void {
    this.#gate.force(mode);
  }

  /** Closes the circuit and forgets everything, as if it had just been made; an operator's mode ends too. */
  reset(): void {
    this.#gate.reset();
  }

  /** The circuit as it is now. Looking changes nothing: one whose probe is due stays open until a call comes. */
  snapshot(): CircuitSnapshot {
    return snapshotOf(this.#gate.found());
  }

  /** Whether a call would be admitted now, and why. */
  explain(): CircuitExplanation {
    return explanationOf(this.#gate.found());
  }

  /**
   * Hears of this circuit: of transitions in every thread, of failures and refusals in this one. What a listener throws
   * becomes a warning of the process.
   *
   * @returns a function that ends the subscription
   */
  subscribe(listener: CircuitListener): () => void {
    return this.#gate.hub.subscribe(this.#gate.topic, listener);
  }

  /** Leave for one call, as it is while the circuit is closed or as the memory gives it. */
  #leave(): Admitted | Refused {
    const { permit, memory, at } = this.#bound;
    return memory.peek(at) === permit.tag ? permit : this.#enter();
  }

  /** @throws the refusal */
  #admission(): { readonly gate: Gate; readonly permit: Admitted } {
    const entered = this.#leave();
    if (entered.status === 'refused') throw entered.error;
    return { gate: this.#gate, permit: entered };
  }

  #enter(): Admitted | Refused {
    let entered: Admitted | Refused;
    try {
      entered = this.#gate.enter();
    } catch (error) {
      // The circuit was removed, and cannot be made anew: nothing is called, as where it refuses.
      return { status: 'refused', error: error as CircuitBreakerError };
    }
    const { place, hub, topic } = this.#gate;
    hub.noticed(topic, place);
    if (
      entered.status === 'admitted' &&
      needsNoLeave(entered.tag) &&
      entered.tag !== this.#bound.permit.tag
    ) {
      this.#bound = bind(this.#gate, entered);
    }
    return entered;
  }

  /** Runs an admitted call whose outcome needs its own permit, start or arguments. */
  #run(permit: Admitted, fn: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
    if (permit.probe !== undefined) return this.#runProbe(permit, fn, self, args);
    const gate = this.#gate;
    const start = startTime(gate);
    let result: unknown;
    let isPromise: boolean;
    try {
      result = Reflect.apply(fn, self, args);
      isPromise = isThenable(result);
    } catch (error) {
      return threw(gate, permit, error, start, args);
    }
    if (!isPromise) return returned(gate, permit, result, start);
    return adopt(fn, result as PromiseLike<unknown>).then(
      (value) => returned(gate, permit, value, start),
      (error: unknown) => threw(gate, permit, error, start, args),
    );
  }

  /** The same for a probe, which calls of the same circuit inside it ride on until its outcome is there. */
  #runProbe(permit: Admitted, fn: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
    const gate = this.#gate;
    const start = startTime(gate);
    const probe = beginProbe(gate.memory, permit);
    let result: unknown;
    let isPromise: boolean;
    try {
      result = insideProbe(probe, (): unknown => Reflect.apply(fn, self, args));
      isPromise = isThenable(result);
    } catch (error) {
      endProbe(probe);
      return threw(gate, permit, error, start, args);
    }
    const onValue = (value: unknown): unknown => {
      endProbe(probe);
      return returned(gate, permit, value, start);
    };
    if (!isPromise) return onValue(result);
    return adopt(fn, result as PromiseLike<unknown>).then(onValue, (error: unknown) => {
      endProbe(probe);
      return threw(gate, permit, error, start, args);
    });
  }

  #isAsync(fn: AnyFunction): boolean {
    return this.#gate.settings.async ?? isAsynchronous(fn);
  }
}

function notCallable(method: string, received: unknown): TypeError {
  return new TypeError(`${method}: expected a function, received ${showValue(received)}`);
}

function succeeded(value: unknown): Outcome<unknown> {
  return { status: 'succeeded', value };
}

function failed(error: unknown): Outcome<unknown> {
  return { status: 'failed', error };
}

function needsNoLeave(tag: number): boolean {
  const phase = phaseOf(tag);
  return phase === Phase.forcedClosed || machinePhase(phase) === Phase.closed;
}
