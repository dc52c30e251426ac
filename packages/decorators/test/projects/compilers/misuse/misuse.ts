// What is written here is wrong. The comment above each line is what the compiler has to say of it, in one sentence.
import { CircuitBreaker as Breaker, circuits, withCircuitBreaker } from '@switchgear/core';
import { CircuitBreaker, Circuits, Retry } from '@switchgear/decorators';

export class WithoutParentheses {
  // @CircuitBreaker needs parentheses: write @CircuitBreaker()
  @CircuitBreaker async lookup(address: string): Promise<string> {
    return address;
  }
  // @CircuitBreaker needs parentheses: write @CircuitBreaker()
  @CircuitBreaker parse(n: number): number {
    return n;
  }
  // @CircuitBreaker needs parentheses: write @CircuitBreaker()
  @CircuitBreaker static count(n: number): number {
    return n;
  }
  // @Retry needs parentheses: write @Retry()
  @Retry async again(address: string): Promise<string> {
    return address;
  }
}

export class OfCore {
  // CircuitBreaker of @switchgear/core is a class; the decorator is CircuitBreaker of '@switchgear/decorators'
  @Breaker async bare(address: string): Promise<string> {
    return address;
  }
  // CircuitBreaker of @switchgear/core is a class; the decorator is CircuitBreaker of '@switchgear/decorators'
  @Breaker() async called(address: string): Promise<string> {
    return address;
  }
  // CircuitBreaker of @switchgear/core is a class; the decorator is CircuitBreaker of '@switchgear/decorators'
  @Breaker({ key: 'geo', failureThreshold: 3 }) sync(n: number): number {
    return n;
  }
}

export class TwoKindsOfWindow {
  // a window has either calls or a duration: write one of them
  @CircuitBreaker({ window: { calls: 10, duration: '10s' } }) async decorated(
    address: string,
  ): Promise<string> {
    return address;
  }
}
// a window has either calls or a duration: write one of them
withCircuitBreaker({ window: { calls: 10, duration: 10_000 } });
// a window has either calls or a duration: write one of them
new Breaker({ window: { duration: '10s', calls: 10 } });
// a window has either calls or a duration: write one of them
circuits.get('geo', { window: { calls: 10, duration: '10s' } });
// a window has either calls or a duration: write one of them
Circuits({ geo: { window: { calls: 10, duration: '10s' } } });

export class Misspelt {
  // Did you mean to write 'failureThreshold'?
  @CircuitBreaker({ failureTreshold: 3 }) async lookup(address: string): Promise<string> {
    return address;
  }
  // Did you mean to write 'failureRate'?
  @CircuitBreaker({ window: { calls: 10, failureRat: 0.5 } }) async reverse(
    address: string,
  ): Promise<string> {
    return address;
  }
}
