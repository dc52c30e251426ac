import type { CircuitState } from '@switchgear/core';
import type { Phase } from './outage.js';

const WIDTH = 64;
const BARS = ' ▁▂▃▄▅▆▇█';
const PHASE_MARKS: Readonly<Record<Phase, string>> = {
  up: '─',
  refuses: 'R',
  hangs: 'H',
  busy: 'B',
  recovered: '─',
};
/** If several states fall on one column, the one further to the right here is shown, because probes are short. */
const STATES = ['closed', 'open', 'half-open'] as const;
const STATE_MARKS = ['─', '█', '░'];

interface Mark<T> {
  readonly at: number;
  readonly what: T;
}

/** The states over time, for a drawing. Times are epoch milliseconds. */
export class Timeline {
  readonly #beganAt = Date.now();
  readonly #phases: Mark<Phase>[] = [{ at: 0, what: 'up' }];
  readonly #states: Mark<number>[] = [{ at: 0, what: 0 }];
  readonly #done: Mark<number>[] = [{ at: 0, what: 0 }];

  phase(what: Phase, at: number): void {
    this.#phases.push({ at, what });
  }

  state(state: CircuitState, at: number): void {
    this.#states.push({ at, what: STATES.findIndex((one) => one === state) });
  }

  done(items: number): void {
    this.#done.push({ at: Date.now(), what: items });
  }

  /** Seconds since the start, as text. */
  when(at: number): string {
    return `${Math.max(0, (at - this.#beganAt) / 1000).toFixed(2)} s`;
  }

  draw(): string[] {
    const span = Date.now() - this.#beganAt;
    const edges = Array.from({ length: WIDTH + 1 }, (_, i) => this.#beganAt + (span * i) / WIDTH);
    const columns = edges.slice(1).map((to, i) => ({ from: edges[i], to }));
    const done = columns.map(({ from, to }) => last(this.#done, to) - last(this.#done, from));
    const most = Math.max(1, ...done);
    return [
      `files    ${done.map((items) => BARS[Math.ceil((items / most) * (BARS.length - 1))]).join('')}`,
      `service  ${columns.map(({ to }) => PHASE_MARKS[last(this.#phases, to)]).join('')}`,
      `circuit  ${columns.map(({ from, to }) => STATE_MARKS[Math.max(...within(this.#states, from, to))]).join('')}`,
      `         0 s${(span / 1000).toFixed(1).padStart(WIDTH - 5)} s`,
      `service: ─ up, R refuses, H hangs, B busy; circuit: ─ closed, █ open, ░ half-open`,
    ];
  }
}

/** The state at a time. */
function last<T>(marks: readonly Mark<T>[], time: number): T {
  return (marks.filter(({ at }) => at <= time).at(-1) ?? marks[0]).what;
}

/** All states in a span of time. */
function within<T>(marks: readonly Mark<T>[], from: number, to: number): T[] {
  return [last(marks, from), ...marks.filter(({ at }) => at > from && at <= to).map(({ what }) => what)];
}
