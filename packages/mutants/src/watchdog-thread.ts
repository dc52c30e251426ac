import { workerData } from 'node:worker_threads';
import { recordHang } from './spec-log.js';
import { Cell } from './watchdog.js';

const watched = workerData as Int32Array;

for (;;) {
  // First the turn: if it changes after this line, the wait ends at once.
  const turn = Atomics.load(watched, Cell.turn);
  const ms = Atomics.load(watched, Cell.ms);
  if (Atomics.wait(watched, Cell.turn, turn, ms === 0 ? Infinity : ms) !== 'timed-out') continue;
  recordHang(String(Atomics.load(watched, Cell.mutant)));
  process.kill(process.pid, 'SIGKILL');
}
