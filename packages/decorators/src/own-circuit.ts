import { createHash } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import {
  type CircuitBreaker,
  type CircuitBreakerPolicy,
  circuits,
  isKeyConflictError,
} from '@switchgear/core';
import type { WrittenPolicy } from '@switchgear/core/kit';
import type { Class, DecoratedMethod } from './decorate-method.js';
import { ownerOf } from './owner.js';
import { bothSites } from './site.js';

/**
 * The circuit of a method whose decorator names none. Its name says class, method and where that is, and is the same in every
 * thread; people are shown `Class.method`. All instances share it, and so do subclasses that inherit the method.
 *
 * @param declaredAt where the decorator was made
 * @param self the `this` of a call: in standard mode it leads to the class
 * @param written what the stack of the method says of this circuit
 */
export function ownCircuit(
  policy: CircuitBreakerPolicy,
  declaredAt: string,
  method: DecoratedMethod,
  written: WrittenPolicy,
  self: unknown,
): CircuitBreaker {
  const known = keys.get(written);
  if (known !== undefined) return circuits.get(known, policy, declaredAt);
  // A hoisted decorator is made in one place for many methods; a minified helper applies all of them in one place.
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
    // The classes of a factory: one line of code, and a policy for each. All threads name them apart in the same way.
    const digest = digestOf(JSON.stringify(policy)).slice(0, 8);
    return circuits.get(key.replace(/ \(([^()]*)\)$/, ` (#${digest} $1)`), policy, declaredAt);
  }
}

/** The name that a method's circuit was first found by: it stays, whatever the `this` of later calls leads to. */
const keys = new WeakMap<WrittenPolicy, string>();

/** Whether the circuit of a method has been found before. */
export function isNamed(written: WrittenPolicy): boolean {
  return keys.has(written);
}

/** As many bytes as a key may have. */
const MAX_BYTES = 500;

const HALVES = /\p{Surrogate}/gu;

function nameOf(owner: Class | undefined, { name, isStatic }: DecoratedMethod, site: string): string {
  const member = typeof name === 'symbol' ? `[${String(name)}]` : name;
  const method =
    owner === undefined ? member : `${classNameOf(owner)}${typeof name === 'symbol' ? '' : '.'}${member}`;
  // It ends in a column, by which messages know it; that of evaluated code stands in brackets.
  const line = site.replace(/\)+$/, '').replace(/[()]/g, '_');
  // Code that stands in no file is not known to be the same in another thread.
  const where = /[\\/]/.test(line) ? line : `thread ${threadId}, ${line}`;
  const place = `${isStatic ? 'static ' : ''}${where}`;
  // Halves of characters cannot be in a key.
  const key = `${method} (${place})`.replace(HALVES, '\ufffd');
  if (Buffer.byteLength(key) <= MAX_BYTES) return key;
  const end = /:\d+:\d+$/.exec(place)?.[0] ?? '';
  return `${method.slice(0, 100).replace(HALVES, '\ufffd')} (${digestOf(key).slice(0, 32)}${end})`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A class may have a static member of that name. */
function classNameOf({ name }: { readonly name: unknown }): string {
  return typeof name === 'string' && name !== '' ? name : '(anonymous)';
}

/** The names there are in this thread, and whether their being shared was told. */
const claims = new Map<string, 'claimed' | 'told'>();

/** Two methods with one name would share a circuit, and nobody would know why one is refused for the other's failures. */
function claim(key: string): void {
  const before = claims.get(key);
  claims.set(key, before === undefined ? 'claimed' : 'told');
  if (before !== 'claimed') return;
  process.emitWarning(
    `methods of several classes share the circuit "${key}": they have the same name and are decorated by the same line ` +
      'of code. Give each a key',
    { type: 'SwitchgearWarning' },
  );
}
