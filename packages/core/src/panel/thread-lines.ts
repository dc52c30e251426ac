import type { Memory } from './memory.js';
import { giveBackPermits } from './permit-line.js';
import { Field, isAlive, type PanelRecord } from './record.js';
import type { Segments } from './segments.js';
import { Line, LINE_CELLS } from './thread-line.js';
import { readWord } from './word.js';

/** How many of its own lines a thread looks at for one whose record has gone, before it takes another. */
const MAX_LOOKS = 16;

/** Through what a thread uses one of its lines. */
export interface LineHolder {
  readonly at: number;
  /** The record is gone, and the line is to serve another one. */
  detach(): void;
}

/**
 * The lines that threads have of records.
 *
 * A line belongs to the thread whose id it holds. It hangs on a record, in a list that only grows; the head of the list holds the
 * incarnation of the record as well, so a line that is hung up late never comes into the list of another owner of the record.
 * When a thread has ended, its lines stay where they are: a later thread that uses the record goes on counting in them, and
 * the permits in them come free. A line whose record has gone may serve another one.
 *
 * One object a thread.
 */
export class ThreadLines {
  readonly #memory: Memory;
  readonly #segments: Segments;
  readonly #thread: number;
  readonly #parent: number;
  readonly #own: LineHolder[] = [];
  #hand = 0;

  constructor(memory: Memory, segments: Segments, thread: number, parent: number) {
    this.#memory = memory;
    this.#segments = segments;
    this.#thread = thread;
    this.#parent = parent;
  }

  /**
   * This thread's line of a record. To be called once for each record: the holder is to be kept.
   *
   * @returns undefined where memory has run out, or the record has gone
   */
  lineOf<Holder extends LineHolder>(
    record: PanelRecord,
    holderOf: (at: number) => Holder,
  ): Holder | undefined {
    const left = this.#takeLeft(record);
    if (left !== undefined) return this.#keep(holderOf(left));
    const at = this.#reuse() ?? this.#segments.takeLine((line) => this.#take(line));
    if (at === undefined) return undefined;
    const holder = this.#keep(holderOf(at));
    return this.#hangUp(at, record) ? holder : undefined;
  }

  /** The lines of a record, of all threads, those that have ended included. */
  *linesOf({ at, incarnation }: Pick<PanelRecord, 'at' | 'incarnation'>): Generator<number> {
    const memory = this.#memory;
    const head = memory.loadWide(at + Field.lines);
    if (head.high !== incarnation) return;
    for (let line = head.low; line !== 0; line = memory.load(line + Line.next)) {
      // Should the record go meanwhile, its lines may come into the list of another.
      if (memory.load(line + Line.record) !== at || memory.load(line + Line.incarnation) !== incarnation)
        return;
      yield line;
    }
  }

  /**
   * Gives the lines of a thread that has ended, and of those that it had started, to whoever needs them, and the permits in them back.
   *
   * A line is marked by this thread while its permits are given back, so that no two threads do that at once: the later one would
   * take permits from the next thread that has the line. Should this thread die before it is done, the line counts as its own.
   */
  release(thread: number): void {
    const ended = new Set([thread]);
    const memory = this.#memory;
    for (let known = 0; known !== ended.size;) {
      known = ended.size;
      this.#segments.eachLine((line) => {
        const owner = memory.load(line + Line.thread);
        if (owner === 0) return;
        const isOwned = ended.has(Math.abs(owner) - 1);
        if (!isOwned && !(owner > 0 && ended.has(memory.load(line + Line.parent) - 1))) return;
        ended.add(Math.abs(owner) - 1);
        const marked = -(this.#thread + 1);
        if (!memory.compareAndSet(line + Line.thread, owner, marked)) return;
        this.#giveBack(line);
        memory.compareAndSet(line + Line.thread, marked, 0);
      });
    }
    this.#segments.linesReleased();
  }

  #giveBack(line: number): void {
    const at = this.#memory.load(line + Line.record);
    if (at === 0 || this.#isFree(line)) return;
    const incarnation = this.#memory.load(line + Line.incarnation);
    giveBackPermits(this.#memory, at, line, this.linesOf({ at, incarnation }));
  }

  #keep<Holder extends LineHolder>(holder: Holder): Holder {
    this.#own.push(holder);
    return holder;
  }

  /** A line of the record whose thread has ended, made this thread's. */
  #takeLeft(record: PanelRecord): number | undefined {
    for (const line of this.linesOf(record)) if (this.#claim(line)) return line;
    return undefined;
  }

  /** A line without a thread whose record has gone, made this thread's. */
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

  /** A line of this thread whose record has gone. */
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

  /** Whether the record that a line was hung on has gone; it never comes back. */
  #isFree(line: number): boolean {
    const at = this.#memory.load(line + Line.record);
    if (at === 0) return true;
    const incarnation = this.#memory.load(line + Line.incarnation);
    return !isAlive(this.#memory, { at, incarnation, parts: 0 }, readWord(this.#memory, at));
  }

  /** Hangs a line of this thread on a record; false if the record has gone. */
  #hangUp(line: number, { at, incarnation }: PanelRecord): boolean {
    const memory = this.#memory;
    memory.store(line + Line.record, at);
    memory.store(line + Line.incarnation, incarnation);
    for (let cell: number = Line.own; cell < LINE_CELLS; cell += 2) memory.storeWide(line + cell, 0, 0);
    for (;;) {
      const head = memory.loadWide(at + Field.lines);
      if (head.high !== incarnation) return false;
      memory.store(line + Line.next, head.low);
      if (memory.compareAndSetWide(at + Field.lines, head, line, incarnation)) return true;
    }
  }
}
