/** An instance with what `await using` calls. */
interface Disposable {
  readonly [Symbol.asyncDispose]?: unknown;
  readonly [Symbol.dispose]?: unknown;
}

/** The instances that one thread has made, by their numbers. Each is made once, and disposed of once, at the end. */
export class ThreadInstances {
  readonly #instances = new Map<number, Promise<object>>();

  /** The instance of a number. `make` makes it, unless it is there or being made; one that could not be made is tried again. */
  get(number: number, make: () => Promise<object>): Promise<object> {
    let instance = this.#instances.get(number);
    if (instance === undefined) {
      instance = make();
      this.#instances.set(number, instance);
      instance.catch(() => this.#instances.delete(number));
    }
    return instance;
  }

  /**
   * Disposes of all instances, the newest first, by `Symbol.asyncDispose` or else `Symbol.dispose`.
   *
   * @throws what a disposal throws; an AggregateError if more than one does. The others are disposed of all the same
   */
  async dispose(): Promise<void> {
    const made = [...this.#instances.values()].reverse();
    this.#instances.clear();
    const errors: unknown[] = [];
    for (const instance of made) {
      try {
        await disposeOf(await instance.catch(() => ({})));
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1)
      throw new AggregateError(errors, `${errors.length} instances could not be disposed of`);
  }
}

async function disposeOf(instance: Disposable): Promise<void> {
  const dispose = instance[Symbol.asyncDispose] ?? instance[Symbol.dispose];
  if (typeof dispose === 'function') await Reflect.apply(dispose as () => unknown, instance, []);
}
