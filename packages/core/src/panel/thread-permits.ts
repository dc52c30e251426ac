import type { Panel } from './panel.js';
import { PanelFullError } from './panel-full-error.js';
import type { SharedMemory } from './memory.js';
import { BYTES_PER_PAGE } from './panel-options.js';
import { PermitLine } from './permit-line.js';
import type { Holder } from './permits.js';
import { Field, type PanelRecord } from './record.js';
import type { LineHolder } from './own-lines.js';
import type { ThreadLines } from './thread-lines.js';

/** What one thread has of a record with permits: its line, and the way to those of the other threads. */
export class ThreadPermits implements Holder, LineHolder {
  readonly memory: SharedMemory;
  readonly at: number;
  readonly record: PanelRecord;
  readonly #threadLines: ThreadLines;
  #lines: readonly number[] = [];

  constructor(memory: SharedMemory, at: number, record: PanelRecord, threadLines: ThreadLines) {
    this.memory = memory;
    this.at = at;
    this.record = record;
    this.#threadLines = threadLines;
  }

  /** The newest first. Lines only come, and each new one is the first of the list. */
  lines(): readonly number[] {
    const first = this.memory.load(this.record.at + Field.lines);
    if (this.#lines[0] !== first) this.#lines = [...this.#threadLines.linesOf(this.record)];
    return this.#lines;
  }

  /** The cell that changes when this thread is to look after its calls that wait. */
  get wakeCell(): number {
    return this.at + PermitLine.wake;
  }

  detach(): void {
    // A record with permits goes only when nothing in this thread uses it any more.
  }
}

/**
 * This thread's part of a record with permits.
 *
 * @throws PanelFullError where memory has run out
 */
export function threadPermits(panel: Panel, record: PanelRecord): ThreadPermits {
  const { memory, lines, layout } = panel;
  const permits = lines.lineOf(record, (at) => new ThreadPermits(memory, at, record, lines));
  if (permits !== undefined) return permits;
  throw new PanelFullError({ what: 'memory', capacity: layout.pageCount * BYTES_PER_PAGE });
}
