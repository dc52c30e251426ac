import { circuits } from '@switchgear/core';

/** By its status it is an answer, and no failure. */
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
  readonly #timeout: number;
  readonly #last = new Map<string, string>();
  readonly #breaker = circuits.get('rates', {
    // Above 50 %, as opossum counts it: a window opens at its rate.
    window: { duration: '10s', minimumCalls: 4, failureRate: 0.5 + 1e-6 },
    successThreshold: 1,
    resetTimeout: '30s',
  });
  readonly #guarded = this.#breaker.wrap(async (currency: string) => this.#load(currency));

  constructor(url: string, timeout = 3_000) {
    this.#url = url;
    this.#timeout = timeout;
    this.#breaker.subscribe((event) => {
      if (event.type === 'transition') this.log.push(event.to);
      if (event.type === 'refusal') this.log.push('refused');
    });
  }

  get isHealthy(): boolean {
    return this.#breaker.state === 'closed';
  }

  async rate(currency: string): Promise<Rate> {
    try {
      return await this.#guarded(currency);
    } catch (error) {
      if (error instanceof UnknownCurrency) throw error;
      return this.#stale(currency, error);
    }
  }

  async #load(currency: string): Promise<Rate> {
    const response = await fetch(`${this.#url}/${currency}`, { signal: AbortSignal.timeout(this.#timeout) });
    if (response.status === 404) throw new UnknownCurrency(currency);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const text = await response.text();
    this.#last.set(currency, text);
    return { text, isStale: false };
  }

  #stale(currency: string, error: unknown): Rate {
    const text = this.#last.get(currency);
    if (text === undefined) throw new Error(`no rate of ${currency}`, { cause: error });
    return { text, isStale: true };
  }
}
