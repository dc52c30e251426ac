import { CircuitBreaker, circuitOf, policiesOf, Retry } from '@switchgear/decorators';
import { expectTypeOf } from 'expect-type';

const guarded = CircuitBreaker('geo');
const retry = Retry({ maxRetries: 2 });

export class Geocoder {
  // The types are those of the last overload.
  parse(input: string): Promise<string>;
  parse(input: number): Promise<number>;
  @Retry({
    retryIf: (outcome) =>
      outcome.status === 'succeeded' && expectTypeOf(outcome.value).toEqualTypeOf<number>(),
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

  // A private name cannot be decorated in legacy mode, but looked at.
  async #lookup(): Promise<number> {
    return 1;
  }
  use() {
    void [policiesOf(this.#lookup), circuitOf(this.#lookup)];
  }

  // Found at run time only: the types know a getter by what it gets.
  @guarded
  @retry
  @Retry()
  @CircuitBreaker()
  get getter() {
    return async () => 1;
  }
}

export class WrongMembers {
  readonly n: number;
  // @ts-expect-error a parameter of a constructor
  constructor(@Retry() n: number) {
    this.n = n;
  }
  // @ts-expect-error a parameter
  method(@guarded n: number) {
    return n;
  }
}
