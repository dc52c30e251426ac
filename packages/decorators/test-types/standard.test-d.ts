import { CircuitBreaker, circuitOf, policiesOf, Retry } from '@switchgear/decorators';
import { expectTypeOf } from 'expect-type';

const guarded = CircuitBreaker('geo');
const retry = Retry({ maxRetries: 2 });

export class Geocoder {
  readonly host = 'example.org';

  @Retry()
  @retry
  @guarded
  @CircuitBreaker({
    // A #private method has no name outside of its class, so that the types have to be written.
    key(address: string) {
      expectTypeOf(this).toEqualTypeOf<Geocoder>();
      return this.host + address;
    },
    isFailure: (result) => expectTypeOf(result).toBeUnknown(),
  })
  async #lookup(address: string): Promise<number> {
    return address.length;
  }
  @guarded
  @retry
  @CircuitBreaker({ key: (n: number) => n.toFixed() })
  static async #count(n: number): Promise<number> {
    return n;
  }
  @guarded
  async *#stream(): AsyncGenerator<number> {
    yield 1;
  }

  // The types of @Retry are those of the implementation, those of @CircuitBreaker those of the last overload.
  parse(input: string): Promise<string>;
  parse(input: number): Promise<number>;
  @Retry({
    retryIf: (outcome) =>
      outcome.status === 'succeeded' && expectTypeOf(outcome.value).toEqualTypeOf<string | number>(),
  })
  @CircuitBreaker({
    key: (input) => {
      expectTypeOf(input).toEqualTypeOf<number>();
      return String(input);
    },
  })
  async parse(input: string | number): Promise<string | number> {
    return input;
  }

  use() {
    void [
      this.#stream,
      policiesOf(this.#lookup),
      circuitOf(this.#lookup),
      circuitOf(this, this.#lookup, 'here'),
    ];
    void [policiesOf(Geocoder.#count), policiesOf(Geocoder, Geocoder.#count)];
  }
}

export class WrongMembers {
  // @ts-expect-error a getter, even of a method
  @guarded get getter() {
    return async () => 1;
  }
  // @ts-expect-error a private field
  @guarded #field = async () => 1;
  // @ts-expect-error a sync method
  @retry #sync(): number {
    return 1;
  }
  // @ts-expect-error a private accessor
  @retry accessor #accessor = 1;
  use() {
    void [this.#field, this.#sync, this.#accessor];
  }
}
