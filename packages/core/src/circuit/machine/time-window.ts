import type { Memory, Wide } from '../../panel/memory.js';
import { isCurrent } from '../memory/word.js';
import { LAST_MOMENT } from '../../panel/word.js';
import { FAILED, type OutcomeBits, SLOW, type WindowTotals } from './count-window.js';

/**
 * The outcomes of one generation within the last `duration`, in 10 buckets of 4 counters: succeeded and failed, fast and
 * slow. The window covers between 90 % and all of its duration.
 *
 * A counter is one 64-bit cell with the generation and lap that it counts for. So recording an outcome is one
 * compare-and-set, and an old counter is recognized by its lap.
 *
 * ```
 * high [ generation 19 | lap, high 13 ]
 * low  [ lap, low (as many bits as the duration needs) | count ]
 * ```
 *
 * A lap has bits enough for the whole life of a panel, so laps never repeat. The other bits count: 1.2 to 2.6 million
 * outcomes of one kind in a second, depending on the duration. At that number the counter stops.
 */
export interface TimeWindow {
  /** In ms, at least 10. */
  readonly duration: number;
  /** The number at which a counter stops: {@link countRange} of `duration`. */
  readonly range: number;
}

const BUCKETS = 10;
const KINDS = 4;
const LAP_HIGH_BITS = 13;

export const TIME_WINDOW_CELLS: number = BUCKETS * KINDS * 2;

/** The range of the bits that the laps of a panel's whole life leave for counting. */
export function countRange(duration: number): number {
  const lapBits = Math.ceil(Math.log2(LAST_MOMENT / duration + 1));
  return 2 ** (32 - Math.max(0, lapBits - LAP_HIGH_BITS));
}

export function recordInTimeWindow(
  memory: Memory,
  at: number,
  { duration, range }: TimeWindow,
  generation: number,
  outcome: OutcomeBits,
  now: number,
  word: number,
): void {
  const epoch = epochOf(duration, now);
  const lap = Math.floor(epoch / BUCKETS);
  const cell = cellAt(at, epoch, outcome);
  // Two plain reads, which another thread may come between. Then the compare-and-set fails, and the loop reads both
  // halves at once.
  let seen: Wide = { low: memory.peek(cell), high: memory.peek(cell + 1) };
  for (;;) {
    const next = withOneMore(seen, generation, lap, range, () => isCurrent(memory, word, generation));
    if (next !== undefined && memory.compareAndSetWide(cell, seen, next.low, next.high)) return;
    const whole = memory.loadWide(cell);
    if (next === undefined && whole.low === seen.low && whole.high === seen.high) return;
    seen = whole;
  }
}

/** The counter after one more outcome; undefined where the counter does not take the outcome. */
function withOneMore(
  cell: Wide,
  generation: number,
  lap: number,
  range: number,
  isOurs: () => boolean,
): Wide | undefined {
  const its = read(cell, range);
  if (its.generation === generation && its.lap === lap) {
    return its.count + 1 === range ? undefined : { low: cell.low + 1, high: cell.high };
  }
  // A thread that was held up must not overwrite a counter of a later lap or generation.
  if (its.generation === generation ? its.lap > lap : !isOurs()) return undefined;
  const first = pack(generation, lap, range);
  return { low: first.low + 1, high: first.high };
}

export function timeWindowTotals(
  memory: Memory,
  at: number,
  { duration, range }: TimeWindow,
  generation: number,
  now: number,
): WindowTotals {
  const last = epochOf(duration, now);
  let calls = 0;
  let failures = 0;
  let slow = 0;
  for (let epoch = Math.max(0, last - BUCKETS + 1); epoch <= last; epoch++) {
    const lap = Math.floor(epoch / BUCKETS);
    for (let outcome = 0; outcome < KINDS; outcome++) {
      const its = read(memory.loadWide(cellAt(at, epoch, outcome)), range);
      if (its.generation !== generation || its.lap !== lap) continue;
      calls += its.count;
      if ((outcome & FAILED) !== 0) failures += its.count;
      if ((outcome & SLOW) !== 0) slow += its.count;
    }
  }
  return { calls, failures, slow };
}

function epochOf(duration: number, now: number): number {
  return Math.floor((now * BUCKETS) / duration);
}

function cellAt(at: number, epoch: number, outcome: OutcomeBits): number {
  return at + ((epoch % BUCKETS) * KINDS + outcome) * 2;
}

function pack(generation: number, lap: number, range: number): Wide {
  const lapLows = 2 ** 32 / range;
  const low = (lap % lapLows) * range;
  return { low: low | 0, high: (generation << LAP_HIGH_BITS) | Math.floor(lap / lapLows) };
}

function read(cell: Wide, range: number): { generation: number; lap: number; count: number } {
  const low = cell.low >>> 0;
  const lapLow = Math.floor(low / range);
  return {
    generation: cell.high >>> LAP_HIGH_BITS,
    lap: (cell.high & ((1 << LAP_HIGH_BITS) - 1)) * (2 ** 32 / range) + lapLow,
    count: low % range,
  };
}
