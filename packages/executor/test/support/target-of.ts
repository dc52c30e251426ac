import type { Owner, Target } from '../../src/protocol/address.js';
import { LoadedTarget } from '../../src/target/loaded-target.js';
import { numberOf } from '../../src/target/owner-number.js';

/** The target of a method of a class that would be in this module. */
export function targetOf(owner: Owner, module: string, method: string): Target {
  const address = { module, isRequired: false, ownerName: owner.name, place: '1:1', digest: 'digest' };
  return { address, kind: 'method', method, name: `${owner.name}.${method}`, ownerNumber: numberOf(owner) };
}

/** The method `method` of an object, ready to be called. */
export function loadedOf(instance: { method(item: never): unknown }): LoadedTarget {
  return new LoadedTarget(instance, (item) => instance.method(item as never), {});
}
