import type { RateLimitPolicy } from '@switchgear/core';
import { RateLimit, type RateLimitDecorator } from '@switchgear/decorators';
import { expectTypeOf } from 'expect-type';

declare const policy: RateLimitPolicy<[number], number>;
const limited = RateLimit(100);
const waiting = RateLimit({ limit: 100, maxWait: '5s' });
export const exported: RateLimitDecorator = waiting;

export class Right {
  readonly host = 'example.org';

  @RateLimit({
    key: 'geo',
    limit: 100,
    maxWait: '5s',
    cost(address, zoom) {
      expectTypeOf(this).toEqualTypeOf<Right>();
      expectTypeOf(address).toEqualTypeOf<string>();
      expectTypeOf(zoom).toEqualTypeOf<number | undefined>();
      return this.host.length;
    },
    actualCost: (result) => {
      expectTypeOf(result).toEqualTypeOf<string>();
      return result.length;
    },
  })
  async lookup(address: string, zoom?: number): Promise<string> {
    return `${address} ${zoom ?? 0}`;
  }
  @limited
  @RateLimit({ limit: 5 })
  @RateLimit({ limit: 5, maxWait: 0, cost: (n) => n })
  sync(n: number): number {
    return n;
  }
  @limited
  async *stream(): AsyncGenerator<number> {
    yield 1;
  }
  @limited
  @waiting
  @exported
  @RateLimit(policy)
  static async count(n: number): Promise<number> {
    return n;
  }
}

export class Wrong {
  // @ts-expect-error it may have to wait
  @RateLimit({ limit: 5, maxWait: '1s' }) waitingSync(n: number): number {
    return n;
  }
  // @ts-expect-error it may have to wait
  @waiting waitingHoisted(n: number): number {
    return n;
  }
  // @ts-expect-error no stream waits
  @waiting async *stream() {
    yield 1;
  }
  // @ts-expect-error a field
  @limited field = () => 1;
  // @ts-expect-error how many?
  @RateLimit()
  nothing() {}
  // @ts-expect-error how many?
  @RateLimit({ per: '1s' })
  noLimit() {}
  // @ts-expect-error not called
  @RateLimit
  uncalled() {}
  // @ts-expect-error a misspelt field
  @RateLimit({ limit: 5, brust: 5 })
  misspelt() {}
  // @ts-expect-error a cost is a number
  @RateLimit({ limit: 5, cost: (text) => text })
  textCost(text: string) {
    return text;
  }
}
