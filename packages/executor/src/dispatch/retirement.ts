import type { EventLoop, Timer } from '../event-loop.js';
import { DISPOSAL } from '../protocol/messages.js';
import type { Lane } from './lane.js';

/** A worker that was told to close, and still has something open, is terminated after this time. */
const TERMINATION_GRACE_MS = 1_000;
/** … and after this time, if it is disposing of its instances: they may have to finish what they began. */
const DISPOSAL_GRACE_MS = 10_000;

/** Ends workers: those that have been idle for long, those that have run enough, and all when the pool closes. */
export class Retirement {
  readonly #lanes: ReadonlySet<Lane>;
  readonly #idleTimeout: number;
  readonly #loop: EventLoop;
  readonly #onTerminate: (thread: number, resources: readonly string[]) => void;
  /** Since when the lanes are idle, in ms of the clock. */
  readonly #idleSince = new WeakMap<Lane, number>();
  readonly #told = new WeakSet<Lane>();
  #timer: Timer | undefined;

  /**
   * @param idleTimeout how long a worker may be idle, in ms
   * @param onTerminate is called for a worker that had to be terminated, with the kinds of resources that were open in it
   */
  constructor(
    lanes: ReadonlySet<Lane>,
    idleTimeout: number,
    loop: EventLoop,
    onTerminate: (thread: number, resources: readonly string[]) => void,
  ) {
    this.#lanes = lanes;
    this.#idleTimeout = idleTimeout;
    this.#loop = loop;
    this.#onTerminate = onTerminate;
  }

  /** A lane has nothing in hand. */
  idle(lane: Lane): void {
    if (lane.isRetiring) this.close(lane, false);
    if (this.#idleTimeout === Infinity) return;
    this.#idleSince.set(lane, this.#loop.now());
    if (this.#timer === undefined) this.#timer = this.#loop.setTimer(() => this.#check(), this.#idleTimeout);
  }

  /**
   * Has a worker close, and terminates it if it does not end.
   *
   * @param isAwaited whether someone waits for its end
   */
  close(lane: Lane, isAwaited: boolean): void {
    lane.close(isAwaited);
    if (this.#told.has(lane)) return;
    this.#told.add(lane);
    this.#loop.setTimer(() => {
      if (lane.openResources.includes(DISPOSAL))
        this.#loop.setTimer(() => this.#terminate(lane), DISPOSAL_GRACE_MS - TERMINATION_GRACE_MS);
      else this.#terminate(lane);
    }, TERMINATION_GRACE_MS);
  }

  #terminate(lane: Lane): void {
    if (!this.#lanes.has(lane)) return;
    lane.terminate();
    if (lane.threadId !== undefined) this.#onTerminate(lane.threadId, lane.openResources);
  }

  /** Closes the lanes that have been idle for long, and comes again when the next one will have been. */
  #check(): void {
    this.#timer = undefined;
    const now = this.#loop.now();
    let next = Infinity;
    for (const lane of this.#lanes) {
      if (!lane.isFree) continue;
      const left = (this.#idleSince.get(lane) ?? now) + this.#idleTimeout - now;
      if (left <= 0) this.close(lane, false);
      else next = Math.min(next, left);
    }
    if (next < Infinity) this.#timer = this.#loop.setTimer(() => this.#check(), next);
  }
}
