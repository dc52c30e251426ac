import type { Memory } from './memory.js';
import { giveBackPermits } from './permit-line.js';
import { Field, isAlive, type PanelRecord } from './record.js';
import type { Segments } from './segments.js';
import { type LineHolder, OwnLines } from './own-lines.js';
import { beginLine, countedSite, Line, purposeOf } from './thread-line.js';
import { readWord } from './word.js';

/**
 * The lines that threads have of records.
 *
 * A line belongs to the thread whose id it holds. It hangs on a record, in a list that only grows; the head of the list holds the
 * incarnation of the record as well, so a line that is hung up late never comes into the list of another owner of the record.
 * When a thread has ended, its lines stay where they are: a later thread that uses the record goes on counting in them, and
 * the permits in them come free. A line whose record has gone may serve another one with the same purpose.
 *
 * One object a thread.
 */
export class ThreadLines {
  readonly #memory: Memory;
  readonly #segments: Segments;
  readonly #thread: number;
  readonly #parent: number;
  readonly #own = new OwnLines((line) => this.#isFree(line));
  #hasEnded = false;

  constructor(memory: Memory, segments: Segments, thread: number, parent: number) {
    this.#memory = memory;
    this.#segments = segments;
    this.#thread = thread;
    this.#parent = parent;
  }

  /**
   * This thread's line of a record. To be called once for each record: the holder is to be kept.
   *
   * @returns undefined where memory has run out, the record has gone, or this thread is about to end
   */
  lineOf<Holder extends LineHolder>(
    record: PanelRecord,
    holderOf: (at: number) => Holder,
  ): Holder | undefined {
    if (this.#hasEnded) return undefined;
    const left = this.#takeLeft(record);
    if (left !== undefined) return this.#keep(holderOf(left));
    const purpose = purposeOf(this.#memory, record.at);
    const at =
      this.#own.reuse(purpose) ?? this.#segments.takeLine(purpose, (line) => this.#take(line, purpose));
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
   * Reads all lines in which threads count.
   *
   * @param read given a line, the segment with the line of code, and whether the line's record has gone. It is called again if the
   *   record has gone, or another has come, while it read
   */
  eachCounted<T>(
    read: (line: number, hasGone: boolean) => T,
    visit: (site: number, result: T) => void,
  ): void {
    this.#segments.eachLine((line) => {
      const site = countedSite(this.#memory, line);
      if (site !== undefined) visit(site, this.#readWhole(line, read));
    });
  }

  /**
   * Gives up the lines of a thread that has ended, and of the threads that it had started, and the permits in them.
   *
   * A line is marked by this thread while its permits are given back, so that no two threads do that at once: the later one would
   * take permits from the next thread that has the line. Should this thread die before it is done, the line counts as its own.
   *
   * @param oldest the lowest id among the living workers of this thread. A thread with a lower id whose panel came from this thread
   *   has ended too: ids only go up, a worker has a higher id than the thread that started it, and it ends with that thread
   */
  release(thread: number, oldest = 0): void {
    const ended = new Set([thread]);
    const memory = this.#memory;
    const hasEnded = (owner: number, parent: number): boolean =>
      ended.has(owner) || ended.has(parent) || (parent === this.#thread && owner < oldest);
    for (let known = 0; known !== ended.size;) {
      known = ended.size;
      this.#segments.eachLine((line) => {
        const owner = memory.load(line + Line.thread);
        if (owner === 0) return;
        const isEnded =
          owner < 0 ? ended.has(-owner - 1) : hasEnded(owner - 1, memory.load(line + Line.parent) - 1);
        if (!isEnded) return;
        ended.add(Math.abs(owner) - 1);
        this.#end(line, owner);
      });
    }
    this.#segments.linesReleased();
  }

  /** Gives up the lines of this thread, which is about to end. What it still counts is in no line. */
  leave(): void {
    this.#hasEnded = true;
    for (const holder of this.#own.all()) {
      const { at } = holder;
      holder.detach();
      this.#end(at, this.#thread + 1);
    }
    this.#segments.linesReleased();
  }

  #end(line: number, owner: number): void {
    const memory = this.#memory;
    const marked = -(this.#thread + 1);
    if (!memory.compareAndSet(line + Line.thread, owner, marked)) return;
    this.#giveBack(line);
    memory.compareAndSet(line + Line.thread, marked, 0);
  }

  #giveBack(line: number): void {
    const at = this.#memory.load(line + Line.record);
    if (at === 0 || this.#isFree(line)) return;
    const incarnation = this.#memory.load(line + Line.incarnation);
    giveBackPermits(this.#memory, at, line, this.linesOf({ at, incarnation }));
  }

  #keep<Holder extends LineHolder>(holder: Holder): Holder {
    this.#own.add(this.#memory.load(holder.at + Line.purpose), holder);
    return holder;
  }

  /** A line of the record whose thread has ended, made this thread's. */
  #takeLeft(record: PanelRecord): number | undefined {
    for (const line of this.linesOf(record)) if (this.#claim(line)) return line;
    return undefined;
  }

  /** A line without a thread whose record has gone, made this thread's. */
  #take(line: number, purpose: number): number | undefined {
    const serves = (): boolean => {
      const served = this.#memory.load(line + Line.purpose);
      return (served === 0 || served === purpose) && this.#isFree(line);
    };
    if (this.#memory.load(line + Line.thread) !== 0 || !serves() || !this.#claim(line)) return undefined;
    if (serves()) {
      this.#memory.store(line + Line.purpose, purpose);
      return line;
    }
    // Between the look at it and the claim another thread had it, hung it up, and has ended.
    this.#memory.store(line + Line.thread, 0);
    return undefined;
  }

  #claim(line: number): boolean {
    if (!this.#memory.compareAndSet(line + Line.thread, 0, this.#thread + 1)) return false;
    this.#memory.store(line + Line.parent, this.#parent + 1);
    return true;
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
    // First: as soon as the line names a record that exists, its base is read.
    beginLine(memory, line);
    memory.store(line + Line.record, at);
    memory.store(line + Line.incarnation, incarnation);
    for (;;) {
      const head = memory.loadWide(at + Field.lines);
      if (head.high !== incarnation) return false;
      memory.store(line + Line.next, head.low);
      if (memory.compareAndSetWide(at + Field.lines, head, line, incarnation)) return true;
    }
  }
  #readWhole<T>(line: number, read: (line: number, hasGone: boolean) => T): T {
    const memory = this.#memory;
    for (;;) {
      const record = memory.load(line + Line.record);
      const incarnation = memory.load(line + Line.incarnation);
      const hasGone = this.#isFree(line);
      const result = read(line, hasGone);
      if (
        hasGone === this.#isFree(line) &&
        record === memory.load(line + Line.record) &&
        incarnation === memory.load(line + Line.incarnation)
      )
        return result;
    }
  }
}
