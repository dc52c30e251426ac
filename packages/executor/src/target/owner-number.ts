import type { Owner } from '../protocol/address.js';

const numbers = new WeakMap<Owner, number>();
let owners = 0;

/** The number of a class or function in this thread. */
export function numberOf(owner: Owner): number {
  const number = numbers.get(owner) ?? owners++;
  numbers.set(owner, number);
  return number;
}
