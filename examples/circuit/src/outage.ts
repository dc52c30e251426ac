import { setTimeout as sleep } from 'node:timers/promises';
import { circuits } from '@switchgear/core';
import { CircuitBreaker, Circuits, Retry } from '@switchgear/decorators';

@Circuits({ 'geo-api': { failureThreshold: 3, successThreshold: 1, resetTimeout: '2s' } })
class Geocoder {
  @Retry({ maxRetries: 2, initialDelay: '20ms' })
  @CircuitBreaker('geo-api')
  async lookup(place: string): Promise<string> {
    return `${place} is at ${await api('48.2 N')}`;
  }

  @CircuitBreaker('geo-api') // the same circuit: one outage opens both
  async reverse(point: string): Promise<string> {
    return `${point} is ${await api('Vienna')}`;
  }
}

// An API that can be down.
let isDown = false;
let requests = 0;
async function api(answer: string): Promise<string> {
  requests++;
  await sleep(5);
  if (isDown) throw new Error('connect ECONNREFUSED');
  return answer;
}

circuits.subscribe((event) => {
  if (event.type === 'transition') console.log(`  ${event.circuit}: ${event.from} → ${event.to}`);
});
async function show(call: () => Promise<string>): Promise<void> {
  const before = requests;
  const outcome = await call().catch(String);
  console.log(`${outcome} (requests: ${requests - before})`);
}

const geocoder = new Geocoder();
await show(() => geocoder.lookup('Vienna'));
isDown = true; // an outage begins
await show(() => geocoder.lookup('Vienna')); // is tried three times, and opens the circuit
await show(() => geocoder.reverse('48.2 N')); // never failed, and is refused: the API is the same

isDown = false; // the outage is over
await sleep(2_100);
await show(() => geocoder.reverse('48.2 N')); // the first call after two seconds is the probe
