'use strict';
const { serve } = require('./serve.cjs');

// By their paths: where Node can require ES modules, the package's name stands for one build only.
const cjs = require('../../dist/cjs/index.js');
const loaded = import('../../dist/esm/index.js');

const policy = { failureThreshold: 2, successThreshold: 1, resetTimeout: '1h' };
const error = () => new RangeError('down');
const fine = () => 'fine';

/** Two breakers of one circuit, one made by each build. */
async function both(key, more = {}) {
  const esm = await loaded;
  return [cjs, esm].map(({ CircuitBreaker }) => new CircuitBreaker({ key, ...policy, ...more }));
}

function thrownBy(fn) {
  try {
    return fn();
  } catch (thrown) {
    return thrown;
  }
}

serve({
  async areCopies() {
    const esm = await loaded;
    return esm.CircuitBreaker !== cjs.CircuitBreaker;
  },

  async shareRegistry() {
    const esm = await loaded;
    const breaker = cjs.circuits.get('from-cjs', policy);
    return {
      keys: esm.circuits.keys().includes('from-cjs'),
      declared: esm.circuits.has('from-cjs'),
      sameBreaker: esm.circuits.get('from-cjs', policy) === breaker,
    };
  },

  async countTogether() {
    const [one, other] = await both('together');
    one.acquire().fail(error());
    other.acquire().fail(error());
    return [one.state, other.state, one.tryCall(fine).status, other.tryCall(fine).status];
  },

  async listenToEachOther() {
    const [one, other] = await both('heard');
    const esm = await loaded;
    const heard = [];
    one.subscribe((event) => heard.push(event.type));
    esm.circuits.subscribe((event) => event.circuit === 'heard' && heard.push(`all: ${event.type}`));
    other.acquire().fail(error());
    other.acquire().fail(error());
    return heard;
  },

  async knowEachOthersRefusals() {
    const [one] = await both('refused', { failureThreshold: 1 });
    const esm = await loaded;
    one.acquire().fail(error());
    const refusal = thrownBy(() => one.acquire());
    return {
      isInstance: refusal instanceof esm.CircuitBreakerError,
      isKnown: esm.isCircuitBreakerError(refusal),
      isRefusal: esm.isRefusal(refusal),
    };
  },

  async keepOneCause() {
    const [one, other] = await both('caused', { failureThreshold: 1 });
    one.acquire().fail(error());
    const { cause } = thrownBy(() => other.acquire());
    return { name: cause.name, message: cause.message };
  },

  /** An outer breaker guards a function that an inner one guards too. */
  async countNested() {
    const [outer, inner] = await both('nested', { failureThreshold: 10 });
    const once = error();
    outer.tryCall(() =>
      inner.call(() => {
        throw once;
      }),
    );
    return outer.snapshot().failures;
  },

  async rideOnOnePermit() {
    const [outer, inner] = await both('probed', {
      failureThreshold: 1,
      resetTimeout: 1,
      halfOpen: { permits: 1, permitTimeout: '1h' },
    });
    outer.acquire().fail(error());
    while (outer.explain().reason === 'open');
    return outer.tryCall(() => inner.call(fine));
  },
});
