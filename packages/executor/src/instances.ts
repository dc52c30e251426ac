import { isDeepStrictEqual } from 'node:util';
import type { Class } from './registrations.js';

/** Numbers the instances that a thread makes: one for each class and its arguments. */
export class Instances {
  readonly #known: { readonly owner: Class; readonly constructorArgs: readonly unknown[] }[] = [];

  numberOf(owner: Class, constructorArgs: readonly unknown[]): number {
    const index = this.#known.findIndex(
      (one) => one.owner === owner && isDeepStrictEqual(one.constructorArgs, constructorArgs),
    );
    return index === -1 ? this.#known.push({ owner, constructorArgs }) - 1 : index;
  }
}
