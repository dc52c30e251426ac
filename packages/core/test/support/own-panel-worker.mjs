import { workerData } from 'node:worker_threads';
import { CircuitBreaker, Panel } from '@switchgear/core';
import { serve } from './serve.cjs';

const panel = new Panel({ buffer: workerData });

serve({
  open(key, policy) {
    const breaker = new CircuitBreaker({ key, ...policy }, { panel });
    for (let i = 0; i < policy.failureThreshold; i++) breaker.acquire().fail(new Error('down'));
  },
});
