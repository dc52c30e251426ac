/* eslint-disable max-lines -- one class: its fields are private, and calls read them on the hot path */
import type { Topic } from '../../events/emitter.js';
import { type RefusingState } from '../errors.js';
import { aboutCircuit } from '../events/circuit-event.js';
import type { TransitionFeed } from '../events/transition-feed.js';
import { admit } from '../machine/admission.js';
import { force, type ForceMode, reset } from '../machine/operator.js';
import { type OutcomeKind, settle } from '../machine/settlement.js';
import type { Admission, Transition } from '../machine/transition.js';
import type { SharedMemory } from '../../panel/memory.js';
import { NO_RECORD, type PanelRecord, isAlive } from '../../panel/record.js';
import { lineNowhere, type TotalsLine, totalsLineOf } from '../memory/totals-line.js';
import { isOpening, phaseOf, stateOf } from '../memory/word.js';
import { readWord, type Word } from '../../panel/word.js';
import type { Panel } from '../../panel/panel.js';
import { pin } from '../../panel/usage-mark.js';
import type { Callbacks, CircuitBreakerSettings } from '../policy/settings.js';
import { callBack } from './callbacks.js';
import { claimRecord, findRecord } from './claim-record.js';
import { isFailureResult, kindOfError } from './failure-classifier.js';
import { borrowedPolicyOf } from './foreign-policy.js';
import { missingHere } from './missing-functions.js';
import { beginOpening, type Opening, openingOf } from './opening.js';
import { rideOnProbe } from './probe-context.js';
import { LazyRefusal } from './refusal.js';

/** What a thread knows of a circuit beyond the memory all threads share; an idle circuit has nothing to note. */
interface Notes {
  /** The callbacks of each line of code that declares the circuit. */
  readonly callbacks: Map<string, Callbacks>;
  opening: Opening | undefined;
}

const NOTHING: readonly string[] = [];
const NO_LINE = lineNowhere(undefined);

let unnamed = 0;

/**
 * One circuit as one thread knows it. It asks the memory to admit calls, records their outcomes, and publishes events.
 *
 * All breakers of a key share one local circuit in a thread, which holds what the thread remembers of the circuit.
 */
export class LocalCircuit {
  #settings: CircuitBreakerSettings;
  readonly feed: TransitionFeed;
  #declaredAt: string | undefined;
  /** Whether the circuit is never evicted; see `usage-mark.ts`. */
  #isPinned: boolean;
  /** The circuit's key; a number for one without, which becomes a name only where one is asked for. */
  readonly #name: string | number;
  #record: PanelRecord;
  #notes: Notes | undefined;
  #totals: TotalsLine = NO_LINE;
  /** Functions of the policy that this thread does not have, because only another one has declared the circuit. */
  #missing: readonly string[] = NOTHING;
  #isJoined: boolean;

  /** @param isJoined whether only the key is known: then the circuit is made by its first call, if no other place declares it */
  constructor(
    key: string | undefined,
    settings: CircuitBreakerSettings,
    feed: TransitionFeed,
    declaredAt?: string,
    isPinned = true,
    isJoined = false,
  ) {
    this.#name = key ?? ++unnamed;
    this.#isPinned = isPinned;
    this.#settings = settings;
    this.feed = feed;
    this.#declaredAt = declaredAt;
    this.#isJoined = isJoined;
    this.#record = isJoined ? NO_RECORD : this.#claim();
  }

  get settings(): CircuitBreakerSettings {
    return this.#settings;
  }

  get declaredAt(): string | undefined {
    return this.#declaredAt;
  }

  get missing(): readonly string[] {
    return this.#missing;
  }

  /** Says that only another thread has declared the circuit, with functions that cannot cross threads: no call is admitted here. */
  lack(functions: readonly string[]): void {
    this.#missing = functions;
  }

  /** Whether this thread has named the key alone: the policy is that of another place, else the default. */
  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** This thread names the key of a circuit that it did not declare, and follows that circuit's policy from now on. */
  join(): void {
    this.#isJoined = true;
  }

  /**
   * This thread declares the circuit, which is made if it does not exist.
   *
   * @throws KeyConflictError if the key stands for another policy
   */
  declareHere(settings: CircuitBreakerSettings, declaredAt: string): void {
    const { key, panel } = this;
    if (!this.isAlive || settings.fingerprint !== this.#settings.fingerprint)
      this.#record = claimRecord(panel, key, settings, declaredAt);
    this.#settings = settings;
    this.#declaredAt = declaredAt;
    this.#missing = NOTHING;
    this.#isJoined = false;
  }

  get key(): string {
    return typeof this.#name === 'string' ? this.#name : `unnamed-${this.#name}`;
  }

  get panel(): Panel {
    return this.feed.panel;
  }

  get memory(): SharedMemory {
    return this.feed.panel.memory;
  }

  get record(): PanelRecord {
    return this.#record;
  }

  /** Whom events of this circuit are about: other threads know it by name, or not at all. */
  get topic(): Topic {
    return typeof this.#name === 'string' ? this.#name : this;
  }

  /** Where this thread counts what becomes of the circuit's calls: in no line that anybody reads, if it has no name. */
  get totals(): TotalsLine {
    if (this.#totals.record !== this.#record && typeof this.#name === 'string')
      this.#totals = totalsLineOf(this.panel.lines, this.memory, this.#record);
    return this.#totals;
  }

  /** Callbacks to call at each transition this thread makes; those of the same line of code replace each other. */
  listen(callbacks: Callbacks, declaredAt: string): void {
    this.#note().callbacks.set(declaredAt, callbacks);
  }

  get isPinned(): boolean {
    return this.#isPinned;
  }

  /** Never lets this circuit make room for another one from now on. */
  pin(): void {
    this.#isPinned = true;
    // Where it was removed another circuit may stand by now; it is kept itself as soon as it is made anew.
    if (this.found().isAlive) pin(this.memory, this.#record.at);
  }

  /** Whether the circuit is where this thread knows it to be; may be a little behind another thread that removes it. */
  get isAlive(): boolean {
    const { memory } = this;
    const { at } = this.#record;
    return isAlive(memory, this.#record, { low: memory.peek(at), high: 0 });
  }

  /**
   * Makes the circuit anew, should it have been removed.
   *
   * @throws PanelFullError if there is no room for it
   */
  ensureExists(): void {
    if (!this.isAlive) this.#record = this.#claim();
  }

  /** By the line of code that declared them. */
  get callbacks(): ReadonlyMap<string, Callbacks> | undefined {
    return this.#notes?.callbacks;
  }

  /** What this thread knows of the last opening. */
  get opening(): Opening | undefined {
    return this.#notes?.opening;
  }

  /**
   * Leave for one call, or the refusal of it.
   *
   * @param fn what is called: a timeout further in tells how long a probe may take
   * @throws PolicyError where this thread does not have the functions that are to judge it
   */
  admit(fn?: object): Admission | LazyRefusal {
    for (;;) {
      if (this.#missing.length > 0 && this.found().#missing.length > 0) throw missingHere(this);
      const riding = rideOnProbe(this.memory, this.#record.at);
      if (riding !== undefined) return riding;
      const now = this.panel.now();
      let transitions: Transition[] | undefined;
      const admission = admit(this, now, (transition) => (transitions ??= []).push(transition), fn);
      // Told when the call has its permit: a listener that calls the circuit must not take it away.
      for (const transition of transitions ?? []) this.#publish(transition, undefined);
      switch (admission.kind) {
        case 'admitted':
          return admission.admission;
        case 'refused':
          return this.#refuse(admission.word, admission.until, now);
        case 'gone':
          this.#record = this.#claim();
      }
    }
  }

  /** The outcome of an admitted call that returned. */
  succeeded(admission: Admission, result: unknown, isSlow: boolean): void {
    const { totals } = this;
    if (isSlow) totals.slow();
    if (isFailureResult(this, result)) {
      totals.failed();
      this.#recordOutcome(admission, 'failure', isSlow, result);
      return;
    }
    totals.succeeded();
    // Slowness opened the circuit, or could have: a slow probe is no reason to close it.
    const kind = isSlow && admission.probe !== undefined ? 'failure' : 'success';
    this.#recordOutcome(admission, kind, isSlow, undefined);
  }

  /** A stream that was admitted came to its end: there is no result to ask about. */
  ended(admission: Admission): void {
    this.totals.succeeded();
    this.#recordOutcome(admission, 'success', false, undefined);
  }

  /** The outcome of an admitted call that threw. */
  failed(admission: Admission, error: unknown, isSlow: boolean, args: readonly unknown[]): void {
    const isProbe = admission.probe !== undefined;
    const kind = kindOfError(this, error, args, isProbe);
    const { totals } = this;
    if (isSlow) totals.slow();
    if (kind === 'failure') totals.failed();
    else if (kind === 'success') totals.succeeded();
    else totals.ignored();
    // A probe that was slow is no reason to close the circuit, whatever it brought.
    const recorded = isSlow && isProbe && kind === 'success' ? 'failure' : kind;
    this.#recordOutcome(admission, recorded, isSlow, recorded === 'failure' ? error : undefined);
  }

  /** The outcome of a call that is to count as nothing. */
  ignored(admission: Admission): void {
    this.totals.ignored();
    this.#recordOutcome(admission, 'neutral', false, undefined);
  }

  /** @param start a reading of the clock; undefined where the policy does not ask how long calls take */
  isSlow(start: number | undefined): boolean {
    const { slowCallDuration } = this.settings;
    if (start === undefined || slowCallDuration === undefined) return false;
    return this.panel.clock.now() - start > slowCallDuration;
  }

  force(mode: ForceMode): void {
    while (!force(this, mode, this.panel.now(), (transition) => this.#publish(transition, undefined))) {
      this.#record = this.#claim();
    }
  }

  reset(): void {
    while (!reset(this, this.panel.now(), (transition) => this.#publish(transition, undefined))) {
      this.#record = this.#claim();
    }
  }

  /** This local circuit, at the record of its circuit, should another thread have removed it and made it anew. */
  found(): this {
    if (
      typeof this.#name !== 'string' ||
      isAlive(this.memory, this.#record, readWord(this.memory, this.#record.at))
    )
      return this;
    if (this.#isJoined) this.#follow(this.#name);
    else this.#record = findRecord(this.panel, this.#name, this.settings) ?? this.#record;
    return this;
  }

  /** Takes over the policy of the circuit that stands under the key now. */
  #follow(key: string): boolean {
    const record = this.panel.find('circuit-breaker', key);
    const policy = record === undefined ? undefined : borrowedPolicyOf(this.panel, record);
    if (record === undefined || policy === undefined) return false;
    // Where this thread has declared the policy itself, before the circuit was removed, it has the functions.
    if (policy.settings.fingerprint !== this.#settings.fingerprint) {
      this.#settings = policy.settings;
      this.#missing = policy.missing;
    }
    this.#record = record;
    return true;
  }

  #claim(): PanelRecord {
    const key = typeof this.#name === 'string' ? this.#name : undefined;
    let record: PanelRecord;
    try {
      if (this.#isJoined && key !== undefined) this.#follow(key);
      record = claimRecord(this.panel, key, this.settings, this.declaredAt);
    } catch (error) {
      // Another thread has declared it meanwhile.
      if (!this.#isJoined || key === undefined || !this.#follow(key)) throw error;
      record = this.#record;
    }
    if (this.#isPinned) pin(this.memory, record.at);
    return record;
  }

  #refuse(word: Word, until: number | undefined, now: number): LazyRefusal {
    this.totals.refused();
    const state = stateOf(phaseOf(word.low)) as RefusingState;
    const retryAfter = until === undefined ? undefined : Math.max(0, until - now);
    if (this.feed.hasListeners(this.topic)) {
      this.feed.publish(this.topic, {
        type: 'refusal',
        ...aboutCircuit(this.key),
        state,
        retryAfter,
        at: this.panel.toEpoch(now),
      });
    }
    const notes = this.#note();
    const opening = (notes.opening = openingOf(this, word, notes.opening));
    return (opening.lastRefusal = new LazyRefusal(this.key, state, retryAfter, opening));
  }

  #recordOutcome(admission: Admission, kind: OutcomeKind, isSlow: boolean, cause: unknown): boolean {
    // Its circuit was removed: what stands under this name now is another.
    if (admission.record !== this.#record) return false;
    const now = this.panel.now();
    const transitions: Transition[] = [];
    const isCounted = settle(this, admission, kind, isSlow, now, (transition) =>
      transitions.push(transition),
    );
    // The failure is told before what came of it.
    if (isCounted && kind === 'failure' && this.feed.hasListeners(this.topic)) {
      this.feed.publish(this.topic, {
        type: 'failure',
        ...aboutCircuit(this.key),
        error: cause,
        at: this.panel.toEpoch(now),
      });
    }
    for (const transition of transitions) this.#publish(transition, cause);
    return isCounted;
  }

  #publish(transition: Transition, error: unknown): void {
    let cause: unknown;
    if (isOpening(transition.to)) {
      const notes = this.#note();
      notes.opening = beginOpening(this, transition, error, notes.opening);
      ({ cause } = notes.opening);
    }
    this.feed.publishTransition(this.topic, this.key, this.#record, transition, cause);
    callBack(this.#notes?.callbacks.values() ?? [], transition, this.panel.toEpoch(transition.at), cause);
  }

  #note(): Notes {
    return (this.#notes ??= { callbacks: new Map(), opening: undefined });
  }
}
