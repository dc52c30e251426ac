/** Where an item of `gated` stands: how many have come to the gate, and whether it is open. */
export class Gate {
  readonly cells: Int32Array = new Int32Array(new SharedArrayBuffer(8));

  /** Waits until so many items stand at it. */
  async reached(items = 1): Promise<void> {
    for (;;) {
      const count = Atomics.load(this.cells, 0);
      if (count >= items) return;
      const waiting = Atomics.waitAsync(this.cells, 0, count, 20_000);
      if ((await waiting.value) === 'timed-out') throw new Error(`${count} of ${items} came to the gate`);
    }
  }

  open(): void {
    Atomics.store(this.cells, 1, 1);
    Atomics.notify(this.cells, 1);
  }
}
