import { RefusalError } from '../errors/refusal-error.js';
import { brandOf, markError } from '../errors/switchgear-error.js';
import { quoteKey } from '../errors/quote-key.js';
import { shownName } from './circuit-name.js';
import type { CircuitOpening } from './circuit-opening.js';
import { shownWait } from './shown-wait.js';

/** The states in which a circuit refuses a call. */
export type RefusingState = 'open' | 'half-open' | 'forced-open';

export interface CircuitBreakerErrorData {
  readonly circuit: string;
  readonly state: RefusingState;
  /** When the circuit opened, in epoch milliseconds. */
  readonly openedAt?: number | undefined;
  /** Milliseconds until a call may be admitted again. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
  /** What opened it. */
  readonly opening?: CircuitOpening | undefined;
}

/**
 * A circuit refused the call. The function was not called.
 *
 * @param data the circuit and the reason of the refusal
 * @param options `frames: false` for a stack of the header line alone, which is much cheaper. Of the refusals of an open
 *   circuit only the first has a whole stack
 * @example
 * catch (error) {
 *   if (isCircuitBreakerError(error)) return reply.status(503).header('retry-after', seconds(error.retryAfter));
 *   throw error;
 * }
 */
export class CircuitBreakerError extends RefusalError {
  static {
    markError(this, { name: 'CircuitBreakerError', code: 'ERR_CIRCUIT_OPEN', refusal: true });
  }

  declare readonly name: 'CircuitBreakerError';
  readonly code = 'ERR_CIRCUIT_OPEN';
  /** The circuit's name. */
  readonly circuit: string;
  readonly state: RefusingState;
  /** When the circuit opened, in epoch milliseconds. */
  readonly openedAt: number | undefined;
  /**
   * Milliseconds until a call may be admitted. In `half-open`, the time until a permit comes free at the latest; in
   * `forced-open`, undefined.
   */
  readonly retryAfter: number | undefined;
  // No field: a record of the error has its cause once, and that is enough.
  readonly #opening: CircuitOpening | undefined;

  constructor(data: CircuitBreakerErrorData, options?: { readonly frames?: boolean }) {
    super(refusalMessage(data), data, options?.frames !== false);
    this.circuit = data.circuit;
    this.state = data.state;
    this.openedAt = data.openedAt;
    this.retryAfter = data.retryAfter;
    this.#opening = data.opening;
  }

  /** What opened the circuit. An error that has crossed threads as a record has none. */
  get opening(): CircuitOpening | undefined {
    return this.#opening;
  }

  get policy(): 'circuit-breaker' {
    return 'circuit-breaker';
  }

  /** The same as `circuit`. */
  get key(): string {
    return this.circuit;
  }

  /** In `half-open`: a probe that answers gives its permit back long before the permit would expire. */
  override get mayComeEarlier(): boolean {
    return this.state === 'half-open';
  }
}

export function isCircuitBreakerError(error: unknown): error is CircuitBreakerError {
  return brandOf(error) === 'ERR_CIRCUIT_OPEN';
}

function refusalMessage({ circuit, state, retryAfter }: CircuitBreakerErrorData): string {
  const who = `Circuit ${quoteKey(shownName(circuit))}`;
  if (state === 'forced-open') return `${who} is forced open: an operator holds it so`;
  if (state === 'half-open') {
    return retryAfter === undefined
      ? `${who} is half-open: all its probes are in flight`
      : `${who} is half-open: all its probes are in flight, the next place is free in ${shownWait(retryAfter)} at most`;
  }
  if (retryAfter === undefined) return `${who} is open`;
  return retryAfter > 0
    ? `${who} is open: next probe in ${shownWait(retryAfter)}`
    : `${who} is open: a probe is due`;
}
