import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { withCircuitBreaker } from '@switchgear/core';
import { Parallel } from '@switchgear/executor';

const policy = { key: 'executor-api', failureThreshold: 5, resetTimeout: '1h' };

export class Guarded {
  #call = withCircuitBreaker(policy)((log) => {
    appendFileSync(log, `${threadId}\n`);
    throw new RangeError('the API is down');
  });

  load(log) {
    return this.#call(log);
  }
}
Parallel({ module: import.meta.url })(Guarded);
