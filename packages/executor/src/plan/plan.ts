/** Where a job runs, and why. */
export interface Plan {
  /** `loop`: one after the other in the calling thread, which handles its events in between. */
  readonly placement: 'loop' | 'workers' | 'inline';
  readonly workers: number;
  /** How long one of the first items took, in ms; undefined if none was measured. */
  readonly itemTime: number | undefined;
  /** How many items were run in the calling thread before the decision. `map` does not run them again. */
  readonly sampled: number;
  /** The plan in one or two sentences. */
  explain(): string;
}

/** What was measured before the decision. */
export interface Measurement {
  /** How many items have run. */
  readonly items: number;
  /** How long one of the last items took, in ms. */
  readonly itemTime: number;
  /** How many items are left; undefined while that is unknown. */
  readonly left: number | undefined;
}

/** What decides how much threads cost. */
export interface ThreadCost {
  readonly workers: number;
  readonly isStarted: boolean;
}

/** What it costs to start the threads. */
const THREAD_START_MS = 60;
/** What it costs to send an item to a worker and its result back. */
const TRANSFER_MS_PER_ITEM = 0.02;
/** Threads take over only if they would be this many times as fast as the loop. */
const MIN_SPEEDUP = 1.25;
/** For a source of unknown length, threads take over from this item time on. */
const ENDLESS_MIN_ITEM_MS = 0.1;

/** Whether the rest of a job would be done sooner by threads than by a loop. */
export function decide(
  { items, itemTime, left }: Measurement,
  { workers, isStarted }: ThreadCost,
): 'loop' | 'workers' {
  if (workers < 2 || items === 0) return 'loop';
  if (left === undefined) return itemTime >= ENDLESS_MIN_ITEM_MS ? 'workers' : 'loop';
  return inThreads(itemTime, left, workers, isStarted) * MIN_SPEEDUP < itemTime * left ? 'workers' : 'loop';
}

function inThreads(itemTime: number, left: number, workers: number, isStarted: boolean): number {
  // Whole items: 3 items on 2 workers take as long as 4.
  const each = Math.ceil(left / workers);
  return (isStarted ? 0 : THREAD_START_MS) + each * (itemTime + TRANSFER_MS_PER_ITEM);
}

export function measuredPlan(
  placement: 'loop' | 'workers',
  { items, itemTime, left }: Measurement,
  { workers, isStarted }: ThreadCost,
): Plan {
  return {
    placement,
    workers: placement === 'loop' ? 0 : workers,
    itemTime: items === 0 ? undefined : itemTime,
    sampled: items,
    explain() {
      const where = placement === 'loop' ? 'A loop in this thread' : `${workers} worker threads`;
      if (items === 0) return `${where}: nothing was measured.`;
      const first = items === 1 ? 'the first item took' : `after ${count(items)} items one took`;
      const tried = `${first} ${time(itemTime)}`;
      if (left === 0)
        return `${where}: ${count(items)} ${items === 1 ? 'item' : 'items'}, the last of them at ${time(itemTime)} each.`;
      if (left === undefined) return `${where}: ${tried}, and how many are left is unknown.`;
      const loop = time(itemTime * left);
      const threads = time(inThreads(itemTime, left, workers, isStarted));
      return `${where}: ${tried}. For the ${count(left)} left a loop would take ${loop}, ${workers} threads ${threads}.`;
    },
  };
}

/** A plan without a measurement. */
export function fixedPlan(placement: 'workers' | 'inline', workers: number, why: string): Plan {
  const where = placement === 'inline' ? 'In this thread' : `${workers} worker threads`;
  return {
    placement,
    workers: placement === 'inline' ? 0 : workers,
    itemTime: undefined,
    sampled: 0,
    explain: () => `${where}: ${why}.`,
  };
}

function time(ms: number): string {
  if (ms < 0.001) return 'less than 1 µs';
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}

function count(items: number): string {
  return items.toLocaleString('en');
}
