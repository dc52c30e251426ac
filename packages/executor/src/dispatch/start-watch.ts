import { WorkerStartError } from '../errors.js';
import type { EventLoop, Timer } from '../event-loop.js';
import type { Hand } from './hand.js';

/** What a worker is loading. */
export type PendingLoad =
  /** One of the modules that every worker imports first; undefined where the worker has imported nothing yet. */
  | { readonly kind: 'preload'; readonly module: string | undefined }
  | { readonly kind: 'module'; readonly module: string }
  /** The class of a target, or its instance. */
  | { readonly kind: 'target'; readonly module: string; readonly target: number };

/**
 * Bounds how long a worker may load: at its start its preloads and its module, and later the target of each chunk that comes first.
 *
 * It reads from shared memory how far the worker is. Messages would not do: when the timer fires they may be there and not yet read,
 * because this thread was busy.
 */
export class StartWatch {
  readonly #timeout: number;
  readonly #hand: Hand;
  readonly #loop: EventLoop;
  readonly #onTimeout: (load: PendingLoad, error: WorkerStartError) => void;
  /** The targets that the worker has run items of. */
  readonly #loaded = new Set<number>();
  /** What the worker imports before it is ready; undefined once it is. */
  #imports: readonly string[] | undefined;
  #timer: Timer | undefined;

  /** @param timeout in ms */
  constructor(
    timeout: number,
    hand: Hand,
    loop: EventLoop,
    onTimeout: (load: PendingLoad, error: WorkerStartError) => void,
  ) {
    this.#loop = loop;
    this.#timeout = timeout;
    this.#hand = hand;
    this.#onTimeout = onTimeout;
  }

  /** The worker has been started, and imports these modules. */
  begin(imports: readonly string[]): void {
    this.#imports = imports;
    this.restart();
  }

  /** The worker has imported its modules. */
  ready(): void {
    this.#imports = undefined;
  }

  /** The worker has run items of a target. */
  loaded(target: number): void {
    this.#loaded.add(target);
  }

  /** Gives the worker the whole time from now on: it has turned to its next chunk. */
  restart(): void {
    this.stop();
    if (this.#timeout === Infinity || this.#pending === undefined) return;
    this.#timer = this.#loop.setTimer(() => this.#check(), this.#timeout);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #check(): void {
    const load = this.#pending;
    if (load === undefined) return;
    const { kind, module } = load;
    const method = this.#hand.first?.job.options.target.name;
    this.#onTimeout(load, new WorkerStartError({ kind, module, method, timeout: this.#timeout }));
  }

  get #pending(): PendingLoad | undefined {
    return this.#imports === undefined ? this.#pendingTarget : this.#pendingImport(this.#imports);
  }

  #pendingImport(imports: readonly string[]): PendingLoad | undefined {
    const { memory } = this.#hand;
    if (memory.hasImported) return undefined;
    const place = memory.importing;
    if (place === undefined) return { kind: 'preload', module: undefined };
    return { kind: place === imports.length - 1 ? 'module' : 'preload', module: imports[place] };
  }

  /** Of a chunk behind the first one the worker has begun nothing either: it takes one after the other. */
  get #pendingTarget(): PendingLoad | undefined {
    const { first } = this.#hand;
    const isLoading =
      first !== undefined && !this.#loaded.has(first.target) && this.#hand.begunCount(first) === 0;
    if (!isLoading) return undefined;
    return { kind: 'target', module: first.job.options.target.address.module, target: first.target };
  }
}
