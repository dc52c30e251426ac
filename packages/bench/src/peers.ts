import * as cockatiel from 'cockatiel';
import * as mollitia from 'mollitia';
import Opossum from 'opossum';

/**
 * The other libraries, set up for the job at hand as their documentation says: no timeouts, percentiles or snapshots
 * that ours does not have either, and no listeners.
 */
type Call = () => Promise<number>;

export const AN_HOUR = 3_600_000;

export function cockatielWith(breaker: cockatiel.IBreaker): cockatiel.CircuitBreakerPolicy {
  return cockatiel.circuitBreaker(cockatiel.handleAll, { halfOpenAfter: AN_HOUR, breaker });
}

/** Its only kind of window: ten buckets of time. */
export function opossumOf(call: Call): Opossum<[], number> {
  return new Opossum(call, {
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    resetTimeout: AN_HOUR,
  });
}

/** With nothing but its defaults: a timeout, percentiles, snapshots. */
export function opossumAsItComes(call: Call): Opossum<[], number> {
  return new Opossum(call);
}

// Its types name options by classes, of which its own documentation passes literals.
/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment */
export function mollitiaOf(
  call: Call,
  Breaker: typeof mollitia.SlidingCountBreaker | typeof mollitia.SlidingTimeBreaker,
  options: Partial<mollitia.SlidingWindowBreakerOptions> = {},
): mollitia.Circuit {
  return new mollitia.Circuit({ func: call, options: { modules: [new Breaker(options)] } });
}
