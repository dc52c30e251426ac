/** What the circuit of a key is, where failureThreshold and successThreshold are 1. */
interface ModelCircuit {
  readonly key: string;
  state: 'closed' | 'forced-open' | 'forced-closed' | { readonly openUntil: number };
  isUsed: boolean;
  isKept: boolean;
}

/**
 * The circuits of one guarded function as they should be, written down plainly: lists are searched and nothing is shared.
 *
 * On the face stand those that arguments have named; a circuit that was removed from the panel stays there until the hand
 * comes by. Those that are declared by name are nobody's to remove.
 */
export class KeyedModel {
  now = 0;
  readonly panel: ModelCircuit[] = [];
  readonly #max: number;
  readonly #resetTimeout: number;
  readonly #face: ModelCircuit[] = [];
  readonly #private: ModelCircuit[] = [];
  /** The last circuit for all threads that a call of the key was guarded by. */
  readonly #last = new Map<string, ModelCircuit>();
  #hand = 0;
  #isCrowded = false;

  constructor(max: number, resetTimeout: number) {
    this.#max = max;
    this.#resetTimeout = resetTimeout;
  }

  get keys(): readonly string[] {
    return this.panel.map(({ key }) => key).sort();
  }

  refuses({ state }: ModelCircuit): boolean {
    return state === 'forced-open' || (typeof state === 'object' && this.now < state.openUntil);
  }

  /** @returns whether the call is let through */
  call(key: string, isFailing: boolean): boolean {
    const circuit = this.#circuitOf(key);
    if (this.refuses(circuit)) return false;
    if (circuit.state === 'forced-closed') return true;
    circuit.state = isFailing ? { openUntil: this.now + this.#resetTimeout } : 'closed';
    return true;
  }

  declare(key: string): void {
    const circuit = this.#find(key) ?? this.#add(key);
    circuit.isKept = true;
  }

  remove(key: string): void {
    if (this.#find(key)?.state === 'closed') this.#takeAway(key);
  }

  force(key: string, mode: 'open' | 'closed' | 'auto'): void {
    const circuit = this.#find(key);
    if (circuit === undefined) return;
    if (mode !== 'auto') circuit.state = `forced-${mode}`;
    else if (typeof circuit.state !== 'object') circuit.state = 'closed';
  }

  #find(key: string): ModelCircuit | undefined {
    return this.panel.find((circuit) => circuit.key === key);
  }

  #add(key: string): ModelCircuit {
    const circuit: ModelCircuit = { key, state: 'closed', isUsed: true, isKept: false };
    this.panel.push(circuit);
    return circuit;
  }

  #takeAway(key: string): void {
    this.panel.splice(
      this.panel.findIndex((circuit) => circuit.key === key),
      1,
    );
  }

  #circuitOf(key: string): ModelCircuit {
    const standing = this.#find(key);
    if (standing !== undefined && (standing.isKept || this.#face.includes(standing))) {
      const own = this.#private.findIndex((circuit) => circuit.key === key);
      const isOwnBusy = own !== -1 && this.#private[own].state !== 'closed';
      // Its own circuit goes before one that was declared since, while it knows something.
      if (isOwnBusy) return this.#private[own];
      if (own !== -1) this.#private.splice(own, 1);
      standing.isUsed = true;
      this.#last.set(key, standing);
      return standing;
    }
    const own = this.#private.find((circuit) => circuit.key === key);
    if (own !== undefined && own.state !== 'closed') return own;
    const slot = this.#slotFor(key);
    if (slot === undefined) {
      if (own !== undefined) return own;
      const made: ModelCircuit = { key, state: 'closed', isUsed: true, isKept: false };
      this.#private.push(made);
      return made;
    }
    if (own !== undefined) this.#private.splice(this.#private.indexOf(own), 1);
    this.#face[slot] = this.#add(key);
    this.#last.set(key, this.#face[slot]);
    return this.#face[slot];
  }

  /** Where the circuit of a key goes on the face, when another has made room if need be. */
  #slotFor(key: string): number | undefined {
    // A key that was removed and comes back is put where it was.
    const before = this.#face.findIndex((circuit) => circuit === this.#last.get(key));
    if (before !== -1) return before;
    if (this.#face.length < this.#max) return this.#face.length;
    const steps = this.#isCrowded ? 16 : 2 * this.#max + 1;
    let second: number | undefined;
    for (let step = 0; step < steps; step++) {
      const slot = (this.#hand + step) % this.#max;
      const circuit = this.#face[slot];
      const isGone = !this.panel.includes(circuit);
      const wasIdle = !circuit.isUsed && !circuit.isKept;
      circuit.isUsed = false;
      if (isGone || (wasIdle && circuit.state === 'closed')) return this.#clear(slot);
      if (wasIdle && typeof circuit.state === 'object' && !this.refuses(circuit)) second ??= slot;
    }
    this.#hand = (this.#hand + steps) % this.#max;
    this.#isCrowded = true;
    return second === undefined ? undefined : this.#clear(second);
  }

  #clear(slot: number): number {
    const { key } = this.#face[slot];
    if (this.panel.includes(this.#face[slot])) this.#takeAway(key);
    this.#hand = (slot + 1) % this.#max;
    this.#isCrowded = false;
    return slot;
  }
}
