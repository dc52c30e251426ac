import {
  type ArgumentsHost,
  Catch,
  Inject,
  Injectable,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { CircuitBreakerError } from '@switchgear/core';
import { CircuitBreaker } from '@switchgear/decorators';

/** What a warehouse has in stock, asked over HTTP. */
@Injectable()
export class Stock {
  constructor(@Inject('warehouse') private readonly url: string) {}

  // A NotFoundException has the status 404: an answer, which counts as a success.
  @CircuitBreaker({
    key: 'warehouse',
    window: { duration: '10s', minimumCalls: 3, failureRate: 0.5 + 1e-6 },
    successThreshold: 1,
    resetTimeout: '300ms',
  })
  async count(item: string): Promise<string> {
    const response = await fetch(`${this.url}/${item}`, { signal: AbortSignal.timeout(1_000) });
    if (response.status === 404) throw new NotFoundException(`no ${item}`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.text();
  }
}

/** Answers what a circuit refuses with 503, for all providers. */
@Catch(CircuitBreakerError)
export class Refusals extends BaseExceptionFilter {
  override catch(_: CircuitBreakerError, host: ArgumentsHost): void {
    super.catch(new ServiceUnavailableException('the warehouse is down'), host);
  }
}
