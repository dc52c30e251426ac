import { AsyncLocalStorage } from 'node:async_hooks';
import { threadSingleton } from '../../process/thread-singleton.js';
import type { Admission } from '../machine/transition.js';
import type { SharedMemory } from '../../panel/memory.js';
import type { PanelRecord } from '../../panel/record.js';
import { Phase } from '../memory/word.js';

/** A probe whose outcome is awaited, and the probes of other circuits around it. */
export interface RunningProbe {
  readonly memory: SharedMemory;
  readonly record: PanelRecord;
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
interface Probing {
  storage: AsyncLocalStorage<RunningProbe> | undefined;
  readonly out: Set<RunningProbe>;
}

const probing = threadSingleton<Probing>('probing', () => ({ storage: undefined, out: new Set() }));

/** A probe is out, until {@link endProbe} says that its outcome is there. */
export function beginProbe(memory: SharedMemory, { record, tag }: Admission): RunningProbe {
  const storage = (probing.storage ??= new AsyncLocalStorage());
  // A probe that hangs for good must not keep the following on for good: its circuit has moved on without it.
  for (const other of probing.out) if (other.memory.load(other.record.at) !== other.tag) endProbe(other);
  const probe = { memory, record, tag, around: storage.getStore(), isOver: false };
  probing.out.add(probe);
  return probe;
}

/** Runs a function, and all that it starts, as part of a probe. */
export function insideProbe<R>(probe: RunningProbe, fn: () => R): R {
  return probing.storage === undefined ? fn() : probing.storage.run(probe, fn);
}

export function endProbe(probe: RunningProbe): void {
  probe.isOver = true;
  if (probing.out.delete(probe) && probing.out.size === 0) probing.storage?.disable();
}

/**
 * Leave to ride on a probe of the same circuit that the running code is part of; the outcome counts as nothing. Undefined
 * where there is none, or the circuit has moved on since.
 */
export function rideOnProbe(memory: SharedMemory, at: number): Admission | undefined {
  if (probing.out.size === 0) return undefined;
  const tag = memory.load(at);
  const { buffer } = memory.cells;
  for (let it = probing.storage?.getStore(); it !== undefined; it = it.around) {
    if (it.memory.cells.buffer === buffer && it.record.at === at && it.tag === tag && !it.isOver) {
      return { status: 'admitted', record: it.record, tag: Phase.free, probe: undefined };
    }
  }
  return undefined;
}
