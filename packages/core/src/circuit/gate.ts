import { CircuitBreakerError, isRefusal, KeyConflictError, type RefusingState } from '../errors.js';
import type { CircuitEvent } from '../events.js';
import type { Refused } from '../outcome.js';
import { isOwnAbort } from './call.js';
import { copyOf, errorFrom, type History, newHistory } from './history.js';
import { guarded, type Hub, type Topic, warn } from './hub.js';
import { readLastFailure, writeLastFailure } from './last-failure.js';
import type { Memory } from './memory.js';
import type { Panel } from './panel.js';
import { PERMIT_CELLS } from './permits.js';
import type { Place } from './place.js';
import type { CircuitBreakerSettings } from './policy.js';
import { isInsideProbe } from './probing.js';
import { openedAt } from './report.js';
import type { Admitted, Transition } from './machine.js';
import { force, type ForceMode, reset } from './operator.js';
import { admit, settle, type Verdict } from './state.js';
import { windowCells } from './window.js';
import {
  generationOf,
  machinePhase,
  Phase,
  phaseOf,
  previousGeneration,
  stateOf,
  type Word,
} from './word.js';

/** A call that rides on the permit of the probe it is part of: its own outcome counts as nothing. */
const RIDING: Admitted = { tag: Phase.free, probe: undefined };

let unnamed = 0;

/**
 * One thread's way into one circuit: asks the memory for leave, gives outcomes their verdict, and tells what came of it.
 */
export class Gate {
  readonly key: string;
  readonly settings: CircuitBreakerSettings;
  readonly hub: Hub;
  #place: Place;
  readonly #isNamed: boolean;
  #history: History | undefined;

  constructor(
    key: string | undefined,
    settings: CircuitBreakerSettings,
    hub: Hub,
    declaredAt: string | undefined,
  ) {
    this.#isNamed = key !== undefined;
    this.key = key ?? `unnamed-${++unnamed}`;
    this.settings = settings;
    this.hub = hub;
    this.#place = this.#claim(declaredAt);
  }

  get panel(): Panel {
    return this.hub.panel;
  }

  get memory(): Memory {
    return this.hub.panel.memory;
  }

  get place(): Place {
    return this.#place;
  }

  /** Whom events of this circuit are about: other threads know it by name, or not at all. */
  get topic(): Topic {
    return this.#isNamed ? this.key : this;
  }

  /** Leave for one call, or the refusal of it. */
  enter(): Admitted | Refusal {
    for (;;) {
      if (isInsideProbe(this.memory, this.#place.at)) return RIDING;
      const now = this.panel.now();
      const admission = admit(this, now, (transition) => this.#moved(transition, undefined));
      switch (admission.kind) {
        case 'admitted':
          return admission.permit;
        case 'refused':
          return this.#refuse(admission.word, admission.until, now);
        case 'gone':
          this.#place = this.#claim(undefined);
      }
    }
  }

  /** The outcome of an admitted call that returned. */
  succeeded(permit: Admitted, result: unknown, isSlow: boolean): void {
    if (permit === RIDING) return;
    // Slowness opened the circuit, or could have: a slow probe is no reason to close it.
    const isFailure =
      this.#asks(this.settings.isFailure, result, false) || (isSlow && permit.probe !== undefined);
    this.#leave(permit, isFailure ? 'failure' : 'success', isSlow, result);
  }

  /** The outcome of an admitted call that threw. */
  failed(permit: Admitted, error: unknown, isSlow: boolean, args: readonly unknown[]): void {
    if (permit === RIDING) return;
    this.#leave(permit, this.#counts(error, args) ? 'failure' : 'neutral', isSlow, error);
  }

  /** The outcome of a call that is to count as nothing. */
  ignored(permit: Admitted): void {
    this.#leave(permit, 'neutral', false, undefined);
  }

  /** @param start a reading of the clock; undefined where the policy does not ask how long calls take */
  isSlow(start: number | undefined): boolean {
    const { slowCallDuration } = this.settings;
    if (start === undefined || slowCallDuration === undefined) return false;
    return this.panel.clock.now() - start > slowCallDuration;
  }

  force(mode: ForceMode): void {
    force(this, mode, this.panel.now(), (transition) => this.#moved(transition, undefined));
  }

  reset(): void {
    reset(this, this.panel.now(), (transition) => this.#moved(transition, undefined));
  }

  /** Frees the place, if the circuit is in a phase that may be; this gate makes itself a new one when it is used again. */
  remove(removable: (phase: Phase) => boolean): boolean {
    return this.panel.remove(this.#place, removable);
  }

  /** The error of a refusal, made only when somebody looks at it. */
  errorOf({ word, until, now }: RefusedEntry): CircuitBreakerError {
    const history = (this.#history ??= newHistory());
    const generation = generationOf(word.low);
    const opened = openedAt(this, word);
    // The first refusal of each opening says where it was; frames for all of them would cost more than the calls do.
    const frames = history.framesGivenFor !== generation;
    history.framesGivenFor = generation;
    return new CircuitBreakerError(
      {
        circuit: this.key,
        state: stateOf(phaseOf(word.low)) as RefusingState,
        openedAt: opened === undefined ? undefined : this.panel.toEpoch(opened),
        retryAfter: retryAfter(until, now),
        cause: this.#causeOf(
          machinePhase(phaseOf(word.low)) === Phase.halfOpen ? previousGeneration(generation) : generation,
        ),
      },
      { frames },
    );
  }

  #claim(declaredAt: string | undefined): Place {
    const { permits, window, fingerprint } = this.settings;
    const place = this.panel.claim({
      key: this.#isNamed ? this.key : undefined,
      permits: permits * PERMIT_CELLS,
      window: windowCells(window),
      fingerprint,
      declaredAt,
    });
    // A place made for another policy has other permits and another window.
    if (this.panel.fingerprintOf(place) === fingerprint) return place;
    const there = this.panel.declaredAt(place) ?? 'unknown';
    throw new KeyConflictError({ key: this.key, here: declaredAt ?? 'unknown', there });
  }

  #refuse(word: Word, until: number | undefined, now: number): Refusal {
    if (this.hub.isHeard(this.topic)) {
      this.#publish({
        type: 'refusal',
        circuit: this.key,
        state: stateOf(phaseOf(word.low)) as RefusingState,
        retryAfter: retryAfter(until, now),
        at: this.panel.toEpoch(now),
      });
    }
    return new Refusal(this, { word, until, now });
  }

  #leave(permit: Admitted, verdict: Verdict, isSlow: boolean, cause: unknown): void {
    const now = this.panel.now();
    const transitions: Transition[] = [];
    const isCounted = settle(this, permit, verdict, isSlow, now, (transition) =>
      transitions.push(transition),
    );
    // The failure is told before what came of it.
    if (isCounted && verdict === 'failure' && this.hub.isHeard(this.topic)) {
      this.#publish({ type: 'failure', circuit: this.key, error: cause, at: this.panel.toEpoch(now) });
    }
    for (const transition of transitions) this.#moved(transition, cause);
  }

  #moved(transition: Transition, error: unknown): void {
    const { from, to, generation, failures } = transition;
    let cause: unknown;
    if (machinePhase(to) === Phase.open) {
      // A probe that expired has no error of its own: what opened the circuit before is still the reason.
      cause = error ?? this.#causeOf(previousGeneration(previousGeneration(generation)));
      (this.#history ??= newHistory()).cause = { generation, error: cause };
      if (cause !== undefined) {
        writeLastFailure(this.panel.memory, this.panel.failureAt(this.#place), generation, copyOf(cause));
      }
    }
    this.hub.publishTransition(this.topic, this.key, this.#place, transition, cause);
    const { settings } = this;
    if (to === Phase.open) guarded(() => settings.onOpen?.(failures, cause));
    else if (to === Phase.halfOpen) guarded(() => settings.onHalfOpen?.());
    else if (to === Phase.closed && from !== to) guarded(() => settings.onClose?.());
  }

  #causeOf(generation: number): unknown {
    const known = this.#history?.cause;
    if (known?.generation === generation) return known.error;
    const copy = readLastFailure(this.panel.memory, this.panel.failureAt(this.#place), generation);
    return copy === undefined ? undefined : errorFrom(copy);
  }

  /** Whether an error is a failure of what the circuit guards. */
  #counts(error: unknown, args: readonly unknown[]): boolean {
    if (isRefusal(error) || isOwnAbort(error, args)) return false;
    const { isExcluded, isExpected } = this.settings;
    if (this.#asks(isExcluded, error, false) || !this.#asks(isExpected, error, true)) return false;
    if (typeof error !== 'object' || error === null) return true;
    const { counted } = (this.#history ??= newHistory());
    if (counted.has(error)) return false;
    counted.add(error);
    return true;
  }

  /** What a function of the policy answers; one that throws has not answered, and does not replace the caller's outcome. */
  #asks(
    question: ((subject: unknown) => boolean) | undefined,
    subject: unknown,
    otherwise: boolean,
  ): boolean {
    if (question === undefined) return otherwise;
    try {
      return question(subject);
    } catch (cause) {
      const message = `a function of the policy of circuit "${this.key}" threw`;
      if (!this.hub.isHeard(this.topic)) warn(cause);
      this.#publish({ type: 'warning', circuit: this.key, code: 'callback-threw', message, cause });
      return otherwise;
    }
  }

  #publish(event: CircuitEvent): void {
    this.hub.publish(this.topic, event);
  }
}

interface RefusedEntry {
  readonly word: Word;
  readonly until: number | undefined;
  readonly now: number;
}

/** A refusal as an outcome: what it says is put into an error only for those who ask. */
export class Refusal implements Refused {
  readonly status = 'refused';
  readonly #gate: Gate;
  readonly #entry: RefusedEntry;
  #error: CircuitBreakerError | undefined;

  constructor(gate: Gate, entry: RefusedEntry) {
    this.#gate = gate;
    this.#entry = entry;
  }

  get error(): CircuitBreakerError {
    return (this.#error ??= this.#gate.errorOf(this.#entry));
  }
}

function retryAfter(until: number | undefined, now: number): number | undefined {
  return until === undefined ? undefined : Math.max(0, until - now);
}
