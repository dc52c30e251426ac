import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

// In a process of its own: the collector is asked to run, and Jest keeps hold of too much.
function aliveAfter(body: string): number {
  const program = `
    const { CircuitBreaker } = require('@switchgear/core');
    let alive = 0;
    const gone = new FinalizationRegistry(() => alive--);
    function make() {
      ${body}
      alive++;
      gone.register(breaker, undefined);
    }
    for (let i = 0; i < 50; i++) make();
    (async () => {
      for (let i = 0; i < 20 && alive > 0; i++) {
        gc();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      console.log(alive);
    })();`;
  return Number(execFileSync(process.execPath, ['--expose-gc', '--eval', program], { encoding: 'utf8' }));
}

it.each([
  ['that nobody holds', 'const breaker = new CircuitBreaker();'],
  ['whose callback holds it', 'const breaker = new CircuitBreaker({ onOpen: () => breaker.reset() });'],
  [
    'whose isFailure holds it',
    'const breaker = new CircuitBreaker({ isFailure: () => breaker.key === "" });',
  ],
  [
    'whose listener holds it',
    'const breaker = new CircuitBreaker(); breaker.subscribe(() => breaker.reset());',
  ],
])('a circuit without a key %s is collected', (_, body) => {
  // The last one made may still be in a register.
  expect(aliveAfter(body)).toBeLessThanOrEqual(1);
});
