import { threadId } from 'node:worker_threads';
import { CircuitBreaker, withCircuitBreaker, withRetry } from '@switchgear/core';
import { Parallel, parallel } from '@switchgear/executor';

let attempts = 0;

const plain = parallel(async function plain(n) {
  return ['plain', n, threadId];
});

/** Fails at first: who tries again has a result. */
const flaky = parallel(async function flaky(n) {
  if (++attempts % 2 === 1) throw Object.assign(new Error('not yet'), { code: 'ECONNRESET' });
  return ['flaky', n, threadId];
});
const patient = withRetry({ initialDelay: 1 })(flaky);
const guardedPatient = withCircuitBreaker({ key: 'functions', failureThreshold: 3 })(patient);

const inside = parallel(
  withRetry({ initialDelay: 1 })(
    withCircuitBreaker()(async function inside(n) {
      return ['inside', n, threadId];
    }),
  ),
);

const keyed = withCircuitBreaker({ key: (n) => `functions-${n}` })(
  parallel(async function keyed(n) {
    return ['keyed', n, threadId];
  }),
);

const ofBreaker = new CircuitBreaker().wrap(
  parallel(async (n) => {
    return ['of a breaker', n, threadId];
  }),
);

const twice = parallel(async function twice(n) {
  return n;
});
const wrappedTwice = withRetry()(twice);
withRetry({ maxRetries: 1 })(twice);

const made = ['eu', 'us'].map((region) => parallel(async () => region));
const named = ['eu', 'us'].map((name) => parallel(async () => ['named', name, threadId], { name }));

function unmarked(n) {
  return n;
}

class Geo {
  static unit = 'km';

  static parse(n) {
    return ['Geo.parse', n, threadId, this.unit];
  }
}
Parallel()(Geo);

class Base {
  static shared(n) {
    return [`shared by ${this.name}`, n, threadId];
  }

  static split(n) {
    return n;
  }
}
class One extends Base {
  static only(n) {
    return ['only', n, threadId];
  }
}
Parallel()(One);

class ParsedBase {
  static inherited(n) {
    return [`inherited by ${this.name}`, n, threadId];
  }
}
class Sub extends ParsedBase {}
Parallel()(Sub);

class Two extends Base {}
Parallel()(Two);

/** Only its static method is marked. */
class Marked {
  static unit = 'm';

  static own(n) {
    return ['own mark', n, threadId, this.unit];
  }
}
Parallel()(Marked, 'own', Object.getOwnPropertyDescriptor(Marked, 'own'));

/** Counts how often it is disposed of. */
export class Closing {
  static disposed = 0;

  use(n) {
    return n;
  }

  [Symbol.dispose]() {
    Closing.disposed++;
  }
}
Parallel({ create: async () => new Closing() })(Closing);

export const functions = {
  plain,
  patient,
  guardedPatient,
  inside,
  keyed,
  ofBreaker,
  wrappedTwice,
  madeEu: made[0],
  namedUs: named[1],
  unmarked,
  parse: Geo.parse,
  only: One.only,
  inherited: Sub.inherited,
  split: Two.split,
  own: Marked.own,
  Geo,
};
