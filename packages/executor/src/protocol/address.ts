export type Class<T = unknown> = abstract new (...args: never[]) => T;

/** How a worker finds a class: it imports the module, and takes what was registered there, or exported. */
export interface Address {
  /** Its URL. */
  readonly module: string;
  readonly className: string;
  /** Which of the classes of that name in that module; undefined for one that is only exported. */
  readonly ordinal: number | undefined;
}

/** Which method of which class. */
export interface Target {
  readonly address: Address;
  readonly method: string;
  /** As people know it, `Class.method`. */
  readonly name: string;
}
