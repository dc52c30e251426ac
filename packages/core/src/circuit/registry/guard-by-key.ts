import { StackFrame } from '../../call/frame.js';
import { isAsynchronous, isGenerator, rememberPromise, rememberStream } from '../../call/function-kind.js';
import type { AnyFunction } from '../../call/guarded-function.js';
import { addLayer, type LayerExplanation } from '../../call/policy-stack.js';
import { rejectSoon } from '../../call/reject-soon.js';
import { resemble } from '../../call/resemblance.js';
import { enter, outerFrame, running } from '../../call/running.js';
import { beginsTrace, tracedCall } from '../../call/traced-call.js';
import { PolicyError } from '../../errors/policy-error.js';
import { showValue } from '../../errors/show-value.js';
import { CircuitBreaker } from '../breaker/breaker.js';
import { circuitLayer, writtenCircuit } from '../breaker/circuit-layer.js';
import { panelEpoch } from '../../panel/panel-epoch.js';
import { readKeyedPolicy, type ReadKeyedPolicy } from '../policy/keyed-policy.js';
import { KeyedCircuits } from './keyed-circuits.js';
import { circuits } from './registry.js';

/** Returns the circuit that would guard a call; undefined where it does not exist yet. */
type CircuitResolver = (self: unknown, args: readonly unknown[]) => CircuitBreaker | undefined;

const resolvers = new WeakMap<object, CircuitResolver>();

/**
 * The circuit that would guard a call of a function with a circuit for each key.
 *
 * @param fn the function that {@link withCircuitBreaker} has returned
 * @returns undefined if the circuit does not exist yet, or the function has no circuit for each key
 * @throws the error that the key function throws
 */
export function resolveCircuit(
  fn: object,
  self: unknown,
  args: readonly unknown[],
): CircuitBreaker | undefined {
  return resolvers.get(fn)?.(self, args);
}

/** One circuit of a function, and the function guarded by that circuit. */
interface Guard {
  readonly breaker: CircuitBreaker;
  readonly guarded: AnyFunction;
}

/**
 * Guards functions by one circuit for each key.
 *
 * `maxCircuits` limits the circuits of each function. Functions whose keys give one name share that circuit all the same.
 */
export function guardByKey(
  policy: { readonly key?: unknown },
  declaredAt: string,
): (fn: AnyFunction) => AnyFunction {
  const read = readKeyedPolicy(policy);
  const layer = circuitLayer(writtenCircuit(policy), (self, args) => keyOf(read, self, args));
  return (fn) => {
    if (typeof fn !== 'function') {
      throw new TypeError(`withCircuitBreaker: expected a function, received ${showValue(fn)}`);
    }
    const circuitsOf = keyedCircuits(read, declaredAt, (breaker) => ({
      breaker,
      // Not `wrap`: to those who listen for wrappers of the function, only the one that is returned is a wrapper.
      guarded: CircuitBreaker.guard<AnyFunction>(fn, () => breaker, layer),
    }));
    const guarded = isGenerator(fn) ? streamByKey(fn, read, circuitsOf) : callByKey(fn, read, circuitsOf);
    resolvers.set(guarded, (self, args) => circuitsOf().existing(keyOf(read, self, args))?.breaker);
    if (isAsynchronous(fn)) rememberPromise(guarded);
    if (isGenerator(fn)) rememberStream(guarded);
    resemble(guarded, fn);
    const breakerOf = (self: unknown, args: readonly unknown[]): CircuitBreaker =>
      circuitsOf().at(keyOf(read, self, args)).breaker;
    const explain = (self: unknown, args: readonly unknown[]): LayerExplanation =>
      breakerOf(self, args).explain();
    addLayer(guarded, fn, { ...layer, explain }, CircuitBreaker.stage(fn, breakerOf));
    return guarded;
  };
}

function callByKey(
  fn: AnyFunction,
  policy: ReadKeyedPolicy,
  circuitsOf: () => KeyedCircuits<Guard>,
): AnyFunction {
  return function wrapper(this: unknown, ...args: unknown[]): unknown {
    if (running.isWatched && beginsTrace(wrapper)) return tracedCall(wrapper, this, args);
    let guard: Guard;
    try {
      guard = circuitsOf().at(keyOf(policy, this, args));
    } catch (error) {
      if (isAsynchronous(fn)) return rejectSoon(error);
      throw error;
    }
    const { guarded } = guard;
    const outer = outerFrame(wrapper);
    if (outer === undefined) return Reflect.apply(guarded, this, args);
    // The function of the circuit belongs to the stack that its wrapper belongs to.
    const frame = new StackFrame({ callee: guarded, readsArgs: false }).under(outer);
    return enter(frame, running.args, () => Reflect.apply(guarded, this, args) as unknown);
  };
}

/**
 * Guards a generator. The circuit is resolved when the first item is read, because a circuit that was resolved when the
 * generator was called may have been evicted since.
 */
function streamByKey(
  fn: AnyFunction,
  policy: ReadKeyedPolicy,
  circuitsOf: () => KeyedCircuits<Guard>,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const resolve = (self: unknown): CircuitBreaker => circuitsOf().at(keyOf(policy, self, args)).breaker;
    return Reflect.apply(
      CircuitBreaker.guard(fn, resolve, circuitLayer({ kind: 'circuit-breaker' })),
      this,
      args,
    );
  };
}

function keyOf(policy: ReadKeyedPolicy, self: unknown, args: readonly unknown[]): string {
  const key = Reflect.apply(policy.keyOf, self, args);
  if (typeof key === 'string') return key;
  throw new PolicyError('CircuitBreakerPolicy', [{ path: 'key()', received: key, allowed: 'a text' }]);
}

/** The circuits of one function, made anew after all circuits were relocated to another panel. */
function keyedCircuits<T>(
  policy: ReadKeyedPolicy,
  declaredAt: string,
  make: (breaker: CircuitBreaker) => T,
): () => KeyedCircuits<T> {
  let keyed: KeyedCircuits<T> | undefined;
  let madeAt = 0;
  return () => {
    if (keyed === undefined || madeAt !== panelEpoch.count) {
      keyed = new KeyedCircuits(circuits.panel, policy, declaredAt, make);
      madeAt = panelEpoch.count;
    }
    return keyed;
  };
}
