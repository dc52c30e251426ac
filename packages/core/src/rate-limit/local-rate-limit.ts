import { type AbortSignalLike, isAborted, reasonOf } from '../call/abort.js';
import { onAbort } from '../call/abort-listeners.js';
import { rememberRetryAbort } from '../call/retry-aborts.js';
import { WaitQueue, type Waiter } from '../call/wait-queue.js';
import type { SharedMemory } from '../panel/memory.js';
import type { Panel } from '../panel/panel.js';
import type { PanelRecord } from '../panel/record.js';
import { Alarm } from '../time/alarm.js';
import { claimRecord } from './claim-record.js';
import {
  giveBackSlot,
  heldUntil,
  holdUntil,
  isDue,
  RateField,
  type Reservation,
  reserve,
  settleCost,
  type Slot,
  slotNow,
} from './gcra.js';
import type { RateLimitSettings } from './policy.js';
import { RateLimitError } from './rate-limit-error.js';
import { rateLimitEvents } from './rate-limit-event.js';

/** A call that waits for its slot. */
interface WaitingCall extends Waiter {
  readonly slot: Slot;
  /** The latest slot that it can wait for. */
  readonly latest: number;
  leave: (() => void) | undefined;
}

let unnamed = 0;

/** One rate limit as one thread knows it. */
export class LocalRateLimit {
  readonly key: string;
  readonly settings: RateLimitSettings;
  readonly panel: Panel;
  readonly declaredAt: string;
  readonly record: PanelRecord;
  /** What events of it are about. */
  readonly topic: string | object;
  readonly #memory: SharedMemory;
  /** In the order of their slots, which is that in which they came. */
  readonly #queue = new WaitQueue<WaitingCall>();
  readonly #alarm: Alarm;
  readonly #isShared: boolean;
  #isListening = false;
  #hasGivenFrames = false;

  /**
   * @param key undefined for a rate limit of this thread alone
   * @throws PanelFullError if there is no room for it
   * @throws KeyConflictError if another thread has declared the key with another policy
   */
  constructor(key: string | undefined, settings: RateLimitSettings, panel: Panel, declaredAt: string) {
    this.key = key ?? `unnamed-${++unnamed}`;
    this.topic = key ?? this;
    this.settings = settings;
    this.panel = panel;
    this.declaredAt = declaredAt;
    this.record = claimRecord(panel, key, settings, declaredAt);
    this.#memory = panel.memory;
    this.#isShared = key !== undefined && !(panel.memory.cells.buffer instanceof ArrayBuffer);
    this.#alarm = new Alarm(panel.clock, (now) => this.#serve(panel.toElapsed(now)));
  }

  /** How many calls of this thread wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Takes a slot that is due.
   *
   * @throws RateLimitError if the next slot is later
   */
  takeNow(cost: number): Slot {
    const now = this.panel.elapsed();
    return this.#slotIn(this.#reserve(now, cost, 0), now);
  }

  /**
   * Takes a slot, and waits for it if it is not due.
   *
   * @param signalsOf the signals of the call, asked for only if it has to wait
   * @returns the slot, or a promise of it for when it is due
   * @throws RateLimitError if the slot would be later than `maxWait`, or the reason of a signal: at once, or as a rejection
   */
  take(cost: number, signalsOf: () => readonly AbortSignalLike[]): Slot | Promise<Slot> {
    const { maxWait } = this.settings;
    const now = this.panel.elapsed();
    const slot = this.#slotIn(this.#reserve(now, cost, maxWait), now);
    if (isDue(slot.at, now)) return slot;
    const signals = signalsOf();
    for (const signal of signals) {
      if (!isAborted(signal)) continue;
      this.giveBack(slot);
      throw abortedBy(signal);
    }
    return new Promise((resolve, reject) => {
      const call: WaitingCall = {
        before: undefined,
        after: undefined,
        isWaiting: false,
        slot,
        latest: now + maxWait,
        leave: undefined,
        admit() {
          this.leave?.();
          resolve(slot);
        },
        fail(error) {
          this.leave?.();
          reject(error);
        },
      };
      this.#wait(call, signals, slot.at - now);
    });
  }

  /** Gives back the slot of a call that did not begin, or was refused further in. */
  giveBack(slot: Slot): void {
    giveBackSlot(this.#memory, this.record.at, this.settings.rate, slot);
  }

  /** Settles what a call has really taken. */
  settle(slot: Slot, actual: number): void {
    settleCost(this.#memory, this.record.at, this.settings.rate, this.panel.elapsed(), actual - slot.cost);
  }

  /** Holds all calls, those that wait included, for so many ms. */
  hold(retryAfter: number): void {
    const { panel, settings, record, key } = this;
    const now = panel.elapsed();
    const until = now + Math.min(retryAfter, settings.maxRetryAfter);
    if (!holdUntil(this.#memory, record.at, settings.rate, now, until)) return;
    this.#onHold();
    rateLimitEvents.publish(this, {
      type: 'hold',
      policy: 'rate-limit',
      key,
      until: panel.toEpoch(until),
      at: panel.toEpoch(now),
    });
  }

  #reserve(now: number, cost: number, maxWait: number): Reservation {
    return reserve(this.#memory, this.record.at, this.settings.rate, now, cost, maxWait);
  }

  #slotIn(reservation: Reservation, now: number): Slot {
    if (reservation.kind === 'reserved') return reservation.slot;
    throw this.#refuse(reservation.at, now);
  }

  #refuse(at: number, now: number): RateLimitError {
    const { key, settings, panel, record } = this;
    const { limit, per } = settings;
    const retryAfter = Math.max(0, at - now);
    const reason = heldUntil(this.#memory, record.at) > now ? 'hold' : 'limit';
    const about = { policy: 'rate-limit', key, at: panel.toEpoch(now) } as const;
    rateLimitEvents.publish(this, { type: 'refusal', ...about, reason, retryAfter });
    const frames = !this.#hasGivenFrames;
    // Collecting frames for all of them would cost more than the calls do.
    this.#hasGivenFrames = true;
    return new RateLimitError({ key, reason, limit, per, retryAfter }, { frames });
  }

  #wait(call: WaitingCall, signals: readonly AbortSignalLike[], delay: number): void {
    const { panel, key } = this;
    this.#queue.add(call);
    if (signals.length > 0) call.leave = this.#leaveUnder(call, signals);
    this.#listen();
    if (this.#queue.first === call) this.#alarm.set(panel.toReading(call.slot.at));
    const at = panel.toEpoch(panel.elapsed());
    rateLimitEvents.publish(this, { type: 'wait', policy: 'rate-limit', key, delay, at });
  }

  #leaveUnder(call: WaitingCall, signals: readonly AbortSignalLike[]): () => void {
    const leaves = signals.map((signal) =>
      onAbort(signal, () => {
        if (this.#queue.remove(call)) this.#drop(call, abortedBy(signal));
      }),
    );
    return () => {
      for (const leave of leaves) leave();
    };
  }

  /** Lets the calls begin whose slots are due. @returns when the next one is, by the clock */
  #serve(now: number): number | undefined {
    for (let first = this.#queue.first; first !== undefined; first = this.#queue.first) {
      const at = slotNow(this.#memory, this.record.at, first.slot);
      if (at > first.latest && !isDue(at, first.latest)) {
        this.#queue.remove(first);
        this.#drop(first, this.#refuse(at, now));
        continue;
      }
      if (!isDue(at, now)) return this.panel.toReading(at);
      this.#queue.remove(first);
      first.admit();
    }
    return undefined;
  }

  /** Ends the wait of a call that has left the queue. */
  #drop(call: WaitingCall, error: unknown): void {
    this.giveBack(call.slot);
    if (this.#queue.size === 0) this.#alarm.clear();
    call.fail(error);
  }

  /** Slots have moved: those that cannot wait for theirs any more are refused at once. */
  #onHold(): void {
    if (this.#queue.size === 0) return;
    this.#alarm.clear();
    const now = this.panel.elapsed();
    for (const call of [...this.#queue]) {
      const at = slotNow(this.#memory, this.record.at, call.slot);
      if (isDue(at, call.latest) || !this.#queue.remove(call)) continue;
      this.#drop(call, this.#refuse(at, now));
    }
    const next = this.#serve(now);
    if (next !== undefined) this.#alarm.set(next);
  }

  /** Hears of holds that other threads have made, while calls wait here. */
  #listen(): void {
    if (this.#isListening || !this.#isShared) return;
    this.#isListening = true;
    const cell = this.record.at + RateField.holds;
    const wait = Atomics.waitAsync(this.#memory.cells, cell, this.#memory.load(cell));
    const onWake = (): void => {
      this.#isListening = false;
      if (this.#queue.size > 0) this.#listen();
      this.#onHold();
    };
    if (wait.async) void wait.value.then(onWake);
    else setImmediate(onWake);
  }
}

function abortedBy(signal: AbortSignalLike): unknown {
  const reason = reasonOf(signal);
  rememberRetryAbort(reason);
  return reason;
}
