import { circuits, type CircuitEvent } from '@switchgear/core';
import type { Plan } from '@switchgear/executor';
import { count, type Display } from './display.js';
import type { JobListener } from './job.js';
import { type Phase, PHASES } from './outage.js';
import type { ServiceProcess } from './service-process.js';
import type { Counts } from './tally.js';
import { Timeline } from './timeline.js';

/** Prints the events of a job as they happen, and a timeline at its end. */
export class Narrator implements JobListener, Disposable {
  readonly #display: Display;
  readonly #total: number;
  readonly #timeline = new Timeline();
  readonly #unsubscribe: () => void;

  constructor(display: Display, total: number) {
    this.#display = display;
    this.#total = total;
    // The listener gets the transitions of all threads.
    this.#unsubscribe = circuits.subscribe((event) => this.#heard(event));
  }

  serviceStarted({ pid, url }: ServiceProcess): void {
    this.#display.say(`The index service is process ${String(pid)}, at ${url}`);
  }

  planned(plan: Plan): void {
    this.#display.say(`Plan: ${plan.explain()}`);
    this.#display.say();
  }

  phaseBegan(phase: Phase, at: number): void {
    this.#timeline.phase(phase, at);
    this.#tell(at, `the service ${PHASES[phase]}`);
  }

  progressed(done: number, { failures, refusals }: Counts): void {
    this.#timeline.done(done);
    this.#display.status(
      `${count(done)} of ${count(this.#total)} files, ${count(failures)} requests failed, ${count(refusals)} calls refused`,
    );
  }

  draw(): void {
    this.#display.status('');
    this.#display.say();
    for (const line of this.#timeline.draw()) this.#display.say(line);
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  #heard(event: CircuitEvent): void {
    if (event.type !== 'transition') return;
    const { from, to, at, thread, failures } = event;
    this.#timeline.state(to, at);
    const by = thread === 0 ? 'the main thread' : `thread ${thread ?? '?'}`;
    const why = from === 'closed' ? `, after ${failures} failures in a row` : '';
    this.#tell(at, `  circuit ${from} → ${to}, by ${by}${why}`);
  }

  #tell(at: number, what: string): void {
    this.#display.say(`${this.#timeline.when(at).padStart(8)}  ${what}`);
  }
}
