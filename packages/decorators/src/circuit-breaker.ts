import {
  type CircuitBreaker as Breaker,
  type CircuitBreakerPolicy,
  circuits,
  type KeyedCircuitBreakerPolicy,
  withCircuitBreaker,
} from '@switchgear/core';
import { resolveCircuit } from '@switchgear/core/circuit';
import { callSite, isBreaker, type WrittenPolicy } from '@switchgear/core/kit';
import { decorateMethod } from './decorate-method.js';
import type { CircuitResolver } from './metadata.js';
import type { Arguments, ArgumentsOf, NamedMethodDecorator, Result, ResultOf } from './method-decorator.js';
import { bare, isBare } from './misuse.js';
import { isNamed, ownCircuit } from './own-circuit.js';
import { ownerOf } from './owner.js';

/** The type of the decorator that {@link CircuitBreaker} returns, for decorators that are stored and exported. */
export type CircuitBreakerDecorator<O = unknown, K = unknown> = NamedMethodDecorator<
  'CircuitBreaker',
  unknown,
  O,
  K
>;

/** What `@CircuitBreaker` takes on a method `K` of `O`: a key, a breaker, or a policy whose functions are typed by the method. */
// The bounded policy comes first, in order and in the alphabet, because compilers explain errors by the last type.
export type MethodCircuit<O = unknown, K = unknown> =
  | string
  | BoundedCircuitPolicy<NoInfer<O>, ArgumentsOf<O, K>, ResultOf<O, K>>
  | MethodCircuitPolicy<NoInfer<O>, ArgumentsOf<O, K>, ResultOf<O, K>>;

interface JudgingPolicy<R> extends Omit<CircuitBreakerPolicy, 'key' | 'isFailure'> {
  /** Whether a result counts as a failure. The caller gets the result all the same. */
  isFailure?(result: Result<R>): boolean;
}

/**
 * The policy of a method of `O`.
 *
 * The compiler accepts a breaker as a policy, because it has a key. A signature that named the breaker would accept
 * policies with members of a breaker, and editors would propose these members.
 */
export interface MethodCircuitPolicy<
  O = unknown,
  A extends readonly unknown[] = never,
  R = unknown,
> extends JudgingPolicy<R> {
  /** The circuit's name, or the function that returns it for a call. All policies with the same key share the circuit. */
  readonly key?: string | ((this: O, ...args: Arguments<A>) => string);
  readonly maxCircuits?: never;
}

/** The policy of a method with a circuit for each key, and a limit of their number. */
export interface BoundedCircuitPolicy<
  O = unknown,
  A extends readonly unknown[] = never,
  R = unknown,
> extends JudgingPolicy<R> {
  /** Returns the circuit's name for a call. */
  readonly key: (this: O, ...args: Arguments<A>) => string;
  /** The number of circuits at once, in each thread. Default 1000. */
  readonly maxCircuits: number;
}

/**
 * Guards a method by a circuit: while the circuit is open, calls are refused and the method does not run.
 *
 * A sync method stays sync. The outcome of a generator, async or not, is the end of its stream.
 *
 * @param circuit one of:
 * - a policy; its circuit is shared by its key, or is the method's own if there is no key
 * - a policy whose `key` is a function, with one circuit for each key
 * - a key, which is declared elsewhere before the first call
 * - a breaker
 * @throws PolicyError with all faults of the policy; at a call for a key that is not declared
 * @throws KeyConflictError if the policy's key has another policy already
 * @throws TypeError on anything but a method
 * @throws CircuitBreakerError at a call, if the circuit refuses
 * @example
 * class Geocoder {
 *   @CircuitBreaker({ key: 'geo-api', failureThreshold: 5, resetTimeout: '30s' })
 *   async lookup(address: string): Promise<Point> {
 *     return geocode(address);
 *   }
 *
 *   @CircuitBreaker('geo-api')
 *   async reverse(point: Point): Promise<string> {
 *     return addressOf(point);
 *   }
 * }
 */
export function CircuitBreaker<O = unknown, K = unknown>(
  circuit?: MethodCircuit<O, K>,
): CircuitBreakerDecorator<O, K>;
// Not the first: compilers go on with the first overload after an error. The text is not named, because the name would be printed.
/** Without parentheses: no decorator. */
export function CircuitBreaker(
  method: object,
  context: DecoratorContext | string | symbol,
  descriptor?: object,
): ['@CircuitBreaker needs parentheses: write @CircuitBreaker()'];
export function CircuitBreaker(...args: unknown[]): unknown {
  if (isBare(args)) throw bare('@CircuitBreaker');
  if (typeof args[0] === 'function') throw new TypeError(NO_FUNCTION);
  const [circuit = {}] = args as [Circuit?];
  const declaredAt = callSite(CircuitBreaker);
  // Throws the faults of the policy here, where it is written.
  const guard = withCircuitBreaker(circuit as CircuitBreakerPolicy, { declaredAt });
  const resolveShared = sharedResolver(circuit);
  return decorateMethod('@CircuitBreaker', (method) => {
    if (resolveShared !== undefined) {
      const wrapper = guard(method.fn);
      return { wrapper, circuit: (self, args) => resolveShared(wrapper, self, args) };
    }
    const policy = circuit as CircuitBreakerPolicy;
    const written: WrittenPolicy = Object.freeze({
      kind: 'circuit-breaker',
      key: undefined,
      policy: Object.freeze({ ...policy }),
    });
    // A call whose `this` does not lead to the class must use the same circuit.
    method.onInstance?.((self) => {
      method.owner ??= ownerOf(method, written, self);
    });
    const resolveOwn = (self: unknown): Breaker => ownCircuit(policy, declaredAt, method, written, self);
    // circuitOf(method) has no `this`. It must not give the circuit a name without the class.
    const resolve: CircuitResolver = (self) =>
      self !== undefined || method.owner !== undefined || isNamed(written) ? resolveOwn(self) : undefined;
    return { wrapper: withCircuitBreaker(resolveOwn, { written })(method.fn), circuit: resolve };
  });
}

const NO_FUNCTION =
  '@CircuitBreaker: expected a policy, a key or a breaker, received a function. If it is to name the circuit of each ' +
  'call, write @CircuitBreaker({ key: fn })';

/** The arguments of the decorator. */
type Circuit = string | Breaker | CircuitBreakerPolicy | KeyedCircuitBreakerPolicy;

/** Resolves a circuit that is not the method's own; undefined for a policy without a key. */
function sharedResolver(
  circuit: Circuit,
): ((wrapper: object, self: unknown, args: readonly unknown[]) => Breaker | undefined) | undefined {
  if (isBreaker(circuit)) return () => circuit;
  const key = typeof circuit === 'string' ? circuit : circuit.key;
  if (typeof key === 'string') return () => circuits.get(key);
  if (key === undefined) return undefined;
  return (wrapper, self, args) => {
    try {
      return resolveCircuit(wrapper, self, args);
    } catch (cause) {
      throw new TypeError(
        `circuitOf: the key function failed (${String(cause)}). Give it an instance, and the arguments of a call`,
        { cause },
      );
    }
  };
}
