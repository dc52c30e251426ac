import { CircuitBreakerError, circuits, toErrorRecord } from '@switchgear/core';
import { serve } from './serve.cjs';

class QuotaError extends RangeError {
  name = 'QuotaError';
  code = 'EQUOTA';
  constructor(message, details, options) {
    super(message, options);
    Object.assign(this, details);
  }
}

const policy = { key: 'guarded', failureThreshold: 1, resetTimeout: '1h' };

const thrown = {
  refusal() {
    const breaker = circuits.get('guarded', policy);
    breaker.tryCall(() => {
      throw new QuotaError('none left', { limit: 7 });
    });
    return breaker.tryCall(() => 'fine').error;
  },
  chain() {
    const innermost = new TypeError('no address');
    const middle = new QuotaError(
      'none left',
      { limit: 7, seen: new Map([['a', 1n]]) },
      { cause: innermost },
    );
    return new Error('lookup failed', { cause: middle });
  },
  cycle() {
    const one = new Error('one');
    one.cause = new Error('other', { cause: one });
    return one;
  },
  aggregate: () => new AggregateError([new RangeError('first'), 'second'], 'both'),
  unclonable: () => Object.assign(new Error('of a socket'), { socket: () => 1, attempts: 2 }),
  abort: () => globalThis.AbortSignal.abort().reason,
  value: () => ({ status: 503 }),
  nested: () =>
    new Error('outside', {
      cause: new CircuitBreakerError({ circuit: 'inner', state: 'forced-open' }),
    }),
};

serve({
  open(key, message, code) {
    circuits
      .get(key, { failureThreshold: 1, resetTimeout: '1h' })
      .acquire()
      .fail(new QuotaError(message, code === undefined ? {} : { code }));
  },
  record: (kind) => toErrorRecord(thrown[kind]()),
});
