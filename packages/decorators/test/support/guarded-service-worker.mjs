import { parentPort, workerData } from 'node:worker_threads';
import { circuitOf } from '@switchgear/decorators';
import { Other, Service } from './guarded-service.mjs';

// It fails so often in this thread, and then tells what circuits there are.
for (let i = 0; i < workerData.failures; i++) {
  await new Service().load().catch(() => undefined);
  try {
    Service.ping();
  } catch {
    // Its circuit counts it.
  }
}
parentPort.postMessage({
  key: circuitOf(Service, 'load').key,
  states: [circuitOf(Service, 'load'), circuitOf(Service, 'ping'), circuitOf(Other, 'load')].map(
    ({ state }) => state,
  ),
});
