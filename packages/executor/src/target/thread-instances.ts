/** An instance with what `await using` calls. */
interface Disposable {
  readonly [Symbol.asyncDispose]?: unknown;
  readonly [Symbol.dispose]?: unknown;
}

/**
 * The instances that one thread has made, by their numbers. Each is made once, and disposed of once, at the end.
 *
 * The user's code may have replaced the methods of promises, so none is called here.
 */
export class ThreadInstances {
  readonly #instances = new Map<number, Promise<object>>();

  /** The instance of a number. `make` makes it, unless it is there or being made; one that could not be made is tried again. */
  get(number: number, make: () => Promise<object>): Promise<object> {
    let instance = this.#instances.get(number);
    if (instance === undefined) this.#instances.set(number, (instance = this.#make(number, make)));
    return instance;
  }

  async #make(number: number, make: () => Promise<object>): Promise<object> {
    try {
      return await make();
    } catch (error) {
      this.#instances.delete(number);
      throw error;
    }
  }

  /**
   * Disposes of all instances, the newest first, by `Symbol.asyncDispose` or else `Symbol.dispose`.
   *
   * @param onDisposal is called once before the first disposal, if there is one
   * @throws what a disposal throws; an AggregateError if more than one does. The others are disposed of all the same
   */
  async dispose(onDisposal?: () => void): Promise<void> {
    const made = [...this.#instances.values()];
    this.#instances.clear();
    const errors: unknown[] = [];
    let isTold = false;
    for (let i = made.length - 1; i >= 0; i--) {
      try {
        const dispose = disposalOf(await made[i]);
        if (dispose === undefined) continue;
        if (!isTold) onDisposal?.();
        isTold = true;
        await dispose();
      } catch (error) {
        errors[errors.length] = error;
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1)
      throw new AggregateError(errors, `${errors.length} instances could not be disposed of`);
  }
}

function disposalOf(instance: Disposable): (() => unknown) | undefined {
  const dispose = instance[Symbol.asyncDispose] ?? instance[Symbol.dispose];
  return typeof dispose === 'function'
    ? () => Reflect.apply(dispose as () => unknown, instance, [])
    : undefined;
}
