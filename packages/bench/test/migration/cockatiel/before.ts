import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  handleAll,
  handleType,
  isBrokenCircuitError,
  isTaskCancelledError,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';

export class CarrierError extends Error {}

/** Where parcels are, by the API of a carrier. */
export class Parcels {
  readonly log: string[] = [];
  readonly #url: string;
  readonly #breaker = circuitBreaker(handleType(CarrierError).orWhen(isTaskCancelledError), {
    breaker: new ConsecutiveBreaker(5),
    halfOpenAfter: 10_000,
  });
  readonly #policy;

  constructor(url: string, limit = 2_000) {
    this.#url = url;
    this.#policy = wrap(
      retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(100) }),
      this.#breaker,
      timeout(limit, TimeoutStrategy.Aggressive),
    );
    this.#breaker.onBreak(() => this.log.push('open'));
    this.#breaker.onHalfOpen(() => this.log.push('half-open'));
    this.#breaker.onReset(() => this.log.push('closed'));
  }

  get isUp(): boolean {
    return this.#breaker.state === CircuitState.Closed;
  }

  async find(id: string): Promise<string> {
    try {
      return await this.#policy.execute(({ signal }) => this.#load(id, signal));
    } catch (error) {
      if (isBrokenCircuitError(error)) return `${id}: ask again later`;
      throw error;
    }
  }

  /** Asks the carrier nothing until the function that it returns is called. */
  pause(): () => void {
    const handle = this.#breaker.isolate();
    return () => handle.dispose();
  }

  async #load(id: string, signal: AbortSignal): Promise<string> {
    const response = await fetch(`${this.#url}/${id}`, { signal });
    if (response.status === 404) return `${id}: unknown`;
    if (!response.ok) throw new CarrierError(`HTTP ${response.status}`);
    return `${id}: in ${await response.text()}`;
  }
}
