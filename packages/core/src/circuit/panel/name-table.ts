import { Header, indexOf, type Layout, layoutCells, recordAt } from '../memory/layout.js';
import type { Memory, Wide } from '../memory/memory.js';
import { Field, isAlive, type CircuitRecord } from '../memory/record.js';
import { isText, readText, type Text, writeText } from '../memory/text.js';
import {
  closedWord,
  GENERATION_BITS,
  generationOf,
  isLive,
  nextGeneration,
  Phase,
  phaseOf,
  readWord,
  replaceWord,
  tagOf,
  type Word,
} from '../memory/word.js';
import { permitsAt, roundText, type Segments, type Shape, textAt } from './segments.js';
import { initialUse, wasIdle } from './usage-mark.js';

/** What a new circuit needs besides its name. */
export interface Declaration {
  readonly permits: number;
  readonly window: number;
  readonly fingerprint: number;
  readonly sources: number;
  readonly declaredAt: number;
  readonly policy: number;
}

export type Made = CircuitRecord | 'no place' | 'no memory';

/** How many places a name may stand in. In a table four fifths full, one name in 2·10¹² finds all of them taken. */
const MAX_BUCKETS_PER_NAME = 128;

/**
 * The table that finds a circuit's place by its name.
 *
 * Places are the buckets: a name may stand in any of 128, so removal leaves no tombstones and every search ends. A new
 * name is written into a reserved place that nobody looks at, and becomes true by one compare-and-set of the panel's
 * commit cell, which names the place. It succeeds only if no other name was committed since the search for this one
 * began, so no name ever stands twice. Everyone who passes finishes the last commit first; a thread that dies right after
 * committing has made its circuit, one that dies before has made nothing but a reserved place, which {@link reclaim}
 * frees.
 */
export class NameTable {
  readonly #memory: Memory;
  readonly #layout: Layout;
  readonly #segments: Segments;
  readonly #thread: number;
  #cursor = 0;
  /** Of {@link evictIdle}. */
  #hand = 0;

  constructor(memory: Memory, layout: Layout, segments: Segments, thread: number) {
    this.#memory = memory;
    this.#layout = layout;
    this.#segments = segments;
    this.#thread = thread;
  }

  find(name: Text): CircuitRecord | undefined {
    this.#finishCommit();
    return this.#search(name).found;
  }

  /** The place of that name, made if there is none. */
  findOrMake(name: Text, declaration: Declaration): Made {
    for (;;) {
      let commit = this.#finishCommit();
      const { found, free } = this.#search(name);
      if (found !== undefined) return found;
      if (free === undefined) return 'no place';
      const made = this.#reserve(free, name, declaration);
      if (made === 'lost') continue;
      if (made === 'no memory') return made;
      for (;;) {
        if (this.#commit(commit, made)) return made;
        // Another name was committed; it may have been this one.
        commit = this.#finishCommit();
        const { found: theirs } = this.#search(name);
        if (theirs === undefined) continue;
        this.#release(made);
        return theirs;
      }
    }
  }

  /** A place without a name, which no other thread can find. */
  make(declaration: Declaration): Made {
    const { places } = this.#layout;
    for (let tries = 0; tries < places; tries++) {
      const index = (this.#cursor + tries) % places;
      const word = readWord(this.#memory, recordAt(this.#layout, index));
      if (phaseOf(word.low) !== Phase.free) continue;
      const made = this.#reserve({ at: recordAt(this.#layout, index), word }, undefined, declaration);
      if (made === 'lost') continue;
      if (made === 'no memory') return made;
      this.#cursor = index + 1;
      this.#goLive(made.at, made.incarnation);
      return made;
    }
    return 'no place';
  }

  /**
   * Frees a place for other circuits. Handles that other threads hold see another generation from then on.
   *
   * @returns false if it is not that circuit's any more, or `removable` does not accept its state
   */
  remove(record: CircuitRecord, removable: (word: Word) => boolean): boolean {
    for (;;) {
      const word = readWord(this.#memory, record.at);
      if (!isAlive(this.#memory, record, word) || !removable(word)) return false;
      if (!replaceWord(this.#memory, record.at, word, freeWord(nextGeneration(word.low)))) continue;
      this.#segments.released(record.at);
      return true;
    }
  }

  /**
   * Takes away one circuit that an argument named and nobody has used lately, should there be one. Threads sweep their own; what threads
   * that have ended leave behind goes this way.
   */
  evictIdle(): boolean {
    const { places } = this.#layout;
    // Two rounds: the first takes the marks of use away.
    for (let step = 0; step < 2 * places; step++) {
      const at = recordAt(this.#layout, this.#hand);
      this.#hand = (this.#hand + 1) % places;
      if (phaseOf(this.#memory.peek(at)) !== Phase.closed) continue;
      const birth = this.#memory.load(at + Field.incarnation);
      if (this.#memory.load(at + Field.nameLength) === 0 || !wasIdle(this.#memory, at)) continue;
      if (this.remove({ at, incarnation: birth, permits: 0 }, ({ low }) => phaseOf(low) === Phase.closed))
        return true;
    }
    return false;
  }

  /** Every circuit that has a name. */
  all(): readonly { readonly name: string; readonly record: CircuitRecord }[] {
    this.#finishCommit();
    const named: { readonly name: string; readonly record: CircuitRecord }[] = [];
    for (let index = 0; index < this.#layout.places; index++) {
      const at = recordAt(this.#layout, index);
      // Most places are free, and a plain read of tens of thousands costs nothing.
      const found = isLive(phaseOf(this.#memory.peek(at))) ? this.nameAt(at) : undefined;
      if (found !== undefined) named.push(found);
    }
    return named;
  }

  /** The name that stands at a place, or undefined if none does. */
  nameAt(at: number): { readonly name: string; readonly record: CircuitRecord } | undefined {
    const whole = this.#readWhole(at, (segment, bytes) =>
      bytes === 0 ? undefined : readText(this.#memory, textAt(segment), bytes),
    );
    return whole?.result === undefined ? undefined : { name: whole.result, record: whole.record };
  }

  /**
   * Frees what a thread had reserved when it died, and its circuits without a name, which nobody else can find.
   *
   * Only for threads that have ended: a living one may still be writing into its places.
   */
  reclaim(thread: number): number {
    this.#finishCommit();
    let reclaimed = 0;
    for (let index = 0; index < this.#layout.places; index++) {
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
    if (phaseOf(word.low) === Phase.reserved) return word.high === thread;
    if (!isLive(phaseOf(word.low)) || this.#memory.load(at + Field.nameLength) !== 0) return false;
    return this.#memory.load(at + Field.nameHash) === thread;
  }

  #search(name: Text): { found: CircuitRecord | undefined; free: { at: number; word: Word } | undefined } {
    const { places } = this.#layout;
    // Double hashing: where the number of places is a prime, any step visits all of them.
    const step = 1 + ((name.hash >>> 15) % Math.max(1, places - 1));
    let free: { at: number; word: Word } | undefined;
    for (let i = 0; i < Math.min(MAX_BUCKETS_PER_NAME, places); i++) {
      const at = recordAt(this.#layout, ((name.hash >>> 0) + i * step) % places);
      const word = readWord(this.#memory, at);
      if (phaseOf(word.low) === Phase.free) free ??= { at, word };
      else if (isLive(phaseOf(word.low))) {
        const found = this.#match(at, name);
        if (found !== undefined) return { found, free };
      }
    }
    return { found: undefined, free };
  }

  #match(at: number, name: Text): CircuitRecord | undefined {
    // Nearly every place that is not the one says so here.
    if (this.#memory.load(at + Field.nameHash) !== name.hash) return undefined;
    const isIt = (segment: number, bytes: number): boolean =>
      bytes === name.bytes && isText(this.#memory, textAt(segment), name);
    const whole = this.#readWhole(at, isIt);
    return whole?.result === true ? whole.record : undefined;
  }

  /**
   * Reads what belongs to one circuit only. Its birth is read before and after: a next circuit changes that first, and
   * goes live when everything else is written.
   */
  #readWhole<T>(
    at: number,
    read: (segment: number, bytes: number) => T,
  ): { readonly record: CircuitRecord; readonly result: T } | undefined {
    const birth = this.#memory.load(at + Field.incarnation);
    if (!isLive(phaseOf(this.#memory.load(at)))) return undefined;
    const segment = this.#memory.load(at + Field.segment);
    const bytes = this.#memory.load(at + Field.nameLength);
    // Of two circuits, they may point anywhere.
    if (textAt(segment) + Math.ceil(bytes / 4) > layoutCells(this.#layout)) return undefined;
    const result = read(segment, bytes);
    if (this.#memory.load(at + Field.incarnation) !== birth) return undefined;
    const permits = permitsAt(segment, { text: roundText(bytes), permits: 0, window: 0 });
    return { record: { at, incarnation: birth, permits }, result };
  }

  #reserve(
    { at, word }: { at: number; word: Word },
    name: Text | undefined,
    declaration: Declaration,
  ): CircuitRecord | 'lost' | 'no memory' {
    const reserved = { low: tagOf(Phase.reserved, nextGeneration(word.low)), high: this.#thread };
    if (!replaceWord(this.#memory, at, word, reserved)) return 'lost';
    const shape: Shape = {
      text: roundText(name?.bytes ?? 0),
      permits: declaration.permits,
      window: declaration.window,
    };
    const claimed = this.#segments.claim(shape, at);
    if (claimed === undefined) {
      replaceWord(this.#memory, at, reserved, freeWord(generationOf(reserved.low)));
      return 'no memory';
    }
    const { segment, lastGeneration } = claimed;
    // Later than whatever was written to this segment while it belonged to another place, so that none of it counts.
    const birth = Math.max(generationOf(reserved.low), generationOf(tagOf(Phase.free, lastGeneration + 1)));
    replaceWord(this.#memory, at, reserved, { low: tagOf(Phase.reserved, birth), high: this.#thread });
    this.#memory.store(at + Field.incarnation, birth);
    this.#memory.store(at + Field.segment, segment);
    this.#memory.store(at + Field.nameHash, name?.hash ?? this.#thread);
    this.#memory.store(at + Field.nameLength, name?.bytes ?? 0);
    this.#memory.store(at + Field.fingerprint, declaration.fingerprint);
    this.#memory.store(at + Field.sources, declaration.sources);
    this.#memory.store(at + Field.declaredAt, declaration.declaredAt);
    this.#memory.store(at + Field.policy, declaration.policy);
    this.#memory.store(at + Field.results, 0);
    this.#memory.storeWide(at + Field.lines, 0, birth);
    initialUse(this.#memory, at);
    if (name !== undefined) writeText(this.#memory, textAt(segment), name);
    return { at, incarnation: birth, permits: permitsAt(segment, shape) };
  }

  #release(record: CircuitRecord): void {
    const word = readWord(this.#memory, record.at);
    if (replaceWord(this.#memory, record.at, word, freeWord(generationOf(word.low))))
      this.#segments.released(record.at);
  }

  /** Makes the name of a reserved place true, unless another commit came first. */
  #commit(seen: Wide, record: CircuitRecord): boolean {
    const index = indexOf(this.#layout, record.at) + 1;
    // The serial tells apart commits that happen to name the same place and generation, half a million circuits later.
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
      this.#goLive(recordAt(this.#layout, commit.low - 1), generationOf(tagOf(Phase.free, commit.high)));
    }
    return commit;
  }

  #goLive(at: number, birth: number): void {
    const word = readWord(this.#memory, at);
    if (word.low === tagOf(Phase.reserved, birth)) {
      replaceWord(this.#memory, at, word, closedWord(Phase.closed, birth, 0));
    }
  }
}

function freeWord(generation: number): Word {
  return { low: tagOf(Phase.free, generation), high: 0 };
}
