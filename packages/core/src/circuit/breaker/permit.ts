/// <reference lib="esnext.disposable" preserve="true" />
import type { LocalCircuit } from '../local/local-circuit.js';
import type { Admission } from '../machine/transition.js';

/**
 * Leave to make one call, for work that is no function to be called: streams, callbacks, transactions.
 *
 * The first of `succeed`, `fail` and `ignore` counts, later ones do nothing. A permit that is dropped without one counts as
 * nothing while the circuit is closed, and as a failed probe once it expires in half-open; `using` gives it back.
 *
 * @example
 * using permit = breaker.acquire();
 * stream.on('error', (error) => permit.fail(error));
 * stream.on('end', () => permit.succeed());
 */
export interface Permit {
  /** @param result shown to the policy's `isFailure`, if it has one */
  succeed(result?: unknown): void;
  /** @param error what the policy's `expectedErrors` and `excludedErrors` are asked about */
  fail(error: unknown): void;
  /** Counts as neither success nor failure. */
  ignore(): void;
  /** The same as {@link ignore}. */
  [Symbol.dispose](): void;
}

/** An admission that is given to a caller, who settles it by hand. */
export class HeldPermit implements Permit {
  readonly #circuit: LocalCircuit;
  readonly #permit: Admission;
  readonly #start: number | undefined;
  #isSettled = false;

  constructor(circuit: LocalCircuit, admission: Admission, start: number | undefined) {
    this.#circuit = circuit;
    this.#permit = admission;
    this.#start = start;
  }

  succeed(result?: unknown): void {
    if (this.#settles()) this.#circuit.succeeded(this.#permit, result, this.#circuit.isSlow(this.#start));
  }

  fail(error: unknown): void {
    if (this.#settles()) this.#circuit.failed(this.#permit, error, this.#circuit.isSlow(this.#start), []);
  }

  ignore(): void {
    if (this.#settles()) this.#circuit.ignored(this.#permit);
  }

  [Symbol.dispose](): void {
    this.ignore();
  }

  #settles(): boolean {
    const isFirst = !this.#isSettled;
    this.#isSettled = true;
    return isFirst;
  }
}
