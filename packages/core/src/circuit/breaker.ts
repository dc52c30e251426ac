import type { CircuitListener } from '../events.js';
import type { Outcome } from '../outcome.js';
import { adopt, isAsynchronous, isSignalCarrier, isThenable, rememberPromise } from './call.js';
import { type CircuitBreakerOptions, gateOf } from './declaration.js';
import type { Gate } from './gate.js';
import type { AnyFunction, Guarded, GuardedFunction, GuardedOutcome } from './guarded.js';
import type { Admitted } from './machine.js';
import type { SharedMemory } from './memory.js';
import type { ForceMode } from './operator.js';
import { Lease, type Permit } from './permit.js';
import type { CircuitBreakerPolicy } from './policy.js';
import { endProbe, runProbe, type RunningProbe } from './probing.js';
import type { Refusal } from './refusal.js';
import {
  type CircuitExplanation,
  type CircuitSnapshot,
  explanationOf,
  snapshotOf,
  wordOf,
} from './report.js';
import { settleSuccess } from './state.js';
import { type CircuitState, machinePhase, Phase, phaseOf, stateOf } from './word.js';

/** No word has this tag: the next call looks at the memory. */
const NOT_CLOSED = -1;

/** What a call is settled with, made once for all calls under one tag. */
interface Bound {
  readonly permit: Admitted;
  readonly onValue: (value: unknown) => unknown;
  readonly onError: (error: unknown) => never;
}

const NO_ARGUMENTS: readonly unknown[] = [];

/** Before the first call: its tag is no circuit's, so its handlers are never used. */
const NOT_BOUND: Bound = {
  permit: { status: 'admitted', place: { at: 0, birth: 0, permits: 0 }, tag: NOT_CLOSED, probe: undefined },
  onValue: (value) => value,
  onError: (error) => {
    throw error;
  },
};

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
  readonly #memory: SharedMemory;
  #at: number;
  /** The tag under which calls need no leave: the circuit was closed when it was last looked at. */
  #tag = NOT_CLOSED;
  #bound: Bound = NOT_BOUND;

  constructor(policy?: CircuitBreakerPolicy, options: CircuitBreakerOptions = {}) {
    this.#gate = gateOf(policy, options, new.target);
    this.#memory = this.#gate.panel.memory;
    this.#at = this.#gate.place.at;
    // Nobody else can find a circuit without a key: it ends with its breaker.
    if (typeof this.#gate.topic !== 'string') collected.register(this, this.#gate);
  }

  /** The circuit's name; for one without, a name for messages that nothing can be found by. */
  get key(): string {
    return this.#gate.key;
  }

  get state(): CircuitState {
    return stateOf(phaseOf(wordOf(this.#gate).low));
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
    const plain = fn as unknown as AnyFunction;
    // Where the caller can abort, the outcome is judged with the arguments in hand.
    let isFree = this.#memory.peek(this.#at) === this.#tag;
    for (let i = 0; i < args.length; i++) isFree &&= !isSignalCarrier(args[i]);
    if (!isFree) {
      const leave = this.#leave();
      if (leave.status === 'refused') {
        if (this.#isAsync(plain)) return Promise.reject(leave.error) as Guarded<R>;
        throw leave.error;
      }
      // Not to be shared with `wrap`, and no method of arrays: rest arguments that are handed to another function cost an
      // array in every call, this branch taken or not, and that array costs as much as all the rest.
      const copy: unknown[] = [];
      for (let i = 0; i < args.length; i++) copy[i] = args[i];
      return this.#run(leave, plain, undefined, copy) as Guarded<R>;
    }
    const { onValue, onError } = this.#bound;
    let result: unknown;
    try {
      result = fn(...args);
    } catch (error) {
      return onError(error);
    }
    if (result instanceof Promise) {
      rememberPromise(fn);
      return result.then(onValue, onError) as Guarded<R>;
    }
    return (isThenable(result) ? adopt(fn, result).then(onValue, onError) : onValue(result)) as Guarded<R>;
  }

  /**
   * The function, guarded: with its own `this`, name, length, overloads and generics.
   *
   * @example
   * const lookup = breaker.wrap(async (address: string) => geocode(address));
   */
  wrap<F extends AnyFunction>(fn: F): GuardedFunction<F> {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the guarded function has a `this` of its own
    const breaker = this;
    const memory = this.#memory;
    const guarded = function (this: unknown, ...args: unknown[]): unknown {
      let isFree = memory.peek(breaker.#at) === breaker.#tag;
      for (let i = 0; i < args.length; i++) isFree &&= !isSignalCarrier(args[i]);
      if (!isFree) {
        const leave = breaker.#leave();
        if (leave.status === 'refused') {
          if (breaker.#isAsync(fn)) return Promise.reject(leave.error);
          throw leave.error;
        }
        const copy: unknown[] = [];
        for (let i = 0; i < args.length; i++) copy[i] = args[i];
        return breaker.#run(leave, fn, this, copy);
      }
      const { onValue, onError } = breaker.#bound;
      let result: unknown;
      try {
        result = Reflect.apply(fn, this, args);
      } catch (error) {
        return onError(error);
      }
      if (result instanceof Promise) {
        rememberPromise(fn);
        return result.then(onValue, onError);
      }
      return isThenable(result) ? adopt(fn, result).then(onValue, onError) : onValue(result);
    };
    if (isAsynchronous(fn)) rememberPromise(guarded);
    for (const property of ['name', 'length']) {
      const descriptor = Object.getOwnPropertyDescriptor(fn, property);
      if (descriptor !== undefined) Object.defineProperty(guarded, property, descriptor);
    }
    return guarded as unknown as GuardedFunction<F>;
  }

  /**
   * Calls a function and returns what became of it: throws nothing, and a refusal costs next to nothing.
   *
   * @returns an outcome, or a promise of one where the function is asynchronous
   * @example
   * const outcome = await breaker.tryCall(loadUser, 42);
   * if (outcome.status === 'refused') return cached;
   */
  tryCall<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): GuardedOutcome<R>;
  tryCall(fn: AnyFunction, ...args: unknown[]): Outcome<unknown> | Promise<Outcome<unknown>> {
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
    const entered = this.#leave();
    if (entered.status === 'refused') throw entered.error;
    return new Lease(this.#gate, entered, this.#startTime());
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
    return snapshotOf(this.#gate);
  }

  /** Whether a call would be admitted now, and why. */
  explain(): CircuitExplanation {
    return explanationOf(this.#gate);
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
  #leave(): Admitted | Refusal {
    const { permit } = this.#bound;
    return this.#memory.peek(this.#at) === permit.tag ? permit : this.#enter();
  }

  #enter(): Admitted | Refusal {
    const entered = this.#gate.enter();
    const { place, hub, topic } = this.#gate;
    this.#at = place.at;
    hub.noticed(topic, place);
    if (
      !(entered.status === 'refused') &&
      needsNoLeave(entered.tag) &&
      entered.tag !== this.#bound.permit.tag
    ) {
      this.#bound = this.#bind(entered.tag);
      this.#tag = this.#gate.settings.slowCallDuration === undefined ? entered.tag : NOT_CLOSED;
    }
    return entered;
  }

  /** Runs an admitted call whose outcome needs its own permit, start or arguments. */
  #run(permit: Admitted, fn: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
    const start = this.#startTime();
    let probe: RunningProbe | undefined;
    const apply = (running?: RunningProbe): unknown => {
      probe = running;
      return Reflect.apply(fn, self, args);
    };
    const onValue = (value: unknown): unknown => {
      if (probe !== undefined) endProbe(probe);
      this.#succeeded(permit, value, start);
      return value;
    };
    const onError = (error: unknown): never => {
      if (probe !== undefined) endProbe(probe);
      this.#gate.failed(permit, error, this.#gate.isSlow(start), args);
      throw error;
    };
    let result: unknown;
    let isPromise: boolean;
    try {
      result = permit.probe === undefined ? apply() : runProbe(this.#memory, permit, apply);
      isPromise = isThenable(result);
    } catch (error) {
      return onError(error);
    }
    return isPromise ? adopt(fn, result as PromiseLike<unknown>).then(onValue, onError) : onValue(result);
  }

  #bind(tag: number): Bound {
    const memory = this.#memory;
    const at = this.#at;
    const { settings, place, panel } = this.#gate;
    const permit: Admitted = { status: 'admitted', place, tag, probe: undefined };
    const { window, isFailure } = settings;
    return {
      permit,
      onValue: (value) => {
        if (isFailure !== undefined) this.#succeeded(permit, value, undefined);
        // Still closed and no failure to forget: there is nothing to write.
        else if (window !== undefined || memory.peek(at) !== tag || memory.peek(at + 1) !== 0) {
          settleSuccess(memory, place, settings, tag, window?.kind === 'duration' ? panel.now() : 0);
        }
        return value;
      },
      onError: (error) => {
        this.#gate.failed(permit, error, false, NO_ARGUMENTS);
        throw error;
      },
    };
  }

  #succeeded(permit: Admitted, value: unknown, start: number | undefined): void {
    const gate = this.#gate;
    const { settings } = gate;
    const isTimed = start !== undefined || settings.window?.kind === 'duration';
    const end = isTimed ? gate.panel.clock.now() : 0;
    const isSlow = start !== undefined && end - start > (settings.slowCallDuration ?? Infinity);
    if (isSlow || permit.probe !== undefined || settings.isFailure !== undefined)
      gate.succeeded(permit, value, isSlow);
    else
      settleSuccess(this.#memory, permit.place, settings, permit.tag, isTimed ? gate.panel.moment(end) : 0);
  }

  /** A reading of the clock where anybody will ask how long the call took. */
  #startTime(): number | undefined {
    return this.#gate.settings.slowCallDuration === undefined ? undefined : this.#gate.panel.clock.now();
  }

  #isAsync(fn: AnyFunction): boolean {
    return this.#gate.settings.async ?? isAsynchronous(fn);
  }
}

const collected = new FinalizationRegistry<Gate>((gate) => gate.free());

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
