import { RefusalError } from '../errors/refusal-error.js';
import { brandOf, markError, SwitchgearError } from '../errors/switchgear-error.js';
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

export interface KeyConflictErrorData {
  readonly key: string;
  /** The line of code of the declaration that was refused, such as 'src/geo.ts:12:3'. */
  readonly here: string | undefined;
  /** The line of code of the declaration that holds. */
  readonly there: string | undefined;
  /** The policy fields that differ; empty where they are not known. */
  readonly differences?: readonly string[];
  /** Whether the policy that holds is the default, which `{ key }` alone declares at its first call. */
  readonly isDefault?: boolean;
}

/** The text for a line of code that is not known, as that of evaluated code. */
const NOWHERE = 'an unknown place';

/** One key was declared twice with different policies. */
export class KeyConflictError extends SwitchgearError {
  static {
    markError(this, { name: 'KeyConflictError', code: 'ERR_KEY_CONFLICT' });
  }

  declare readonly name: 'KeyConflictError';
  readonly code = 'ERR_KEY_CONFLICT';
  readonly key: string;
  readonly here: string;
  readonly there: string;
  readonly differences: readonly string[];

  constructor(data: KeyConflictErrorData) {
    const { key, here = NOWHERE, there = NOWHERE, differences = [] } = data;
    super(
      `${conflictText({ ...data, here, there, differences })} ${cureOf(key, here === there, data.isDefault)}`,
    );
    this.key = key;
    this.here = here;
    this.there = there;
    this.differences = Object.freeze([...differences]);
  }
}

function conflictText({
  key,
  here,
  there,
  differences,
}: Required<Omit<KeyConflictErrorData, 'isDefault'>>): string {
  const what = differences.length === 0 ? '' : ` (different: ${differences.join(', ')})`;
  return here === there && here !== NOWHERE
    ? `Key ${quote(key)} has two policies, both declared at ${here}${what}.`
    : `Key ${quote(key)} has two policies: one declared at ${there}, another at ${here}${what}.`;
}

function cureOf(key: string, isOnePlace: boolean, isDefault: boolean | undefined): string {
  const name = JSON.stringify(key);
  const remove = `or give up the first circuit with circuits.remove(${name}).`;
  if (isOnePlace) return `Give each policy a key of its own, ${remove}`;
  const once = `Give both places the same policy, as one constant, or write { key: ${name} } in all places but one, ${remove}`;
  return isDefault === true
    ? `The first has the defaults, as { key: ${name} } has whose first call comes before any policy: declare the policy before ` +
        `that call. Otherwise: ${once.charAt(0).toLowerCase()}${once.slice(1)}`
    : once;
}

export function isKeyConflictError(error: unknown): error is KeyConflictError {
  return brandOf(error) === 'ERR_KEY_CONFLICT';
}

export interface PanelFullErrorData {
  readonly what: 'circuits' | 'memory';
  /** The number of circuits, or of bytes of memory, that the panel was made for. */
  readonly capacity: number;
}

/** The panel, which is the shared memory of circuits, has no room for another circuit. */
export class PanelFullError extends SwitchgearError {
  static {
    markError(this, { name: 'PanelFullError', code: 'ERR_PANEL_FULL' });
  }

  declare readonly name: 'PanelFullError';
  readonly code = 'ERR_PANEL_FULL';
  readonly what: 'circuits' | 'memory';
  readonly capacity: number;

  constructor({ what, capacity }: PanelFullErrorData) {
    const unit = what === 'circuits' ? 'circuits' : 'bytes of memory';
    super(
      `The panel is full: it was made for ${capacity} ${unit}. ` +
        `Make a larger one, such as new Panel({ ${what}: ${capacity * 2} }), or use fewer keys.`,
    );
    this.what = what;
    this.capacity = capacity;
  }
}

export function isPanelFullError(error: unknown): error is PanelFullError {
  return brandOf(error) === 'ERR_PANEL_FULL';
}

function refusalMessage({ circuit, state, retryAfter }: CircuitBreakerErrorData): string {
  const who = `Circuit ${quote(shownName(circuit))}`;
  if (state === 'forced-open') return `${who} is forced open: an operator holds it so`;
  if (state === 'half-open') {
    return retryAfter === undefined
      ? `${who} is half-open: all its probes are in flight`
      : `${who} is half-open: all its probes are in flight; retry after ${shownWait(retryAfter)} at most`;
  }
  if (retryAfter === undefined) return `${who} is open`;
  return retryAfter > 0
    ? `${who} is open: retry after ${shownWait(retryAfter)}`
    : `${who} is open: a probe is due`;
}

/** Quotes a key as JSON, because it may be made from data of a caller, and a line break must not reach a log. */
function quote(key: string): string {
  // This test saves most refusals a JSON.stringify, which costs five times as much.
  return /["\\\p{Cc}]/u.test(key) ? JSON.stringify(key) : `"${key}"`;
}
