/** Listens to signals for many jobs: Node warns of a leak where one signal has more than ten listeners. */
export class AbortListeners {
  readonly #jobs = new WeakMap<AbortSignal, Set<() => void>>();

  /** @param abort is called once at most */
  add(signal: AbortSignal, abort: () => void): void {
    const known = this.#jobs.get(signal);
    if (known !== undefined) {
      known.add(abort);
      return;
    }
    this.#jobs.set(signal, new Set([abort]));
    signal.addEventListener('abort', this.#tell, { once: true });
  }

  delete(signal: AbortSignal, abort: () => void): void {
    const jobs = this.#jobs.get(signal);
    jobs?.delete(abort);
    if (jobs?.size !== 0) return;
    this.#jobs.delete(signal);
    signal.removeEventListener('abort', this.#tell);
  }

  readonly #tell = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    const jobs = this.#jobs.get(signal);
    this.#jobs.delete(signal);
    for (const abort of jobs ?? []) abort();
  };
}
