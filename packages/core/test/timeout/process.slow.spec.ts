import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const program = fileURLToPath(new URL('../support/timed-process.mjs', import.meta.url));

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (data) => (printed += String(data)));
  const start = performance.now();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed: printed.trim().split(' '), took: performance.now() - start };
}

describe.each(['timeout', 'deadline'])('a process whose last work is a call with a %s', (policy) => {
  it('lives until the call has ended, even if nothing else keeps it alive', async () => {
    const { code, printed } = await run(policy, 'hangs');
    expect([code, printed[0]]).toEqual([0, `ERR_${policy.toUpperCase()}`]);
    expect(Number(printed[1])).toBeGreaterThanOrEqual(200);
  });

  it('ends when the call has, however long its timeout is', async () => {
    const { code, printed, took } = await run(policy, 'answers');
    expect([code, printed[0]]).toEqual([0, 'ok']);
    expect(took).toBeLessThan(20_000);
  });

  it('hears an answer that was there when a blocked event loop turns again', async () => {
    expect((await run(policy, 'answers-at-the-turn')).printed[0]).toBe('ok');
  });

  it('ends no call early', async () => {
    expect((await run(policy, 'many')).printed.join(' ')).toBe('none early');
  });
});
