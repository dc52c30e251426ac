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
  // A hoisted decorator is made in one place for many methods; a minified helper applies all of them in one place.
  const key = nameOf(ownerOf(method, attached, self), method, bothSites(declaredAt, method.site));
  claim(key, attached);
  return circuits.get(key, policy, declaredAt);
}

/** As many bytes as a key may have. */
const MOST_BYTES = 500;

function nameOf(owner: Class | undefined, { name, isStatic }: DecoratedMethod, site: string): string {
  const member = typeof name === 'symbol' ? `[${String(name)}]` : name;
  const method =
    owner === undefined
      ? member
      : `${owner.name || '(anonymous)'}${typeof name === 'symbol' ? '' : '.'}${member}`;
  const place = `${isStatic ? 'static ' : ''}${site.replace(/[()]/g, '_')}`;
  const key = `${method} (${place})`;
  if (Buffer.byteLength(key) <= MOST_BYTES) return key;
  const line = /:\d+:\d+$/.exec(place)?.[0] ?? '';
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${method.slice(0, 100)} (${digest}${line})`;
}

/** Which decoration each name stands for in this thread. */
const claims = new Map<string, AttachedPolicy>();

/** Two methods with one name would share a circuit, and nobody would know why one is refused for the other's failures. */
function claim(key: string, attached: AttachedPolicy): void {
  const before = claims.get(key);
  if (before !== undefined && before !== attached) {
    process.emitWarning(
      `methods of several classes share the circuit "${key}": they have the same name and are decorated by the same line ` +
        'of code. Give each a key',
      { type: 'SwitchgearWarning' },
    );
  }
  claims.set(key, attached);
}
