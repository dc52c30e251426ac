import type { Transition } from '../../src/circuit/machine/transition.js';
import type { Ending, Run } from '../../src/testing/explore.js';
import type { Did } from './circuit-in-memory.js';

/** Every transition any thread of a run made, in the order of generations. Threads that died did not live to tell. */
export function transitionsOf(run: Run<Did>): readonly Transition[] {
  return returned(run)
    .flatMap(({ transitions }) => transitions)
    .sort((one, other) => one.generation - other.generation);
}

export function returned<Result>(run: Run<Result>): readonly Result[] {
  return run.endings.flatMap((ending) => (ending.kind === 'returned' ? [ending.result] : []));
}

export function died(run: Run<unknown>): number {
  return run.endings.filter((ending) => ending.kind === 'died').length;
}

/** No thread may throw, whatever the others do. */
export function noneThrew(run: Run<unknown>): void {
  const threw = run.endings.find(
    (ending): ending is Ending<unknown> & { kind: 'threw' } => ending.kind === 'threw',
  );
  if (threw !== undefined) throw threw.error;
}
