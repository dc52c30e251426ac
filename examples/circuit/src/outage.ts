import { setTimeout as sleep } from 'node:timers/promises';
import { circuits, withCircuitBreaker } from '@switchgear/core';

// Declared once, with its policy.
const geo = circuits.get('geo-api', { failureThreshold: 3, successThreshold: 1, resetTimeout: '2s' });
geo.subscribe((event) => {
  if (event.type === 'transition') console.log(`  geo-api: ${event.from} → ${event.to}`);
});

// Two functions, one circuit: whoever names it shares it.
const lookup = withCircuitBreaker('geo-api')(async (place: string) => `${place}: ${await api('48.2 N')}`);
const reverse = withCircuitBreaker('geo-api')(async (point: string) => `${point}: ${await api('Vienna')}`);

// An API that can be down.
let isDown = false;
async function api(answer: string): Promise<string> {
  await sleep(5);
  if (isDown) throw new Error('connect ECONNREFUSED');
  return answer;
}

async function show(call: Promise<string>): Promise<void> {
  console.log(await call.catch(String));
}

await show(lookup('Vienna'));
isDown = true; // an outage begins
for (let i = 0; i < 3; i++) await show(lookup('Vienna'));
await show(reverse('48.2 N')); // it never failed, and is refused: the API is the same

isDown = false; // the outage is over
await sleep(2_100);
await show(reverse('48.2 N')); // the first call after two seconds is the probe
