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
