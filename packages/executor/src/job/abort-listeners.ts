/** Listens to signals for many jobs: Node warns of a leak where one signal has more than ten listeners. */
export class AbortListeners {
  readonly #jobs = new WeakMap<AbortSignal, Set<() => void>>();

  /**
   * @param abort is called when the signal aborts; never if it has aborted already, or is undefined
   * @returns removes the listener
   */
  add(signal: AbortSignal | undefined, abort: () => void): () => void {
    if (signal?.aborted !== false) return nothing;
    const jobs = this.#jobs.get(signal);
    if (jobs !== undefined) {
      jobs.add(abort);
    } else {
      this.#jobs.set(signal, new Set([abort]));
      signal.addEventListener('abort', this.#abortJobs, { once: true });
    }
    return () => this.#delete(signal, abort);
  }

  #delete(signal: AbortSignal, abort: () => void): void {
    const jobs = this.#jobs.get(signal);
    jobs?.delete(abort);
    if (jobs?.size !== 0) return;
    this.#jobs.delete(signal);
    signal.removeEventListener('abort', this.#abortJobs);
  }

  readonly #abortJobs = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    const jobs = this.#jobs.get(signal);
    this.#jobs.delete(signal);
    for (const abort of jobs ?? []) abort();
  };
}

function nothing(): void {
  // There is no listener to remove.
}
