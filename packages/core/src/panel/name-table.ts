import { Header, indexOf, type Layout, layoutCells, recordAt } from './layout.js';
import type { Memory, Wide } from './memory.js';
import { Field, isAlive, type PanelRecord } from './record.js';
import { type RecordKind, hashIn, kindNumber } from './record-kind.js';
import { isText, readText, type Text, writeText } from './text.js';
import {
  freeWord,
  GENERATION_BITS,
  generationOf,
  isLive,
  Stage,
  stageOf,
  nextGeneration,
  readWord,
  replaceWord,
  tagOf,
  type Word,
} from './word.js';
import { partsAt, roundText, type Segments, type Shape, textAt } from './segments.js';
import { initialUse, wasIdle } from './usage-mark.js';

/** The data of a new record besides its name. */
export interface Declaration {
  readonly kind: RecordKind;
  /** Writes the cells of the kind's own into a new record, before any thread can find it. */
  readonly begin?: (memory: Memory, at: number) => void;
  /** The sizes of the parts of its segment, in cells. */
  readonly head: number;
  readonly body: number;
  readonly fingerprint: number;
  readonly sources: number;
  readonly declaredAt: number;
  readonly policy: number;
}

interface Free {
  readonly at: number;
  readonly word: Word;
}

export type Made = PanelRecord | 'no record' | 'no memory';

/** The number of records that a name may be in. If 80 % of all records are taken, all of these are for one name in 2·10¹². */
const MAX_BUCKETS_PER_NAME = 128;

/**
 * A hash table from kind and name to the record of a circuit, a bulkhead or a rate limit.
 *
 * **Buckets.** The records are the buckets. A name may be in any of 128 records, and a search looks at all of them. So
 * removal leaves no tombstones.
 *
 * **Commit.** A new name is written into a reserved record, which searches skip. Then one compare-and-set of the panel's
 * commit cell, which names the record, makes the name valid for all threads. The compare-and-set fails if another name
 * was committed since the search for this one began, so that a name is never in two records.
 *
 * **Death.** Every operation begins by finishing the last commit. A thread that dies right after its commit has made its
 * record. A thread that dies before leaves a reserved record, which {@link reclaim} frees.
 */
export class NameTable {
  readonly #memory: Memory;
  readonly #layout: Layout;
  readonly #segments: Segments;
  readonly #thread: number;
  /** The index of the next record that {@link make} looks at. */
  #cursor = 0;
  /** The index of the next record that {@link evictIdle} looks at. */
  #hand = 0;

  constructor(memory: Memory, layout: Layout, segments: Segments, thread: number) {
    this.#memory = memory;
    this.#layout = layout;
    this.#segments = segments;
    this.#thread = thread;
  }

  find(kind: RecordKind, name: Text): PanelRecord | undefined {
    this.#finishCommit();
    return this.#search(kindNumber(kind), name).match;
  }

  /** The record of that kind and name, made if there is none. */
  findOrMake(name: Text, declaration: Declaration): Made {
    const kind = kindNumber(declaration.kind);
    for (;;) {
      let commit = this.#finishCommit();
      const { match, free } = this.#search(kind, name);
      if (match !== undefined) return match;
      if (free === undefined) return 'no record';
      const made = this.#reserve(free, name, declaration);
      if (made === 'lost') continue;
      if (made === 'no memory') return made;
      for (;;) {
        if (this.#commit(commit, made)) return made;
        // Another thread has committed a name, and it may have been this one.
        commit = this.#finishCommit();
        const { match: madeByOther } = this.#search(kind, name);
        if (madeByOther === undefined) continue;
        this.#release(made);
        return madeByOther;
      }
    }
  }

  /** Makes a record without a name, which no other thread can find. */
  make(declaration: Declaration): Made {
    const { recordCount } = this.#layout;
    for (let tries = 0; tries < recordCount; tries++) {
      const index = (this.#cursor + tries) % recordCount;
      const word = readWord(this.#memory, recordAt(this.#layout, index));
      if (stageOf(word.low) !== Stage.free) continue;
      const made = this.#reserve({ at: recordAt(this.#layout, index), word }, undefined, declaration);
      if (made === 'lost') continue;
      if (made === 'no memory') return made;
      this.#cursor = index + 1;
      this.#goLive(made.at, made.incarnation);
      return made;
    }
    return 'no record';
  }

  /**
   * Frees a record for other names. Handles of other threads see another generation from then on.
   *
   * @returns false if the record has another owner by now, or `removable` does not accept its word
   */
  remove(record: PanelRecord, removable: (word: Word) => boolean): boolean {
    for (;;) {
      const word = readWord(this.#memory, record.at);
      if (!isAlive(this.#memory, record, word) || !removable(word)) return false;
      if (!replaceWord(this.#memory, record.at, word, freeWord(nextGeneration(word.low)))) continue;
      this.#segments.released(record.at);
      return true;
    }
  }

  /**
   * Removes one record that is in its first phase, idle and not pinned, if there is one.
   *
   * Each thread evicts the records that it has made for keys. This evicts those of threads that have ended as well.
   */
  evictIdle(): boolean {
    const { recordCount } = this.#layout;
    // Two rounds: the first clears the marks of use.
    for (let step = 0; step < 2 * recordCount; step++) {
      const at = recordAt(this.#layout, this.#hand);
      this.#hand = (this.#hand + 1) % recordCount;
      if (stageOf(this.#memory.peek(at)) !== Stage.live) continue;
      const incarnation = this.#memory.load(at + Field.incarnation);
      if (this.#memory.load(at + Field.nameLength) === 0 || !wasIdle(this.#memory, at)) continue;
      if (this.remove({ at, incarnation, parts: 0 }, ({ low }) => stageOf(low) === Stage.live)) return true;
    }
    return false;
  }

  /** Every record of a kind that has a name. */
  all(kind: RecordKind): readonly { readonly name: string; readonly record: PanelRecord }[] {
    this.#finishCommit();
    const named: { readonly name: string; readonly record: PanelRecord }[] = [];
    for (let index = 0; index < this.#layout.recordCount; index++) {
      const at = recordAt(this.#layout, index);
      // Most records are free. A plain read is fast enough for tens of thousands of them.
      const isCandidate =
        isLive(stageOf(this.#memory.peek(at))) && this.#memory.peek(at + Field.kind) === kindNumber(kind);
      const entry = isCandidate ? this.nameAt(at) : undefined;
      if (entry !== undefined) named.push(entry);
    }
    return named;
  }

  /** The name in a record; undefined if it has none. */
  nameAt(at: number): { readonly name: string; readonly record: PanelRecord } | undefined {
    const whole = this.#readWhole(at, (segment, bytes) =>
      bytes === 0 ? undefined : readText(this.#memory, textAt(segment), bytes),
    );
    return whole?.result === undefined ? undefined : { name: whole.result, record: whole.record };
  }

  /**
   * Frees the records that a thread had reserved when it died, and those of its records without a name, which no other
   * thread can find.
   *
   * Only for threads that have ended, because a running thread may still write to its records.
   */
  reclaim(thread: number): number {
    this.#finishCommit();
    let reclaimed = 0;
    for (let index = 0; index < this.#layout.recordCount; index++) {
      const at = recordAt(this.#layout, index);
      const word = readWord(this.#memory, at);
      if (!this.#belongsTo(thread, at, word)) continue;
      if (!replaceWord(this.#memory, at, word, freeWord(nextGeneration(word.low)))) continue;
      this.#segments.released(at);
      reclaimed++;
    }
    return reclaimed;
  }

  #belongsTo(thread: number, at: number, word: Word): boolean {
    if (stageOf(word.low) === Stage.reserved) return word.high === thread;
    if (!isLive(stageOf(word.low)) || this.#memory.load(at + Field.nameLength) !== 0) return false;
    return this.#memory.load(at + Field.nameHash) === thread;
  }

  /** The record with that name, and the first free record that the name may be written to. */
  #search(kind: number, name: Text): { match: PanelRecord | undefined; free: Free | undefined } {
    const { recordCount } = this.#layout;
    // Double hashing. The number of records is a prime, so any step visits all of them.
    const hash = hashIn(kind, name);
    const step = 1 + ((hash >>> 15) % Math.max(1, recordCount - 1));
    let free: Free | undefined;
    for (let i = 0; i < Math.min(MAX_BUCKETS_PER_NAME, recordCount); i++) {
      const at = recordAt(this.#layout, ((hash >>> 0) + i * step) % recordCount);
      const word = readWord(this.#memory, at);
      if (stageOf(word.low) === Stage.free) free ??= { at, word };
      else if (isLive(stageOf(word.low))) {
        const match = this.#match(at, kind, name);
        if (match !== undefined) return { match, free };
      }
    }
    return { match: undefined, free };
  }

  #match(at: number, kind: number, name: Text): PanelRecord | undefined {
    // Nearly every record of another name ends here.
    if (this.#memory.load(at + Field.nameHash) !== hashIn(kind, name)) return undefined;
    const isIt = (segment: number, bytes: number): boolean =>
      bytes === name.bytes &&
      this.#memory.load(at + Field.kind) === kind &&
      isText(this.#memory, textAt(segment), name);
    const whole = this.#readWhole(at, isIt);
    return whole?.result === true ? whole.record : undefined;
  }

  /**
   * Reads fields of a record that belong to one owner. The incarnation is read before and after: the next owner of the
   * record changes the incarnation first, and goes live after it has written all other fields.
   */
  #readWhole<T>(
    at: number,
    read: (segment: number, bytes: number) => T,
  ): { readonly record: PanelRecord; readonly result: T } | undefined {
    const incarnation = this.#memory.load(at + Field.incarnation);
    if (!isLive(stageOf(this.#memory.load(at)))) return undefined;
    const segment = this.#memory.load(at + Field.segment);
    const bytes = this.#memory.load(at + Field.nameLength);
    // If the two are of different owners, the text may be outside of the memory.
    if (textAt(segment) + Math.ceil(bytes / 4) > layoutCells(this.#layout)) return undefined;
    const result = read(segment, bytes);
    if (this.#memory.load(at + Field.incarnation) !== incarnation) return undefined;
    const parts = partsAt(segment, { text: roundText(bytes), head: 0, body: 0 });
    return { record: { at, incarnation, parts }, result };
  }

  #reserve(
    { at, word }: Free,
    name: Text | undefined,
    declaration: Declaration,
  ): PanelRecord | 'lost' | 'no memory' {
    const reserved = { low: tagOf(Stage.reserved, nextGeneration(word.low)), high: this.#thread };
    if (!replaceWord(this.#memory, at, word, reserved)) return 'lost';
    const shape: Shape = {
      text: roundText(name?.bytes ?? 0),
      head: declaration.head,
      body: declaration.body,
    };
    const claim = this.#segments.claim(shape, at);
    if (claim === undefined) {
      replaceWord(this.#memory, at, reserved, freeWord(generationOf(reserved.low)));
      return 'no memory';
    }
    const { segment, lastGeneration } = claim;
    // Later than all writes to this segment while it belonged to another record, so that none of these count.
    const incarnation = Math.max(
      generationOf(reserved.low),
      generationOf(tagOf(Stage.free, lastGeneration + 1)),
    );
    replaceWord(this.#memory, at, reserved, { low: tagOf(Stage.reserved, incarnation), high: this.#thread });
    this.#memory.store(at + Field.incarnation, incarnation);
    this.#memory.store(at + Field.segment, segment);
    const kind = kindNumber(declaration.kind);
    this.#memory.store(at + Field.kind, kind);
    this.#memory.store(at + Field.nameHash, name === undefined ? this.#thread : hashIn(kind, name));
    this.#memory.store(at + Field.nameLength, name?.bytes ?? 0);
    this.#memory.store(at + Field.fingerprint, declaration.fingerprint);
    this.#memory.store(at + Field.sources, declaration.sources);
    this.#memory.store(at + Field.declaredAt, declaration.declaredAt);
    this.#memory.store(at + Field.policy, declaration.policy);
    this.#memory.storeWide(at + Field.lines, 0, incarnation);
    declaration.begin?.(this.#memory, at);
    initialUse(this.#memory, at);
    if (name !== undefined) writeText(this.#memory, textAt(segment), name);
    return { at, incarnation, parts: partsAt(segment, shape) };
  }

  #release(record: PanelRecord): void {
    const word = readWord(this.#memory, record.at);
    if (replaceWord(this.#memory, record.at, word, freeWord(generationOf(word.low))))
      this.#segments.released(record.at);
  }

  /** Makes the name of a reserved record valid. False if another commit came first. */
  #commit(seen: Wide, record: PanelRecord): boolean {
    const index = indexOf(this.#layout, record.at) + 1;
    // The serial distinguishes commits of the same record and generation, which can occur half a million records later.
    const serial = ((seen.high >>> GENERATION_BITS) + 1) << GENERATION_BITS;
    if (!this.#memory.compareAndSetWide(Header.commit, seen, index, serial | record.incarnation))
      return false;
    this.#goLive(record.at, record.incarnation);
    return true;
  }

  /** Finishes the last commit if its thread has not, and returns it. */
  #finishCommit(): Wide {
    const commit = this.#memory.loadWide(Header.commit);
    if (commit.low !== 0) {
      this.#goLive(recordAt(this.#layout, commit.low - 1), generationOf(tagOf(Stage.free, commit.high)));
    }
    return commit;
  }

  #goLive(at: number, incarnation: number): void {
    const word = readWord(this.#memory, at);
    if (word.low === tagOf(Stage.reserved, incarnation)) {
      replaceWord(this.#memory, at, word, { low: tagOf(Stage.live, incarnation), high: 0 });
    }
  }
}
