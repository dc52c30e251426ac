export type Class<T = unknown> = abstract new (...args: never[]) => T;

/** How a worker finds a class: it imports the module, and takes the class that was registered or exported there. */
export interface Address {
  /** Its URL. */
  readonly module: string;
  readonly className: string;
  /** The place of the class among those of the same name in the module, from 0; undefined for a class that is exported and not marked. */
  readonly ordinal: number | undefined;
}

/** A method of a class. */
export interface Target {
  readonly address: Address;
  readonly method: string;
  /** `Class.method`, for messages. */
  readonly name: string;
}
