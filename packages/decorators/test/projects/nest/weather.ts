import { Injectable } from '@nestjs/common';
import { CircuitBreaker, Retry } from '@switchgear/decorators';

/** An API that can be down. */
@Injectable()
export class Api {
  calls = 0;
  /** How many of the next calls fail. */
  failures = 0;

  async get(what: string): Promise<string> {
    this.calls++;
    if (this.failures > 0) {
      this.failures--;
      throw new Error('connect ECONNREFUSED');
    }
    return what;
  }
}

/** A provider, with guarded methods. */
@Injectable()
export class Weather {
  constructor(private readonly api: Api) {}

  @Retry({ maxRetries: 2, initialDelay: '5ms' })
  async now(city: string): Promise<string> {
    return this.api.get(`sun in ${city}`);
  }

  @CircuitBreaker({ key: 'forecasts', failureThreshold: 3, resetTimeout: '30s' })
  async forecast(city: string): Promise<string> {
    return this.api.get(`rain in ${city}`);
  }
}
