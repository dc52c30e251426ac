import { createHash } from 'node:crypto';
import { Serializer } from 'node:v8';
import type { Owner } from '../protocol/address.js';

/** Numbers the instances that a thread makes: one for each class and its arguments. A function has a number, too, and no instance. */
export class Instances {
  readonly #numbers = new WeakMap<Owner, Map<string, number>>();
  #count = 0;

  /** Arguments are the same if their clones would be equal now. Shared memory is compared by identity. */
  numberOf(owner: Owner, constructorArgs: readonly unknown[]): number {
    let numbers = this.#numbers.get(owner);
    if (numbers === undefined) this.#numbers.set(owner, (numbers = new Map<string, number>()));
    const key = constructorArgs.length === 0 ? '' : keyOf(constructorArgs);
    const number = numbers.get(key);
    if (number !== undefined) return number;
    numbers.set(key, this.#count);
    return this.#count++;
  }
}

/** Arguments that cannot be cloned are compared by identity. */
function keyOf(constructorArgs: readonly unknown[]): string {
  try {
    const serializer = new ArgumentSerializer();
    serializer.writeValue(constructorArgs);
    // A digest, since arguments may be large.
    return createHash('sha256').update(serializer.releaseBuffer()).digest('base64');
  } catch {
    return constructorArgs.map(identityOf).join();
  }
}

class ArgumentSerializer extends Serializer {
  /** V8 calls this for each shared buffer. */
  _getSharedArrayBufferId(memory: SharedArrayBuffer): number {
    return numberOfObject(memory);
  }
}

const numbersOfObjects = new WeakMap<object, number>();
let objects = 0;

function numberOfObject(object: object): number {
  const number = numbersOfObjects.get(object) ?? objects++;
  numbersOfObjects.set(object, number);
  return number;
}

function identityOf(value: unknown): string {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject ? `object ${numberOfObject(value)}` : `${typeof value} ${String(value)}`;
}
