import type { AbortSignalLike } from '@switchgear/core';

/** A signal like those of the npm package abort-controller 3: of no class of Node, without `reason` and `throwIfAborted`. */
export class PolyfilledSignal implements AbortSignalLike {
  readonly listeners = new Set<() => void>();
  #aborted = false;

  get aborted(): boolean {
    return this.#aborted;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
  }

  abort(): void {
    this.#aborted = true;
    for (const listener of [...this.listeners]) listener();
  }
}
