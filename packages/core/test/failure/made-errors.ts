/** An error with fields, as clients make them. */
export function errorWith(fields: object, message = ''): Error {
  return Object.assign(new Error(message), fields);
}

/** An error of a class that is known by its name alone, as SDKs make them: their `name` stays 'Error'. */
export function errorOfClass(names: readonly string[], fields: object = {}, message = ''): Error {
  let made: new (message: string) => Error = Error;
  for (const name of names) {
    made = class extends made {};
    Object.defineProperty(made, 'name', { value: name });
  }
  return Object.assign(new made(message), fields);
}

/** What `fetch` throws for a network that failed. */
export function fetchFailed(cause?: unknown): TypeError {
  return cause === undefined ? new TypeError('fetch failed') : new TypeError('fetch failed', { cause });
}
