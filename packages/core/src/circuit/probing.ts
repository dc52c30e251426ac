import { AsyncLocalStorage } from 'node:async_hooks';
import type { Admitted } from './machine.js';
import type { Memory } from './memory.js';
import type { Place } from './place.js';
import { Phase } from './word.js';

/** A probe whose outcome is awaited, and the probes of other circuits around it. */
export interface RunningProbe {
  readonly memory: Memory;
  readonly place: Place;
  readonly tag: number;
  readonly around: RunningProbe | undefined;
  isOver: boolean;
}

/**
 * Which probes the running code is part of, so that a call of the same circuit inside one rides on its permit.
 *
 * Following asynchronous calls slows down every promise of the process on Node 20 and 22, so it is on only while a probe
 * is out, and is made only for the first.
 */
let storage: AsyncLocalStorage<RunningProbe> | undefined;
let out = 0;

/** Runs `fn` as a probe. The caller {@link endProbe}s it when the outcome is there. */
export function runProbe<R>(memory: Memory, permit: Admitted, fn: (probe: RunningProbe) => R): R {
  storage ??= new AsyncLocalStorage();
  out++;
  const { place, tag } = permit;
  const probe: RunningProbe = { memory, place, tag, around: storage.getStore(), isOver: false };
  return storage.run(probe, fn, probe);
}

export function endProbe(probe: RunningProbe): void {
  probe.isOver = true;
  if (--out === 0) storage?.disable();
}

/**
 * Leave to ride on a probe of the same circuit that the running code is part of; the outcome counts as nothing. Undefined
 * where there is none, or the circuit has moved on since.
 */
export function rideOnProbe(memory: Memory, at: number): Admitted | undefined {
  if (out === 0) return undefined;
  const tag = memory.load(at);
  for (let it = storage?.getStore(); it !== undefined; it = it.around) {
    if (it.memory === memory && it.place.at === at && it.tag === tag && !it.isOver) {
      return { place: it.place, tag: Phase.free, probe: undefined };
    }
  }
  return undefined;
}
