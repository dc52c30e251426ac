/** Calls that end when the spec says so, in the order in which they began. */
export class PendingCalls {
  readonly begun: unknown[] = [];
  readonly #ends: ((value: unknown) => void)[] = [];

  /** Begins a call that is named by its argument. */
  readonly begin = (name?: unknown): Promise<unknown> => {
    this.begun.push(name);
    return new Promise((resolve) => this.#ends.push(resolve));
  };

  /** Ends the call that began first of those that run. */
  async end(value?: unknown): Promise<void> {
    this.#ends.shift()?.(value);
    await turns();
  }

  async endAll(): Promise<void> {
    while (this.#ends.length > 0) await this.end();
  }
}

/** Lets promises that are settled already reach those who await them. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
