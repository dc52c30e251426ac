import { Field, type PanelRecord } from './record.js';
import { PermitLine, PermitRecord, usedIn, wakeThread, wakeWaiting } from './permit-line.js';
import { giveBack, type Holder, noteChange, PERMITS } from './permits.js';
import { Line } from './thread-line.js';

/** Says to all threads that a call waits. To be called after it has its place, and before permits are looked for once more. */
export function noteWaiting({ memory }: Holder, { at }: PanelRecord): void {
  memory.store(at + PermitRecord.waiting, 1);
}

/** Whether a call may be waiting, in any thread. */
export function mayWait({ memory }: Holder, { at }: PanelRecord): boolean {
  return memory.load(at + PermitRecord.waiting) !== 0;
}

/**
 * Gives a permit of this thread to the thread whose turn it is, among those whose calls wait.
 *
 * @returns `'own'` where it is this thread's turn: the permit stays with it, for the first call that waits here; `'given'` where
 *   another thread has it, or could have it; `'nobody'` where no call waits, and the permit is still this thread's
 */
export function passOn(holder: Holder, record: PanelRecord): 'own' | 'given' | 'nobody' {
  const { memory, at } = holder;
  const lines = holder.lines();
  const turn = record.at + PermitRecord.turn;
  const first = lines.indexOf(memory.load(turn)) + 1;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[(first + i) % lines.length];
    const owner = memory.load(line + Line.thread);
    const waiting = usedIn(memory.load(line + PermitLine.places)) - memory.load(line + PermitLine.granted);
    if (owner <= 0 || waiting <= 0) continue;
    memory.store(turn, line);
    if (line === at) return 'own';
    grant(holder, line, owner, lines);
    return 'given';
  }
  memory.compareAndSet(record.at + PermitRecord.waiting, 1, 0);
  // A call may have got its place after its line was looked at, and before the note was taken away.
  const isLate = lines.some((line) => usedIn(memory.load(line + PermitLine.places)) > 0);
  if (isLate || memory.load(record.at + Field.lines) !== lines[0])
    memory.store(record.at + PermitRecord.waiting, 1);
  return 'nobody';
}

/**
 * Gives a permit to another thread: first to it, then away from this one, so that no third thread takes it meanwhile. A thread that dies
 * in between leaves the permit with both, and its own comes free with its line.
 */
function grant(holder: Holder, line: number, owner: number, lines: readonly number[]): void {
  const { memory } = holder;
  noteChange(memory, holder.at, PERMITS);
  memory.add(line + PermitLine.granted, 1);
  if (memory.load(line + Line.thread) === owner) {
    giveBack(holder, PERMITS, 0);
    wakeThread(memory, line);
    return;
  }
  // That thread has died, and another may have its line by now.
  for (;;) {
    const granted = memory.load(line + PermitLine.granted);
    if (granted <= 0 || memory.compareAndSet(line + PermitLine.granted, granted, granted - 1)) break;
  }
  giveBack(holder, PERMITS, 0);
  wakeWaiting(memory, lines);
}
