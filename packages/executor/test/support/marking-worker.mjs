import { Parallel } from '@switchgear/executor';

/** Applies the decorator in a module that is not the class's. */
export function markFor(module) {
  return Parallel(module === undefined ? {} : { module });
}
