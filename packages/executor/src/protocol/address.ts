export type Class<T = unknown> = abstract new (...args: never[]) => T;

/** What a worker is asked to find: a class or a function. */
export type Owner = Class | ((...args: never[]) => unknown);

/** How a worker finds a class or a function: it loads the module, and takes what was registered or exported there. */
export interface Address {
  /** Its URL. */
  readonly module: string;
  /** Whether this thread has loaded the module with `require`. A worker does the same, since hooks of `require` see no imports. */
  readonly isRequired: boolean;
  /** The name of the class or function; may be empty. */
  readonly ownerName: string;
  /** Line and column of the mark, or the name that the mark gives; undefined for a class that is exported and not marked. */
  readonly place: string | undefined;
  /** A digest of the text of the class or function. */
  readonly digest: string;
}

/** What to call: a method of an instance, a static method, or the function itself. */
export interface Target {
  readonly address: Address;
  readonly kind: 'method' | 'static' | 'function';
  /** The method's name; empty for a function. */
  readonly method: string;
  /** `Class.method`, or the name of the function, for messages. */
  readonly name: string;
  /** The number of the class or function in the thread that begins the job: that thread has it at hand. */
  readonly ownerNumber: number;
}
