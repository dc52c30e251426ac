import { circuits, type RetryPolicy } from '@switchgear/core';
import { CircuitBreaker, Circuits, Retry } from '@switchgear/decorators';
import type { FileRecord } from './file-record.js';
import type { Index } from './http-index.js';
import type { Tally } from './tally.js';

/** An indexer has time: it waits for the service rather than lose a record. */
const patiently: RetryPolicy = {
  waitForCircuit: true,
  maxRetries: 20,
  initialDelay: '50ms',
  maxDelay: '1s',
  maxElapsed: '1m',
};

/** The index with circuit and retry. Both methods call one service, so they share one circuit, in all threads. */
@Circuits({
  'index-service': {
    failureThreshold: 5,
    resetTimeout: { initialDelay: '500ms', factor: 1.5, maxDelay: '1s' },
    // A request to a service that hangs ends after 400 ms. By default a probe whose worker died would be waited for 30 s.
    halfOpen: { permitTimeout: '1s' },
  },
})
export class IndexClient implements Index {
  readonly #index: Index;

  constructor(index: Index, tally: Tally) {
    this.#index = index;
    circuits.subscribe(({ type }) => {
      if (type === 'refusal') tally.count('refusals');
    });
  }

  @Retry(patiently)
  @CircuitBreaker('index-service')
  async has(path: string, sha256: string): Promise<boolean> {
    return this.#index.has(path, sha256);
  }

  @Retry(patiently)
  @CircuitBreaker('index-service')
  async put(record: FileRecord): Promise<void> {
    await this.#index.put(record);
  }
}
