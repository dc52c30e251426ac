import { CircuitBreaker, Circuits, Retry } from '@switchgear/decorators';

// Policies that are wrong.
export class WrongPolicies {
  readonly host = 'example.org';

  // @ts-expect-error the address is a text
  @CircuitBreaker({ key: (address: number) => address.toFixed() })
  async parameter(address: string) {
    return address;
  }
  // @ts-expect-error a parameter too many
  @CircuitBreaker({ key: (address, zoom) => `${address} ${String(zoom)}` })
  async tooMany(address: string) {
    return address;
  }
  // @ts-expect-error a text is not a number
  @CircuitBreaker({ key: (address) => address.toFixed() })
  async use(address: string) {
    return address;
  }
  // @ts-expect-error a key is a text
  @CircuitBreaker({ key: (address) => address.length })
  async noText(address: string) {
    return address;
  }
  // @ts-expect-error a key is given at once
  @CircuitBreaker({ key: async (address) => address })
  async later(address: string) {
    return address;
  }
  // @ts-expect-error a key may be missing
  @CircuitBreaker({ key: (address) => address })
  async missing(address?: string) {
    return address;
  }
  @CircuitBreaker({
    // @ts-expect-error it is no date
    key(this: Date) {
      return this.toJSON();
    },
  })
  async self() {}
  @CircuitBreaker({
    key() {
      // @ts-expect-error it is no instance
      return this.host;
    },
  })
  static async staticSelf() {}
  @CircuitBreaker({
    key() {
      // @ts-expect-error it is not the class
      return this.staticSelf.name;
    },
  })
  async instanceSelf() {}
  @CircuitBreaker({
    key() {
      // @ts-expect-error no such member
      return this.hots;
    },
  })
  misspeltSelf() {}
  // @ts-expect-error a key is a text
  @CircuitBreaker({ key: 7 })
  number() {}
  // @ts-expect-error a misspelt field
  @CircuitBreaker({ failureTreshold: 5 })
  misspelt() {}
  // @ts-expect-error a misspelt field
  @CircuitBreaker({ key: 'geo', treshold: 5 })
  misspeltWithKey() {}
  // @ts-expect-error a misspelt field
  @CircuitBreaker({ key: (n) => n.toFixed(), treshold: 5 })
  misspeltWithKeys(n: number) {
    return n;
  }
  // @ts-expect-error a breaker has a state, a policy has none
  @CircuitBreaker({ key: 'geo', state: 'open' })
  state() {}
  // @ts-expect-error weeks are no unit
  @CircuitBreaker({ resetTimeout: '2w' })
  weeks() {}
  // @ts-expect-error one key, one circuit
  @CircuitBreaker({ key: 'geo', maxCircuits: 5 })
  one() {}
  // @ts-expect-error no key, one circuit
  @CircuitBreaker({ maxCircuits: 5 })
  own() {}
  // @ts-expect-error a count is a number
  @CircuitBreaker({ key: () => 'geo', maxCircuits: '5' })
  count() {}
  // @ts-expect-error the result is a text
  @CircuitBreaker({ isFailure: (result: number) => result > 3 })
  async result() {
    return 'text';
  }
  // @ts-expect-error a text has no status
  @CircuitBreaker({ isFailure: (result) => result.status > 400 })
  async resultUse() {
    return 'text';
  }
  // @ts-expect-error it answers at once
  @CircuitBreaker({ isFailure: async () => true })
  resultLater() {}
  // @ts-expect-error neither policy nor key nor breaker
  @CircuitBreaker(5)
  five() {}
  // @ts-expect-error a policy says what of
  @CircuitBreaker(null)
  nothing() {}
  // @ts-expect-error one argument
  @CircuitBreaker('geo', { failureThreshold: 5 })
  two() {}
  // @ts-expect-error not called
  @CircuitBreaker
  uncalled() {}
  // @ts-expect-error not called
  @Retry
  async uncalledRetry() {}

  // @ts-expect-error a misspelt field
  @Retry({ retries: 5 })
  async misspeltRetry() {}
  // @ts-expect-error a misspelt jitter
  @Retry({ jitter: 'half' })
  async jitter() {}
  // @ts-expect-error a count is no policy
  @Retry(3)
  async three() {}
  // @ts-expect-error the result is a text
  @Retry({ retryIf: (outcome) => outcome.status === 'succeeded' && outcome.value > 3 })
  async retryResult() {
    return 'text';
  }
  // @ts-expect-error only where it succeeded
  @Retry({ retryIf: (outcome) => outcome.value === '' })
  async retryOutcome() {
    return 'text';
  }
  // @ts-expect-error it hears one object
  @Retry({ onRetry: (error: unknown, attempt: number) => [error, attempt] })
  async retryHook() {
    return 'text';
  }
  // @ts-expect-error the result is a text
  @Retry({ onGiveUp: ({ outcome }) => outcome.status === 'succeeded' && outcome.value > 3 })
  async retryEnd() {
    return 'text';
  }
  // @ts-expect-error weeks are no unit
  @Retry({ delays: ['1w'] })
  async retryDelays() {
    return 'text';
  }
}
// @ts-expect-error the keys are on the outside
@Circuits({ 'geo-api': { key: 'geo-api' } })
export class WrongCircuitsKey {}
// @ts-expect-error a misspelt field
@Circuits({ 'geo-api': { failureTreshold: 5 } })
export class WrongCircuitsField {}
// @ts-expect-error a policy is an object
@Circuits({ 'geo-api': 5 })
export class WrongCircuitsPolicy {}
// @ts-expect-error what circuits
@Circuits()
export class NoCircuits {}
