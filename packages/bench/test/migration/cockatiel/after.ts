import { circuits, failureOf, isCircuitBreakerError, withRetry } from '@switchgear/core';

export class CarrierError extends Error {}

/** Where parcels are, by the API of a carrier. */
export class Parcels {
  readonly log: string[] = [];
  readonly #url: string;
  readonly #limit: number;
  readonly #breaker = circuits.get('carrier', {
    failureThreshold: 5,
    successThreshold: 1,
    resetTimeout: '10s',
    expectedErrors: (error) => error instanceof CarrierError || failureOf(error).kind === 'timeout',
    onOpen: () => this.log.push('open'),
    onHalfOpen: () => this.log.push('half-open'),
    onClose: () => this.log.push('closed'),
  });
  readonly #guarded = withRetry({
    maxRetries: 2,
    delays: ['100ms'],
    retryOn: () => true,
    maxElapsed: Infinity,
    respectRetryAfter: false,
  })(this.#breaker.wrap(async (id: string) => this.#load(id)));

  constructor(url: string, limit = 2_000) {
    this.#url = url;
    this.#limit = limit;
  }

  get isUp(): boolean {
    return this.#breaker.state === 'closed';
  }

  async find(id: string): Promise<string> {
    try {
      return await this.#guarded(id);
    } catch (error) {
      if (isCircuitBreakerError(error)) return `${id}: ask again later`;
      throw error;
    }
  }

  /** Asks the carrier nothing until the function that it returns is called. */
  pause(): () => void {
    this.#breaker.force('open');
    return () => this.#breaker.force('auto');
  }

  async #load(id: string): Promise<string> {
    const response = await fetch(`${this.#url}/${id}`, { signal: AbortSignal.timeout(this.#limit) });
    if (response.status === 404) return `${id}: unknown`;
    if (!response.ok) throw new CarrierError(`HTTP ${response.status}`);
    return `${id}: in ${await response.text()}`;
  }
}
