import CircuitBreaker from 'opossum';

export class UnknownCurrency extends Error {
  readonly status = 404;
}

export interface Rate {
  readonly text: string;
  readonly isStale: boolean;
}

/** Exchange rates of an HTTP service; while it is down, the last ones that came. */
export class ExchangeRates {
  readonly log: string[] = [];
  readonly #url: string;
  readonly #last = new Map<string, string>();
  readonly #breaker: CircuitBreaker<[string], Rate>;

  constructor(url: string, timeout = 3_000) {
    this.#url = url;
    this.#breaker = new CircuitBreaker(async (currency: string) => this.#load(currency), {
      name: 'rates',
      timeout,
      volumeThreshold: 4,
      errorThresholdPercentage: 50,
      rollingCountTimeout: 10_000,
      resetTimeout: 30_000,
      errorFilter: (error) => error instanceof UnknownCurrency,
    });
    this.#breaker.fallback((currency: string, error: Error) => this.#stale(currency, error));
    this.#breaker.on('open', () => this.log.push('open'));
    this.#breaker.on('halfOpen', () => this.log.push('half-open'));
    this.#breaker.on('close', () => this.log.push('closed'));
    this.#breaker.on('reject', () => this.log.push('refused'));
  }

  get isHealthy(): boolean {
    return this.#breaker.closed;
  }

  async rate(currency: string): Promise<Rate> {
    return this.#breaker.fire(currency);
  }

  async #load(currency: string): Promise<Rate> {
    const response = await fetch(`${this.#url}/${currency}`);
    if (response.status === 404) throw new UnknownCurrency(currency);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const text = await response.text();
    this.#last.set(currency, text);
    return { text, isStale: false };
  }

  #stale(currency: string, error: Error): Rate {
    const text = this.#last.get(currency);
    if (text === undefined) throw new Error(`no rate of ${currency}`, { cause: error });
    return { text, isStale: true };
  }
}
