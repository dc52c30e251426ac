// Every entry of every package, as TypeScript finds it that reads no exports.
import { type CircuitBreakerPolicy, circuits } from '@switchgear/core';
import { withCircuitBreaker } from '@switchgear/core/circuit';
import { isThenable } from '@switchgear/core/kit';
import { withRetry } from '@switchgear/core/retry';
import { ManualClock } from '@switchgear/core/testing';
import { CircuitBreaker, circuitOf } from '@switchgear/decorators';
import { ParallelExecutor } from '@switchgear/executor';

const policy: CircuitBreakerPolicy = { key: 'entries', failureThreshold: 3 };

class Service {
  @CircuitBreaker(policy)
  lookup(address: string): string {
    return address;
  }
}

// Were a type not found, it would be any, and the wrong line would be right.
// @ts-expect-error a text is no number
const wrong: number = new Service().lookup('every entry');
const found: unknown[] = [
  withCircuitBreaker,
  withRetry,
  ManualClock,
  ParallelExecutor,
  isThenable,
  circuits.get('entries'),
];
if (found.includes(undefined) || circuitOf(Service, 'lookup')?.key !== 'entries')
  throw new Error('An entry is missing');
console.log(wrong);
