import type { Memory } from './memory.js';
import { type CircuitRecord, Field, isAlive } from './record.js';
import { type CircuitTotals, Line, lineNowhere, readTotals, TotalsLine } from '../circuit/memory/totals-line.js';
import { readWord } from '../circuit/memory/word.js';
import type { Segments } from './segments.js';

/** How many of its own lines a thread looks at for one whose circuit has gone, before it takes another. */
const MAX_LOOKS = 16;

const NOTHING: CircuitTotals = { succeeded: 0, failed: 0, ignored: 0, refused: 0, slow: 0 };

/**
 * The lines in which threads count the calls of circuits.
 *
 * A line belongs to the thread whose id it holds. It hangs on the record of a circuit, in a list that only grows; the head of the
 * list holds the incarnation of the circuit as well, so a line that is hung up late never comes into the list of another circuit.
 * When a thread has ended, its lines stay where they are with all that they have counted, and a later thread that calls the
 * circuit goes on counting in them. A line whose circuit has gone may serve another one.
 *
 * One object a thread.
 */
export class Totals {
  readonly #memory: Memory;
  readonly #segments: Segments;
  readonly #thread: number;
  readonly #parent: number;
  readonly #own: TotalsLine[] = [];
  #hand = 0;

  constructor(memory: Memory, segments: Segments, thread: number, parent: number) {
    this.#memory = memory;
    this.#segments = segments;
    this.#thread = thread;
    this.#parent = parent;
  }

  /** Where this thread counts the calls of a circuit; a line that nobody reads where memory has run out. */
  lineOf(record: CircuitRecord): TotalsLine {
    const left = this.#takeLeft(record);
    if (left !== undefined) return this.#keep(new TotalsLine(this.#memory, left, record));
    const at = this.#reuse() ?? this.#segments.takeLine((line) => this.#take(line));
    if (at === undefined) return lineNowhere(record);
    const line = this.#keep(new TotalsLine(this.#memory, at, record));
    return this.#hangUp(at, record) ? line : lineNowhere(record);
  }

  /** What all threads have counted for a circuit. */
  sumOf(record: CircuitRecord): CircuitTotals {
    const sum = { ...NOTHING };
    for (const line of this.#linesOf(record)) {
      const totals = readTotals(this.#memory, line);
      for (const name of Object.keys(sum) as (keyof CircuitTotals)[]) sum[name] += totals[name];
    }
    return sum;
  }

  /** Gives the lines of a thread that has ended, and of those that it had started, to whoever needs them. */
  release(thread: number): void {
    const ended = new Set([thread]);
    const memory = this.#memory;
    for (let known = 0; known !== ended.size;) {
      known = ended.size;
      this.#segments.eachLine((line) => {
        const owner = memory.load(line + Line.thread);
        if (owner === 0 || !(ended.has(owner - 1) || ended.has(memory.load(line + Line.parent) - 1))) return;
        ended.add(owner - 1);
        memory.compareAndSet(line + Line.thread, owner, 0);
      });
    }
    this.#segments.linesReleased();
  }

  #keep(line: TotalsLine): TotalsLine {
    this.#own.push(line);
    return line;
  }

  /** A line of the circuit whose thread has ended, made this thread's. */
  #takeLeft(record: CircuitRecord): number | undefined {
    for (const line of this.#linesOf(record)) if (this.#claim(line)) return line;
    return undefined;
  }

  /** A line without a thread whose circuit has gone, made this thread's. */
  #take(line: number): number | undefined {
    if (this.#memory.load(line + Line.thread) !== 0 || !this.#isFree(line) || !this.#claim(line))
      return undefined;
    if (this.#isFree(line)) return line;
    // Between the look at it and the claim another thread had it, hung it up, and has ended.
    this.#memory.store(line + Line.thread, 0);
    return undefined;
  }

  #claim(line: number): boolean {
    if (!this.#memory.compareAndSet(line + Line.thread, 0, this.#thread + 1)) return false;
    this.#memory.store(line + Line.parent, this.#parent + 1);
    return true;
  }

  /** A line of this thread whose circuit has gone. */
  #reuse(): number | undefined {
    for (let looks = Math.min(MAX_LOOKS, this.#own.length); looks > 0; looks--) {
      this.#hand = (this.#hand + 1) % this.#own.length;
      const line = this.#own[this.#hand];
      if (!this.#isFree(line.at)) continue;
      const { at } = line;
      line.detach();
      const last = this.#own.pop();
      if (last !== undefined && last !== line) this.#own[this.#hand] = last;
      return at;
    }
    return undefined;
  }

  /** Whether the circuit that a line was hung on has gone; it never comes back. */
  #isFree(line: number): boolean {
    const at = this.#memory.load(line + Line.record);
    if (at === 0) return true;
    const incarnation = this.#memory.load(line + Line.incarnation);
    return !isAlive(this.#memory, { at, incarnation, permits: 0 }, readWord(this.#memory, at));
  }

  /** Hangs a line of this thread on a circuit; false if the circuit has gone. */
  #hangUp(line: number, { at, incarnation }: CircuitRecord): boolean {
    const memory = this.#memory;
    memory.store(line + Line.record, at);
    memory.store(line + Line.incarnation, incarnation);
    for (let counter: number = Line.succeeded; counter <= Line.slow; counter += 2)
      memory.storeWide(line + counter, 0, 0);
    for (;;) {
      const head = memory.loadWide(at + Field.lines);
      if (head.high !== incarnation) return false;
      memory.store(line + Line.next, head.low);
      if (memory.compareAndSetWide(at + Field.lines, head, line, incarnation)) return true;
    }
  }

  *#linesOf({ at, incarnation }: CircuitRecord): Generator<number> {
    const memory = this.#memory;
    const head = memory.loadWide(at + Field.lines);
    if (head.high !== incarnation) return;
    for (let line = head.low; line !== 0; line = memory.load(line + Line.next)) {
      // Should the circuit go meanwhile, its lines may come into the list of another.
      if (memory.load(line + Line.record) !== at || memory.load(line + Line.incarnation) !== incarnation)
        return;
      yield line;
    }
  }
}
