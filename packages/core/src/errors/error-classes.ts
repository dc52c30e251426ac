/** The parts of an error, from which a reviver makes one of its class. */
export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  /** The stack of the thrown error, as text. The revived error gets it afterwards in any case. */
  readonly stack: string | undefined;
  readonly cause: unknown;
  /** The own enumerable fields, revived. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export type ReviveError = (parts: ErrorParts) => Error;

interface ErrorClasses {
  /** Prototypes of the classes that `markError` was called for, by their brand, which is their code. */
  readonly prototypes: Map<string, object>;
  /** Revivers that users and other packages registered, by `error.code`. */
  readonly revivers: Map<string, ReviveError>;
}

// The registry is on globalThis, because a thread may hold several copies of this package (two versions, or its ESM and
// CJS builds): one copy may register a class, and another may decode a record of it. The classes of this copy come
// first, so that `instanceof` holds for code that imports them from this copy.
const REGISTRY = Symbol.for('@switchgear/error-classes');
const prototypesOfThisCopy = new Map<string, object>();

function classesOfAllCopies(): ErrorClasses {
  const global = globalThis as { [REGISTRY]?: ErrorClasses | undefined };
  return (global[REGISTRY] ??= { prototypes: new Map(), revivers: new Map() });
}

/**
 * Lets errors of your class cross threads and come back as themselves.
 *
 * Register in a module that both threads import. A later registration of a code replaces the earlier one, so that
 * modules can be reloaded. Own fields that `revive` does not set are copied onto the error that it returns. If `revive`
 * throws or returns no error, the error comes back as a plain `Error` with the same name, message, code and fields.
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
  const { revivers } = classesOfAllCopies();
  revivers.set(code, revive);
  return () => {
    if (revivers.get(code) === revive) revivers.delete(code);
  };
}

export function registerPrototype(code: string, prototype: object): void {
  prototypesOfThisCopy.set(code, prototype);
  classesOfAllCopies().prototypes.set(code, prototype);
}

export function prototypeFor(brand: string): object | undefined {
  return prototypesOfThisCopy.get(brand) ?? classesOfAllCopies().prototypes.get(brand);
}

export function reviverFor(code: string): ReviveError | undefined {
  return classesOfAllCopies().revivers.get(code);
}
