import { isSignalCarrier } from '../../call/abort.js';
import { GAVE_PROMISES, isThenable } from '../../call/function-kind.js';
import type { AnyFunction, Guarded, GuardedFunction, GuardedOutcome } from '../../call/guarded-function.js';
import type { Outcome } from '../../call/outcome.js';
import { addLayer, type LayerExplanation, type PolicyLayer } from '../../call/policy-stack.js';
import { endExecution, running } from '../../call/running.js';
import type { Stage } from '../../call/stage.js';
import { beginsTrace } from '../../call/traced-call.js';
import { linkWrapper } from '../../call/wrapped-function.js';
import { showValue } from '../../errors/show-value.js';
import type { CircuitListener } from '../events/circuit-event.js';
import { type CircuitExplanation, explanationOf } from '../local/explanation.js';
import { type CircuitSnapshot, snapshotOf, wordOf } from '../local/snapshot.js';
import type { ForceMode } from '../machine/operator.js';
import { type CircuitState, phaseOf, stateOf } from '../memory/word.js';
import type { CircuitBreakerPolicy } from '../policy/policy.js';
import { CallPath } from './call-path.js';
import { circuitLayer } from './circuit-layer.js';
import { type CircuitBreakerOptions, circuitOfPolicy } from './circuit-of-policy.js';
import { circuitStage } from './circuit-stage.js';
import { startTime, threwUnder } from './fast-path.js';
import { freeWhenCollected } from '../../panel/free-when-collected.js';
import { guard, resolvedOnce } from './guard.js';
import { HeldPermit, type Permit } from './permit.js';

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
  readonly #path: CallPath;

  constructor(policy?: CircuitBreakerPolicy, options: CircuitBreakerOptions = {}) {
    const circuit = circuitOfPolicy(policy, options, new.target);
    this.#path = new CallPath(circuit);
    // Nothing else can find a circuit without a key: it ends with its breaker.
    if (typeof circuit.topic !== 'string') freeWhenCollected(this, circuit.panel, circuit.record);
  }

  /** The circuit's name; for one without, a name for messages that nothing can be found by. */
  get key(): string {
    return this.#path.circuit.key;
  }

  get state(): CircuitState {
    return stateOf(phaseOf(wordOf(this.#path.circuit.found()).low));
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
    const path = this.#path;
    const { fastPath } = path;
    // Where the caller can abort, or another guarded call runs, the outcome is judged with all signals in hand.
    let isFree = fastPath.memory.peek(fastPath.at) === fastPath.freeTag && running.frame === undefined;
    for (let i = 0; i < args.length; i++) isFree &&= !isSignalCarrier(args[i]);
    if (!isFree) {
      // Not to be shared with `wrap`, and no method of arrays: rest arguments that are handed to another function cost an
      // array in every call, this branch taken or not, and that array costs as much as all the rest.
      const copy: unknown[] = [];
      for (let i = 0; i < args.length; i++) copy[i] = args[i];
      return path.call(plain, copy) as Guarded<R>;
    }
    const frame = (running.frame = path.frame);
    let result: unknown;
    try {
      result = fn(...args);
    } catch (error) {
      return threwUnder(frame, fastPath, error);
    }
    if (running.frame !== frame) result = endExecution(result);
    running.frame = undefined;
    if (result instanceof Promise) {
      // Looking a function up costs more than comparing it with the last one.
      if (fastPath.lastKnown !== fn) path.gave(GAVE_PROMISES, plain);
      return result.then(fastPath.onValue, fastPath.onError) as Guarded<R>;
    }
    return fastPath.onOther(result, plain) as Guarded<R>;
  }

  /**
   * The function, guarded: with its own `this`, name, length, overloads and generics. Of a generator, async or not, the
   * outcome is the stream's end.
   *
   * @example
   * const lookup = breaker.wrap(async (address: string) => geocode(address));
   */
  wrap<F extends AnyFunction>(fn: F): GuardedFunction<F> {
    const layer = circuitLayer({ kind: 'circuit-breaker', key: this.key });
    // Not by its name: a class that names itself is renamed by bundlers, and people see the name.
    const guarded = (this.constructor as typeof CircuitBreaker).guard(fn, () => this, layer);
    linkWrapper(guarded as AnyFunction, fn, 'circuit-breaker');
    return guarded;
  }

  /**
   * @internal Guards a function by a breaker that is resolved at its first call, and again when circuits have moved to another
   * panel.
   *
   * @param resolveBreaker given the `this` of the call; what it throws, the call throws or rejects with
   * @param layer what the function's stack says of it
   */
  static guard<F extends AnyFunction>(
    fn: F,
    resolveBreaker: (self: unknown) => CircuitBreaker,
    layer: PolicyLayer,
  ): GuardedFunction<F> {
    if (typeof fn !== 'function') throw notCallable('wrap', fn);
    const resolvePath = (self: unknown): CallPath => resolveBreaker(self).#path;
    const wrapper = guard(fn, resolvePath);
    const resolved = resolvedOnce(resolvePath);
    const explain = (self: unknown): LayerExplanation => explanationOf(resolved(self).circuit.found());
    addLayer(wrapper, fn, { ...layer, explain }, circuitStage(fn, resolved, layer.key));
    return wrapper as unknown as GuardedFunction<F>;
  }

  /** @internal A circuit as a stage of a compiled function, resolved at each call. */
  static stage(
    fn: AnyFunction,
    resolveBreaker: (self: unknown, args: readonly unknown[]) => CircuitBreaker,
  ): Stage {
    return circuitStage(fn, (self, args) => resolveBreaker(self, args).#path, undefined);
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
    const path = this.#path;
    if (!running.isWatched || !beginsTrace(path)) return tryOn(path, fn, args);
    return path.traced(fn, args, () => tryOn(path, fn, args), errorOf) as Outcome<unknown>;
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
    return new HeldPermit(this.#path.circuit, this.#path.admitOrThrow(), startTime(this.#path.circuit));
  }

  /**
   * Takes the circuit in hand: `'open'` refuses every call, `'closed'` admits every call and counts nothing, `'shadow'`
   * admits every call and reports what it would have done, `'auto'` hands it back, closed.
   *
   * @throws TypeError for any other mode
   */
  force(mode: ForceMode): void {
    this.#path.circuit.force(mode);
  }

  /** Closes the circuit and forgets everything, as if it had just been made; an operator's mode ends too. */
  reset(): void {
    this.#path.circuit.reset();
  }

  /** The circuit as it is now. Looking changes nothing: one whose probe is due stays open until a call comes. */
  snapshot(): CircuitSnapshot {
    return snapshotOf(this.#path.circuit.found());
  }

  /** Whether a call would be admitted now, and why. */
  explain(): CircuitExplanation {
    return explanationOf(this.#path.circuit.found());
  }

  /**
   * Hears of this circuit: of transitions in every thread, of failures and refusals in this one. What a listener throws
   * becomes a warning of the process.
   *
   * @returns a function that ends the subscription
   */
  subscribe(listener: CircuitListener): () => void {
    return this.#path.circuit.feed.subscribe(this.#path.circuit.topic, listener);
  }
}

function notCallable(method: string, received: unknown): TypeError {
  return new TypeError(`${method}: expected a function, received ${showValue(received)}`);
}

function tryOn(
  path: CallPath,
  fn: AnyFunction,
  args: readonly unknown[],
): Outcome<unknown> | Promise<Outcome<unknown>> {
  const admission = path.admit(fn);
  if (admission.status !== 'admitted') return path.rejects(fn) ? Promise.resolve(admission) : admission;
  try {
    const result = path.run(admission, fn, undefined, args);
    return isThenable(result) ? Promise.resolve(result).then(succeeded, failed) : succeeded(result);
  } catch (error) {
    return failed(error);
  }
}

function errorOf(result: unknown): { readonly error: unknown } | undefined {
  const outcome = result as Outcome<unknown>;
  return outcome.status === 'succeeded' ? undefined : outcome;
}

function succeeded(value: unknown): Outcome<unknown> {
  return { status: 'succeeded', value };
}

function failed(error: unknown): Outcome<unknown> {
  return { status: 'failed', error };
}
