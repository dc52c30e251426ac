import * as cockatiel from 'cockatiel';
import * as mollitia from 'mollitia';
import Opossum from 'opossum';

/**
 * The other libraries, set up as their documentation says: without timeouts, percentiles and snapshots, which Switchgear
 * does not have either, and without listeners.
 */
type Call = () => Promise<number>;

export const AN_HOUR = 3_600_000;

export function cockatielWith(breaker: cockatiel.IBreaker): cockatiel.CircuitBreakerPolicy {
  return cockatiel.circuitBreaker(cockatiel.handleAll, { halfOpenAfter: AN_HOUR, breaker });
}

/** With the only kind of window that opossum has: 10 buckets of time. */
export function opossumOf(call: Call): Opossum<[], number> {
  return new Opossum(call, {
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    resetTimeout: AN_HOUR,
  });
}

/** With all defaults: a timeout, percentiles, snapshots. */
export function opossumAsItComes(call: Call): Opossum<[], number> {
  return new Opossum(call);
}

// The types of mollitia want instances of classes for options, where its documentation passes literals.
/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment */
export function mollitiaOf(
  call: Call,
  Breaker: typeof mollitia.SlidingCountBreaker | typeof mollitia.SlidingTimeBreaker,
  options: Partial<mollitia.SlidingWindowBreakerOptions> = {},
): mollitia.Circuit {
  return new mollitia.Circuit({ func: call, options: { modules: [new Breaker(options)] } });
}
