import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, Worker } from 'node:worker_threads';
import { circuits, isCircuitBreakerError } from '@switchgear/core';

// Both threads run this file, so both declare the circuit. It is one.
const payments = circuits.get('payments', { failureThreshold: 3, resetTimeout: '30s' });
const charge = payments.wrap(async () => {
  await sleep(5);
  throw new TypeError('fetch failed');
});

if (isMainThread) {
  console.log(`before the worker: ${payments.state}`);
  await once(new Worker(new URL(import.meta.url)), 'exit');
  console.log(`after the worker: ${payments.state}`);
  await charge().catch((error: unknown) => {
    if (isCircuitBreakerError(error)) console.log(`${error.message}\ncause: ${String(error.cause)}`);
  });
} else {
  for (let i = 0; i < 3; i++) await charge().catch(() => 'three failures open it');
}
