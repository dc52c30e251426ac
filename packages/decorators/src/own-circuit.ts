import { createHash } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import {
  type CircuitBreaker,
  type CircuitBreakerPolicy,
  circuits,
  isKeyConflictError,
} from '@switchgear/core';
import { warnUser, type WrittenPolicy } from '@switchgear/core/kit';
import type { Class, DecoratedMethod } from './decorate-method.js';
import { classNameOf, ownerOf } from './owner.js';
import { bothSites } from './site.js';

/**
 * The circuit of a method whose decorator has no key.
 *
 * Its name is made of class, method and line of code, and is the same in every thread; messages show `Class.method`. All
 * instances share the circuit, and so do subclasses that inherit the method.
 *
 * @param declaredAt the line of code that made the decorator
 * @param self the `this` of a call, from which the class is found in standard mode
 * @param written the policy in the stack of the method
 */
export function ownCircuit(
  policy: CircuitBreakerPolicy,
  declaredAt: string,
  method: DecoratedMethod,
  written: WrittenPolicy,
  self: unknown,
): CircuitBreaker {
  const ownKey = keys.get(written);
  if (ownKey !== undefined) return circuits.get(ownKey, policy, declaredAt);
  // Both lines are needed: a stored decorator is made by one line for many methods, and a minified helper applies all
  // decorators by one line.
  const key = nameOf(ownerOf(method, written, self), method, bothSites(declaredAt, method.site));
  const circuit = declare(key, policy, declaredAt);
  keys.set(written, circuit.key);
  claim(circuit.key);
  return circuit;
}

function declare(key: string, policy: CircuitBreakerPolicy, declaredAt: string): CircuitBreaker {
  try {
    return circuits.get(key, policy, declaredAt);
  } catch (error) {
    if (!isKeyConflictError(error)) throw error;
    // A factory makes several classes by one line of code, with different policies. All threads add the same digest.
    const digest = digestOf(JSON.stringify(policy)).slice(0, 8);
    return circuits.get(key.replace(/ \(([^()]*)\)$/, ` (#${digest} $1)`), policy, declaredAt);
  }
}

/** The first name of each method's circuit. It stays the same, even if the `this` of a later call leads to no class. */
const keys = new WeakMap<WrittenPolicy, string>();

/** Whether the circuit of a method has a name already. */
export function isNamed(written: WrittenPolicy): boolean {
  return keys.has(written);
}

/** The number of bytes of UTF-8 that a key may have. */
const MAX_BYTES = 500;

const HALVES = /\p{Surrogate}/gu;

function nameOf(owner: Class | undefined, { name, isStatic }: DecoratedMethod, site: string): string {
  const member = typeof name === 'symbol' ? `[${String(name)}]` : name;
  const className = owner === undefined ? undefined : (classNameOf(owner) ?? '(anonymous)');
  const method =
    className === undefined ? member : `${className}${typeof name === 'symbol' ? '' : '.'}${member}`;
  // Messages recognize the line of code by the column at its end. That of evaluated code is in brackets.
  const line = site.replace(/\)+$/, '').replace(/[()]/g, '_');
  // Code that is not in a file may be different in another thread.
  const where = /[\\/]/.test(line) ? line : `thread ${threadId}, ${line}`;
  const position = `${isStatic ? 'static ' : ''}${where}`;
  // Halves of characters are not allowed in a key.
  const key = `${method} (${position})`.replace(HALVES, '\ufffd');
  if (Buffer.byteLength(key) <= MAX_BYTES) return key;
  const end = /:\d+:\d+$/.exec(position)?.[0] ?? '';
  return `${method.slice(0, 100).replace(HALVES, '\ufffd')} (${digestOf(key).slice(0, 32)}${end})`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The names of own circuits in this thread: used by one method, or by several, about which the user was warned. */
const claims = new Map<string, 'one method' | 'several methods'>();

/** Warns once for each name of several methods: these share a circuit, so that failures of one let the other be refused. */
function claim(key: string): void {
  const before = claims.get(key);
  claims.set(key, before === undefined ? 'one method' : 'several methods');
  if (before !== 'one method') return;
  warnUser(
    `methods of several classes share the circuit "${key}": they have the same name and are decorated by the same line ` +
      'of code. Give each a key',
  );
}
