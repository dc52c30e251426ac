/** What a reviver is given to make one error of its class from. */
export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  /** The thrower's stack, as text; it is put on the revived error afterwards in any case. */
  readonly stack: string | undefined;
  readonly cause: unknown;
  /** The own enumerable fields, already revived themselves. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export type ReviveError = (parts: ErrorParts) => Error;

interface ErrorClasses {
  /** Prototypes of the classes made with `markError`, by the code that is their brand. */
  readonly prototypes: Map<string, object>;
  /** Revivers that users and other packages registered, by `error.code`. */
  readonly revivers: Map<string, ReviveError>;
}

// The registry sits on globalThis because a thread may hold several copies of this package (two versions, or its
// ESM and CJS builds), and the copy that reads a record need not be the one a class was registered through. This
// copy's own classes are kept apart and asked first, so `instanceof` holds for whoever imported them from here.
const REGISTRY = Symbol.for('@switchgear/error-classes');
const here = new Map<string, object>();

function everywhere(): ErrorClasses {
  const global = globalThis as { [REGISTRY]?: ErrorClasses | undefined };
  return (global[REGISTRY] ??= { prototypes: new Map(), revivers: new Map() });
}

/**
 * Lets errors of your class cross threads and come back as themselves.
 *
 * Register in a module that both threads import. A later registration of the same code replaces the earlier one,
 * as module reloading wants. Own fields that `revive` leaves unset are copied onto the error it returns; a `revive`
 * that throws or returns no object yields a plain `Error` with the same name, message, code and fields.
 *
 * @param code the `code` of the errors to revive, a non-empty string
 * @param revive makes one error from its parts
 * @returns a function that takes the registration back
 * @throws TypeError when `code` is not a non-empty string, or `revive` is not a function
 * @example
 * registerErrorClass('E_PAYMENT', ({ message, fields }) => new PaymentError(message, Number(fields['amount'])));
 */
export function registerErrorClass(code: string, revive: ReviveError): () => void {
  if (typeof code !== 'string' || code === '')
    throw new TypeError('registerErrorClass needs a non-empty code');
  if (typeof revive !== 'function') throw new TypeError('registerErrorClass needs a function that revives');
  const { revivers } = everywhere();
  revivers.set(code, revive);
  return () => {
    if (revivers.get(code) === revive) revivers.delete(code);
  };
}

export function registerPrototype(code: string, prototype: object): void {
  here.set(code, prototype);
  everywhere().prototypes.set(code, prototype);
}

export function prototypeFor(brand: string): object | undefined {
  return here.get(brand) ?? everywhere().prototypes.get(brand);
}

export function reviverFor(code: string): ReviveError | undefined {
  return everywhere().revivers.get(code);
}
