import { type AbortSignalLike, isAborted, reasonOf } from '../call/abort.js';
import { onAbort } from '../call/abort-listeners.js';
import { rememberRetryAbort } from '../call/retry-aborts.js';
import { WaitQueue, type Waiter } from '../call/wait-queue.js';
import type { Panel } from '../panel/panel.js';
import { MAX_KEPT, wakeWaiting } from '../panel/permit-line.js';
import { mayWait, noteWaiting, passOn } from '../panel/permits-queue.js';
import { giveBack, PERMITS, PLACES, take, takeGranted } from '../panel/permits.js';
import { type ThreadPermits, threadPermits } from '../panel/thread-permits.js';
import { KeepAlive } from '../process/keep-alive.js';
import { Alarm } from '../time/alarm.js';
import { bulkheadEvents } from './bulkhead-events.js';
import { BulkheadFullError, type BulkheadRefusal } from './bulkhead-full-error.js';
import { claimRecord } from './claim-record.js';
import type { BulkheadSettings } from './policy.js';

/** A call that waits for a permit. */
interface WaitingCall extends Waiter {
  /** A reading of the clock. */
  readonly since: number;
  leave: (() => void) | undefined;
}

/** A share of the permits that a thread may keep for its next calls, so that most calls touch no memory that others write. */
const KEPT_SHARE = 8;

let unnamed = 0;

/** One bulkhead as one thread knows it. */
export class LocalBulkhead {
  readonly key: string;
  readonly settings: BulkheadSettings;
  readonly panel: Panel;
  readonly declaredAt: string;
  readonly permits: ThreadPermits;
  /** What events of it are about. */
  readonly topic: string | object;
  readonly #keep: number;
  readonly #queue = new WaitQueue<WaitingCall>();
  readonly #keepAlive = new KeepAlive();
  readonly #patience: Alarm | undefined;
  readonly #isShared: boolean;
  #isListening = false;
  #hasGivenFrames = false;

  /**
   * @param key undefined for a bulkhead of this thread alone
   * @throws PanelFullError if there is no room for it
   * @throws KeyConflictError if another thread has declared the key with another policy
   */
  constructor(key: string | undefined, settings: BulkheadSettings, panel: Panel, declaredAt: string) {
    this.key = key ?? `unnamed-${++unnamed}`;
    this.topic = key ?? this;
    this.settings = settings;
    this.panel = panel;
    this.declaredAt = declaredAt;
    this.permits = threadPermits(panel, claimRecord(panel, key, settings, declaredAt));
    this.#keep = Math.min(MAX_KEPT, Math.floor(settings.maxConcurrent / KEPT_SHARE));
    this.#isShared = key !== undefined && !(panel.memory.cells.buffer instanceof ArrayBuffer);
    if (settings.queueTimeout !== undefined)
      this.#patience = new Alarm(panel.clock, (now) => this.#expire(now));
  }

  /** How many calls of this thread wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Takes a permit if one is free, in any thread. */
  tryEnter(): boolean {
    if (this.#queue.size > 0) this.#serve();
    return take(this.permits, PERMITS, this.settings.maxConcurrent);
  }

  /**
   * Takes a permit, or waits for one.
   *
   * @param signalsOf the signals of the call, asked for only if it has to wait
   * @returns true if there was one, else a promise that is fulfilled with the permit
   * @throws BulkheadFullError, or the reason of a signal: at once, or as a rejection
   */
  enter(signalsOf: () => readonly AbortSignalLike[]): true | Promise<void> {
    if (this.#queue.size > 0) this.#serve();
    const { maxConcurrent, maxQueue } = this.settings;
    // Those who wait here come first.
    if (this.#queue.size === 0 && take(this.permits, PERMITS, maxConcurrent)) return true;
    const signals = maxQueue === 0 ? [] : signalsOf();
    for (const signal of signals) if (isAborted(signal)) throw this.#abortedBy(signal);
    if (maxQueue === 0 || !take(this.permits, PLACES, maxQueue)) throw this.refuse('full', 0);
    return new Promise((resolve, reject) => {
      const since = this.panel.clock.now();
      const call: WaitingCall = {
        before: undefined,
        after: undefined,
        isWaiting: false,
        since,
        leave: undefined,
        admit() {
          this.leave?.();
          resolve();
        },
        fail(error) {
          this.leave?.();
          reject(error);
        },
      };
      this.#wait(call, signals);
    });
  }

  /** Gives a permit back, to a call that waits for it if there is one. */
  leave(): void {
    if (this.settings.maxQueue === 0) {
      giveBack(this.permits, PERMITS, this.#keep);
      return;
    }
    const { permits } = this;
    if (mayWait(permits, permits.record)) {
      const to = passOn(permits, permits.record);
      if (to === 'given') return;
      if (to === 'own') {
        const first = this.#queue.shift();
        if (first !== undefined) {
          this.#admit(first);
          return;
        }
      }
    }
    giveBack(permits, PERMITS, this.#keep);
    // A call may have come to wait after the first look, and before there was a permit for it.
    if (mayWait(permits, permits.record)) {
      wakeWaiting(permits.memory, permits.lines());
      this.#serve();
    }
  }

  /** The refusal of a call, published. */
  refuse(reason: BulkheadRefusal, waited: number): BulkheadFullError {
    const { key, panel, settings } = this;
    const { maxConcurrent, maxQueue } = settings;
    bulkheadEvents.publish(this, { type: 'refusal', policy: 'bulkhead', key, reason, at: epochOf(panel) });
    const frames = !this.#hasGivenFrames;
    // Collecting frames for all of them would cost more than the calls do.
    this.#hasGivenFrames = true;
    return new BulkheadFullError({ key, reason, maxConcurrent, maxQueue, waited }, { frames });
  }

  #wait(call: WaitingCall, signals: readonly AbortSignalLike[]): void {
    const { permits, key, panel } = this;
    this.#queue.add(call);
    this.#keepAlive.hold();
    noteWaiting(permits, permits.record);
    // Read before permits are looked for: a wake that comes in between is not missed.
    this.#listen();
    this.#serve();
    if (!call.isWaiting) return;
    if (signals.length > 0) call.leave = this.#leaveUnder(call, signals);
    this.#patience?.set(call.since + (this.settings.queueTimeout ?? 0));
    const waiting = this.#queue.size;
    bulkheadEvents.publish(this, { type: 'queued', policy: 'bulkhead', key, waiting, at: epochOf(panel) });
  }

  /** Lets a call leave the queue when one of its signals aborts. */
  #leaveUnder(call: WaitingCall, signals: readonly AbortSignalLike[]): () => void {
    const leaves = signals.map((signal) =>
      onAbort(signal, () => {
        if (this.#queue.remove(call)) this.#drop(call, this.#abortedBy(signal));
      }),
    );
    return () => {
      for (const leave of leaves) leave();
    };
  }

  #abortedBy(signal: AbortSignalLike): unknown {
    const reason = reasonOf(signal);
    rememberRetryAbort(reason);
    return reason;
  }

  /** Gives permits to the calls that wait, as long as there are some. */
  #serve(): void {
    const { permits, settings } = this;
    while (this.#queue.size > 0 && (takeGranted(permits) || take(permits, PERMITS, settings.maxConcurrent))) {
      const first = this.#queue.shift();
      if (first !== undefined) this.#admit(first);
    }
    this.#passOnGranted();
  }

  /** Permits that were given to calls which have left the queue since. */
  #passOnGranted(): void {
    while (this.#queue.size === 0 && takeGranted(this.permits)) this.leave();
  }

  #admit(call: WaitingCall): void {
    giveBack(this.permits, PLACES, 0);
    this.#leftQueue();
    call.admit();
  }

  /** Ends the wait of a call that has left the queue. */
  #drop(call: WaitingCall, error: unknown): void {
    giveBack(this.permits, PLACES, 0);
    this.#leftQueue();
    this.#passOnGranted();
    call.fail(error);
  }

  #leftQueue(): void {
    if (this.#queue.size > 0) return;
    this.#keepAlive.release();
    this.#patience?.clear();
  }

  /** Refuses the calls that have waited for too long. @returns when the first that is left will have */
  #expire(now: number): number | undefined {
    const { queueTimeout = Infinity } = this.settings;
    for (let first = this.#queue.first; first !== undefined; first = this.#queue.first) {
      // The same sum as the alarm was set to: a difference could be a rounding error less than the timeout, and never end.
      const end = first.since + queueTimeout;
      if (now < end) return end;
      this.#queue.remove(first);
      this.#drop(first, this.refuse('queue-timeout', now - first.since));
    }
    return undefined;
  }

  /** Hears of permits that other threads give to the calls of this one. */
  #listen(): void {
    if (this.#isListening || !this.#isShared) return;
    this.#isListening = true;
    const { memory, wakeCell } = this.permits;
    const wait = Atomics.waitAsync(memory.cells, wakeCell, memory.load(wakeCell));
    const onWake = (): void => {
      this.#isListening = false;
      // Also where no call waits: a permit may be on its way for one that has left.
      this.#listen();
      this.#serve();
    };
    if (wait.async) void wait.value.then(onWake);
    else setImmediate(onWake);
  }
}

function epochOf(panel: Panel): number {
  return panel.toEpoch(panel.now());
}
