const resolved = Promise.resolve();

/** Calls a function after the code that runs now, as a promise that settles now would. It must not throw. */
export function soon(callback: () => void): void {
  void resolved.then(callback);
}
