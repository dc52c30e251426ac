import { notify } from '../../call/user-callback.js';
import { KeyConflictError, type RefusingState } from '../errors.js';
import type { Hub, Topic } from '../events/transition-feed.js';
import { admit } from '../machine/admission.js';
import { force, type ForceMode, reset } from '../machine/operator.js';
import { PERMIT_CELLS } from '../machine/probe-permits.js';
import { settle, type Verdict } from '../machine/settlement.js';
import type { Admitted, Transition } from '../machine/transition.js';
import { windowCells } from '../machine/window.js';
import type { SharedMemory } from '../memory/memory.js';
import { isStanding, openedWith, type Place } from '../memory/record.js';
import {
  generationOf,
  machinePhase,
  Phase,
  phaseOf,
  previousGeneration,
  readWord,
  stateOf,
  type Word,
} from '../memory/word.js';
import { readLastFailure, writeLastFailure } from '../panel/last-failure.js';
import type { Panel } from '../panel/panel.js';
import { keep } from '../panel/usage-mark.js';
import type { Callbacks, CircuitBreakerSettings } from '../policy/settings.js';
import { isFailureError, isFailureResult } from './failure-classifier.js';
import { copyOf, errorFrom, type Opening } from './opening.js';
import { rideOnProbe } from './probe-context.js';
import { Refusal } from './refusal.js';

/** What a thread knows of a circuit beyond the memory all threads share; an idle circuit has nothing to note. */
interface Notes {
  /** The callbacks of each line of code that declares the circuit. */
  readonly callbacks: Map<string, Callbacks>;
  /** Errors that were counted, and under which tag: one that passes through the circuit again counts once. */
  readonly counted: WeakMap<object, number>;
  opening: Opening | undefined;
}

let unnamed = 0;

/**
 * One thread's way into one circuit: asks the memory for leave, gives outcomes their verdict, and tells what came of it.
 *
 * However many breakers a thread has for a key, its gate is one: what the thread remembers of the circuit is in here.
 */
export class Gate {
  readonly settings: CircuitBreakerSettings;
  readonly hub: Hub;
  readonly declaredAt: string | undefined;
  /** Whether its circuit is never to make room for another; see `use.ts`. */
  #isKept: boolean;
  /** The circuit's key; a number for one without, which becomes a name only where one is asked for. */
  readonly #name: string | number;
  #place: Place;
  #notes: Notes | undefined;

  constructor(
    key: string | undefined,
    settings: CircuitBreakerSettings,
    hub: Hub,
    declaredAt?: string,
    isKept = true,
  ) {
    this.#name = key ?? ++unnamed;
    this.#isKept = isKept;
    this.settings = settings;
    this.hub = hub;
    this.declaredAt = declaredAt;
    this.#place = this.#claim();
  }

  get key(): string {
    return typeof this.#name === 'string' ? this.#name : `unnamed-${this.#name}`;
  }

  get panel(): Panel {
    return this.hub.panel;
  }

  get memory(): SharedMemory {
    return this.hub.panel.memory;
  }

  get place(): Place {
    return this.#place;
  }

  /** Whom events of this circuit are about: other threads know it by name, or not at all. */
  get topic(): Topic {
    return typeof this.#name === 'string' ? this.#name : this;
  }

  /** Callbacks to call at each transition this thread makes; those of the same line of code replace each other. */
  listen(callbacks: Callbacks, declaredAt: string): void {
    this.#note().callbacks.set(declaredAt, callbacks);
  }

  get isKept(): boolean {
    return this.#isKept;
  }

  /** Never lets this circuit make room for another one from now on. */
  keep(): void {
    this.#isKept = true;
    // Where it was removed another circuit may stand by now; it is kept itself as soon as it is made anew.
    if (this.found().isStanding) keep(this.memory, this.#place.at);
  }

  /** Whether the circuit is where this thread knows it to be; may be a little behind another thread that removes it. */
  get isStanding(): boolean {
    const { memory } = this;
    const { at } = this.#place;
    return isStanding(memory, this.#place, { low: memory.peek(at), high: 0 });
  }

  /**
   * Makes the circuit anew, should it have been removed.
   *
   * @throws PanelFullError if there is no room for it
   */
  stand(): void {
    if (!this.isStanding) this.#place = this.#claim();
  }

  /** By the line of code that declared them. */
  get callbacks(): ReadonlyMap<string, Callbacks> | undefined {
    return this.#notes?.callbacks;
  }

  /** Leave for one call, or the refusal of it. */
  enter(): Admitted | Refusal {
    for (;;) {
      const riding = rideOnProbe(this.memory, this.#place.at);
      if (riding !== undefined) return riding;
      const now = this.panel.now();
      let transitions: Transition[] | undefined;
      const admission = admit(this, now, (transition) => (transitions ??= []).push(transition));
      // Told when the call has its permit: a listener that calls the circuit must not take it away.
      for (const transition of transitions ?? []) this.#tell(transition, undefined);
      switch (admission.kind) {
        case 'admitted':
          return admission.permit;
        case 'refused':
          return this.#refuse(admission.word, admission.until, now);
        case 'gone':
          this.#place = this.#claim();
      }
    }
  }

  /** The outcome of an admitted call that returned. */
  succeeded(permit: Admitted, result: unknown, isSlow: boolean): void {
    if (isFailureResult(this, result)) this.#leave(permit, 'failure', isSlow, result);
    // Slowness opened the circuit, or could have: a slow probe is no reason to close it.
    else this.#leave(permit, isSlow && permit.probe !== undefined ? 'failure' : 'success', isSlow, undefined);
  }

  /** A stream that was admitted came to its end: there is no result to ask about. */
  ended(permit: Admitted): void {
    this.#leave(permit, 'success', false, undefined);
  }

  /** The outcome of an admitted call that threw. */
  failed(permit: Admitted, error: unknown, isSlow: boolean, args: readonly unknown[]): void {
    const isKnown = isObject(error) && this.#notes?.counted.get(error) === permit.tag;
    const isFailure = !isKnown && isFailureError(this, error, args);
    const isCounted = this.#leave(permit, isFailure ? 'failure' : 'neutral', isSlow, error);
    if (isCounted && isFailure && isObject(error)) this.#note().counted.set(error, permit.tag);
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
    while (!force(this, mode, this.panel.now(), (transition) => this.#tell(transition, undefined))) {
      this.#place = this.#claim();
    }
  }

  reset(): void {
    while (!reset(this, this.panel.now(), (transition) => this.#tell(transition, undefined))) {
      this.#place = this.#claim();
    }
  }

  /** This gate, at the place where its circuit is now, should it have been removed and made anew by somebody else. */
  found(): this {
    if (
      typeof this.#name !== 'string' ||
      isStanding(this.memory, this.#place, readWord(this.memory, this.#place.at))
    )
      return this;
    const place = this.panel.find(this.#name);
    if (place !== undefined && this.panel.fingerprintOf(place) === this.settings.fingerprint)
      this.#place = place;
    return this;
  }

  #claim(): Place {
    const { permits, window, fingerprint, sources } = this.settings;
    const key = typeof this.#name === 'string' ? this.#name : undefined;
    const needs = { permits: permits * PERMIT_CELLS, window: windowCells(window), fingerprint, sources };
    const place = this.panel.claim({ key, ...needs, declaredAt: this.declaredAt });
    // A place that was made for another policy has other permits and another window.
    if (this.panel.fingerprintOf(place) === fingerprint) {
      if (this.#isKept) keep(this.memory, place.at);
      return place;
    }
    throw new KeyConflictError({ key: this.key, here: this.declaredAt, there: this.panel.declaredAt(place) });
  }

  #refuse(word: Word, until: number | undefined, now: number): Refusal {
    const state = stateOf(phaseOf(word.low)) as RefusingState;
    const retryAfter = until === undefined ? undefined : Math.max(0, until - now);
    if (this.hub.isHeard(this.topic)) {
      this.hub.publish(this.topic, {
        type: 'refusal',
        circuit: this.key,
        state,
        retryAfter,
        at: this.panel.toEpoch(now),
      });
    }
    const opening = this.#openingOf(word);
    return (opening.lastRefusal = new Refusal(this.key, state, retryAfter, opening));
  }

  #leave(permit: Admitted, verdict: Verdict, isSlow: boolean, cause: unknown): boolean {
    // Its circuit was removed: what stands under this name now is another.
    if (permit.place !== this.#place) return false;
    const now = this.panel.now();
    const transitions: Transition[] = [];
    const isCounted = settle(this, permit, verdict, isSlow, now, (transition) =>
      transitions.push(transition),
    );
    // The failure is told before what came of it.
    if (isCounted && verdict === 'failure' && this.hub.isHeard(this.topic)) {
      this.hub.publish(this.topic, {
        type: 'failure',
        circuit: this.key,
        error: cause,
        at: this.panel.toEpoch(now),
      });
    }
    for (const transition of transitions) this.#tell(transition, cause);
    return isCounted;
  }

  #tell(transition: Transition, error: unknown): void {
    const { from, to, generation, failures, at } = transition;
    let cause: unknown;
    if (machinePhase(to) === Phase.open) {
      // A probe that expired has no error of its own: what opened the circuit before is still the reason.
      const before =
        machinePhase(from) === Phase.halfOpen ? previousGeneration(previousGeneration(generation)) : -1;
      cause = error ?? this.#causeOf(before);
      this.#note().opening = {
        generation,
        openedAt: this.panel.toEpoch(at),
        cause,
        hasGivenFrames: false,
        lastRefusal: undefined,
      };
      if (cause !== undefined) {
        writeLastFailure(this.memory, this.panel.failureAt(this.#place), generation, copyOf(cause));
      }
    }
    this.hub.publishTransition(this.topic, this.key, this.#place, transition, cause);
    for (const { onOpen, onHalfOpen, onClose } of this.#notes?.callbacks.values() ?? []) {
      if (to === Phase.open) notify(() => onOpen?.(failures, cause));
      else if (to === Phase.halfOpen) notify(() => onHalfOpen?.());
      else if (to === Phase.closed && from !== to) notify(() => onClose?.());
    }
  }

  #openingOf(word: Word): Opening {
    const phase = machinePhase(phaseOf(word.low));
    const generation =
      phase === Phase.halfOpen ? previousGeneration(generationOf(word.low)) : generationOf(word.low);
    const notes = this.#note();
    if (notes.opening?.generation === generation) return notes.opening;
    const openedAt = openedWith(this.memory, this.#place.at, generation);
    return (notes.opening = {
      generation,
      openedAt: openedAt === undefined ? undefined : this.panel.toEpoch(openedAt),
      cause: this.#causeOf(generation),
      hasGivenFrames: false,
      lastRefusal: undefined,
    });
  }

  #causeOf(generation: number): unknown {
    const opening = this.#notes?.opening;
    if (opening?.generation === generation) return opening.cause;
    const copy = readLastFailure(this.memory, this.panel.failureAt(this.#place), generation);
    return copy === undefined ? undefined : errorFrom(copy);
  }

  #note(): Notes {
    return (this.#notes ??= { callbacks: new Map(), counted: new WeakMap(), opening: undefined });
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
