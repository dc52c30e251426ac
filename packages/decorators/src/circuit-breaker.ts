import {
  type CircuitBreaker as Breaker,
  type CircuitBreakerPolicy,
  circuits,
  type KeyedCircuitBreakerPolicy,
  withCircuitBreaker,
} from '@switchgear/core';
import { resolveCircuit } from '@switchgear/core/circuit';
import { callSite, type WrittenPolicy } from '@switchgear/core/kit';
import { decorateMethod, type EitherDecorator } from './decorate-method.js';
import type { CircuitResolver } from './metadata.js';
import type { Arguments, MethodDecorator, Owner, Result } from './method-decorator.js';
import { bare, isBare } from './misuse.js';
import { isNamed, ownCircuit } from './own-circuit.js';
import { ownerOf } from './owner.js';

/** What {@link CircuitBreaker} returns: a name for the type of decorators that are kept and exported. */
export type CircuitBreakerDecorator<
  C = unknown,
  P = unknown,
  A extends readonly unknown[] = never,
  R = unknown,
> = MethodDecorator<'CircuitBreaker', unknown, C, P, (this: never, ...args: A) => R>;

interface JudgingPolicy<R> extends Omit<CircuitBreakerPolicy, 'key' | 'isFailure'> {
  /** Which results count as failures. The caller gets the result all the same. */
  isFailure?(result: Result<R>): boolean;
}

/**
 * The policy of a method of `O`. To the compiler a breaker is one as well, for it has a key; if it were named in the signature,
 * a policy with a member of a breaker would compile, and editors would propose them all.
 */
export interface MethodCircuitPolicy<
  O = unknown,
  A extends readonly unknown[] = never,
  R = unknown,
> extends JudgingPolicy<R> {
  /** The circuit's name, or what gives it for a call. Whoever names it shares the circuit, in every thread. */
  readonly key?: string | ((this: O, ...args: Arguments<A>) => string);
  readonly maxCircuits?: never;
}

/** A policy that limits how many circuits its key gives. */
export interface BoundedCircuitPolicy<
  O = unknown,
  A extends readonly unknown[] = never,
  R = unknown,
> extends JudgingPolicy<R> {
  /** Gives the circuit's name for a call. */
  readonly key: (this: O, ...args: Arguments<A>) => string;
  /** How many circuits there may be at once, in each thread. Default 1000. */
  readonly maxCircuits: number;
}

/**
 * Guards a method by a circuit: while it is open, calls are refused and the method is not run.
 *
 * A sync method stays sync; of a generator, async or not, the outcome is the stream's end.
 *
 * @param circuit a policy, whose circuit is shared by its key or else the method's own; a key that is declared elsewhere, before
 * the first call; or a breaker. A policy whose `key` is a function has one circuit for each key
 * @throws PolicyError for a policy that makes no sense, with everything that is wrong with it; at a call for a key that nobody has declared
 * @throws KeyConflictError if the policy's key stands for another policy already
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
// The bounded policy comes first, in order and in the alphabet: compilers explain errors by the last.
export function CircuitBreaker<C, P, A extends readonly unknown[] = never, R = unknown>(
  circuit?: string | BoundedCircuitPolicy<Owner<C, P>, A, R> | MethodCircuitPolicy<Owner<C, P>, A, R>,
): CircuitBreakerDecorator<C, P, A, R>;
export function CircuitBreaker(...args: unknown[]): EitherDecorator {
  if (isBare(args)) throw bare('@CircuitBreaker');
  if (typeof args[0] === 'function') throw new TypeError(NO_FUNCTION);
  const [circuit = {}] = args as [Circuit?];
  const declaredAt = callSite(CircuitBreaker);
  // What is wrong with a policy is said here, where it is written.
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
    // Calls may come without a `this` that leads to the class, and must find the same circuit.
    method.onInstance?.((self) => {
      method.owner ??= ownerOf(method, written, self);
    });
    const resolveOwn = (self: unknown): Breaker => ownCircuit(policy, declaredAt, method, written, self);
    // A caller who hands in nothing but the method must not fix a name that leaves the class out.
    const resolve: CircuitResolver = (self) =>
      self !== undefined || method.owner !== undefined || isNamed(written) ? resolveOwn(self) : undefined;
    return { wrapper: withCircuitBreaker(resolveOwn, { written })(method.fn), circuit: resolve };
  });
}

const NO_FUNCTION =
  '@CircuitBreaker: expected a policy, a key or a breaker, received a function. If it is to name the circuit of each ' +
  'call, write @CircuitBreaker({ key: fn })';

/** Everything that names a circuit. */
type Circuit = string | Breaker | CircuitBreakerPolicy | KeyedCircuitBreakerPolicy;

/** How to resolve a circuit that is not a method's own. */
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

/** No `instanceof`: it may be of another copy of core. */
function isBreaker(circuit: Circuit): circuit is Breaker {
  return typeof circuit === 'object' && 'wrap' in circuit;
}
