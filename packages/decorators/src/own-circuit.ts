import { createHash } from 'node:crypto';
import { type CircuitBreaker, type CircuitBreakerPolicy, circuits } from '@switchgear/core';
import type { AttachedPolicy } from './attached-policy.js';
import type { Class, DecoratedMethod } from './decorate-method.js';
import { ownerOf } from './owner.js';
import { bothSites } from './site.js';

/**
 * The circuit of a method whose decorator names none. Its name says class, method and where that is, and is the same in every
 * thread; people are shown `Class.method`. All instances share it, and so do subclasses that inherit the method.
 *
 * @param declaredAt where the decorator was made
 * @param self the `this` of a call: in standard mode it leads to the class
 * @param attached what the decorator has written on the method
 */
export function ownCircuit(
  policy: CircuitBreakerPolicy,
  declaredAt: string,
  method: DecoratedMethod,
  attached: AttachedPolicy,
  self: unknown,
): CircuitBreaker {
  let key = keys.get(attached);
  if (key === undefined) {
    // A hoisted decorator is made in one place for many methods; a minified helper applies all of them in one place.
    key = nameOf(ownerOf(method, attached, self), method, bothSites(declaredAt, method.site));
    keys.set(attached, key);
    claim(key);
  }
  return circuits.get(key, policy, declaredAt);
}

/** The name that a method's circuit was first found by: it stays, whatever the `this` of later calls leads to. */
const keys = new WeakMap<AttachedPolicy, string>();

/** Whether the circuit of a method has been found before. */
export function isNamed(attached: AttachedPolicy): boolean {
  return keys.has(attached);
}

/** As many bytes as a key may have. */
const MOST_BYTES = 500;

const HALVES = /\p{Surrogate}/gu;

function nameOf(owner: Class | undefined, { name, isStatic }: DecoratedMethod, site: string): string {
  const member = typeof name === 'symbol' ? `[${String(name)}]` : name;
  const method =
    owner === undefined ? member : `${classNameOf(owner)}${typeof name === 'symbol' ? '' : '.'}${member}`;
  // It ends in a column, by which messages know it; that of evaluated code stands in brackets.
  const place = `${isStatic ? 'static ' : ''}${site.replace(/\)+$/, '').replace(/[()]/g, '_')}`;
  // Halves of characters cannot be in a key.
  const key = `${method} (${place})`.replace(HALVES, '\ufffd');
  if (Buffer.byteLength(key) <= MOST_BYTES) return key;
  const line = /:\d+:\d+$/.exec(place)?.[0] ?? '';
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${method.slice(0, 100).replace(HALVES, '\ufffd')} (${digest}${line})`;
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
