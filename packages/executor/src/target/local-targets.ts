import { TargetError } from '../errors.js';
import type { Class, Target } from '../protocol/address.js';
import { Instances } from './instances.js';
import { bindTarget, type LoadedTarget } from './loaded-target.js';

/** The classes that jobs use in this thread, and their instances: one for each class and its arguments. */
export class LocalTargets {
  readonly #numbers = new Instances();
  readonly #instances = new Map<number, unknown>();

  readonly #classes = new Map<string, Class>();

  /** Remembers the class of a target. In this thread it is at hand and has not to be imported. */
  remember(owner: Class, { address }: Target): void {
    this.#classes.set(JSON.stringify(address), owner);
  }

  /** @throws TargetError for a class that was not remembered */
  classOf({ address, name }: Target): Class {
    const owner = this.#classes.get(JSON.stringify(address));
    if (owner === undefined) throw new TargetError(`${name}: this thread does not know the class`);
    return owner;
  }

  /** @throws what the constructor throws */
  get(owner: Class, target: Target, constructorArgs: readonly unknown[]): LoadedTarget {
    const number = this.#numbers.numberOf(owner, constructorArgs);
    return bindTarget(owner, target, number, constructorArgs, this.#instances);
  }
}
