/** What a source of items calls. */
export interface Subscriber {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
  readonly closed: boolean;
}

/** An Observable, known by its shape: RxJS is no dependency. */
export interface Observable {
  subscribe(observer: object): { unsubscribe(): void };
}

/** Whether a result is an Observable: an object that can be subscribed to, piped and iterated over. */
export function isObservable(result: unknown): result is Observable {
  if (typeof result !== 'object' || result === null) return false;
  const { subscribe, pipe, forEach } = result as Readonly<Record<string, unknown>>;
  return typeof subscribe === 'function' && typeof pipe === 'function' && typeof forEach === 'function';
}

/** Runs what a source has left to be done at the end of a subscription: a function, or a subscription of its own. */
export function finish(teardown: unknown): void {
  if (typeof teardown === 'function') (teardown as () => void)();
  else (teardown as { unsubscribe(): void }).unsubscribe();
}
