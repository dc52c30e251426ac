import {
  Inject,
  Injectable,
  NotFoundException,
  type OnModuleDestroy,
  ServiceUnavailableException,
} from '@nestjs/common';
import CircuitBreaker from 'opossum';

/** What a warehouse has in stock, asked over HTTP. */
@Injectable()
export class Stock implements OnModuleDestroy {
  private readonly breaker = new CircuitBreaker((item: string) => this.load(item), {
    name: 'warehouse',
    timeout: 1_000,
    volumeThreshold: 3,
    errorThresholdPercentage: 50,
    resetTimeout: 300,
    errorFilter: (error) => error instanceof NotFoundException,
  });

  constructor(@Inject('warehouse') private readonly url: string) {}

  async count(item: string): Promise<string> {
    try {
      return await this.breaker.fire(item);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EOPENBREAKER') throw error;
      throw new ServiceUnavailableException('the warehouse is down');
    }
  }

  onModuleDestroy(): void {
    this.breaker.shutdown();
  }

  private async load(item: string): Promise<string> {
    const response = await fetch(`${this.url}/${item}`);
    if (response.status === 404) throw new NotFoundException(`no ${item}`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.text();
  }
}
