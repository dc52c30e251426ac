import { describe, expect, it } from '@jest/globals';
import { circuits, CircuitRegistry, Panel } from '@switchgear/core';
import { readHeader } from '../../src/panel/layout.js';
import { SharedMemory } from '../../src/panel/memory.js';
import { Field } from '../../src/panel/record.js';
import { encodeText } from '../../src/panel/text.js';
import { Line } from '../../src/panel/thread-line.js';
import { defaultPanel } from '../../src/panel/default-panel.js';
import { NameTable } from '../../src/panel/name-table.js';
import { Segments } from '../../src/panel/segments.js';
import { fixture, Hand, hire, until } from '../support/hand.js';

const policy = { failureThreshold: 1_000_000, resetTimeout: '1h' } as const;

const totalsOf = (registry: CircuitRegistry, key: string) =>
  registry.snapshot().find((circuit) => circuit.key === key)?.totals;

/** How many lines hang on a circuit of the default panel. */
function linesOf(key: string): number {
  const memory = new SharedMemory(defaultPanel.buffer);
  const layout = readHeader(memory);
  if (typeof layout === 'string') throw new Error(layout);
  const { at = 0 } =
    new NameTable(memory, layout, new Segments(memory, layout), 99).find(
      'circuit-breaker',
      encodeText(key),
    ) ?? {};
  let lines = 0;
  for (let line = memory.load(at + Field.lines); line !== 0; line = memory.load(line + Line.next)) lines++;
  return lines;
}

describe('threads that call a circuit as fast as they can', () => {
  it('lose no call of their totals', async () => {
    const panel = new Panel({ circuits: 16 });
    const registry = new CircuitRegistry(panel);
    const workers = hire(4, 'esm-worker.mjs');
    for (const worker of workers) {
      await worker.ask('attach', panel.buffer);
      await worker.ask('declare', 'busy', policy);
    }
    await Promise.all(
      workers.flatMap((worker) => [worker.ask('succeed', 'busy', 20_000), worker.ask('fail', 'busy', 1_000)]),
    );
    expect(totalsOf(registry, 'busy')).toEqual({
      succeeded: 80_000,
      failed: 4_000,
      ignored: 0,
      refused: 0,
      slow: 0,
    });
  });

  it('have totals that never fall, though they are killed', async () => {
    const panel = new Panel({ circuits: 16 });
    const registry = new CircuitRegistry(panel);
    let last = 0;
    const sum = (): number => {
      const { succeeded = 0 } = totalsOf(registry, 'mortal') ?? {};
      expect(succeeded).toBeGreaterThanOrEqual(last);
      return (last = succeeded);
    };
    for (let round = 0; round < 3; round++) {
      const workers = hire(3, 'esm-worker.mjs');
      for (const worker of workers) {
        await worker.ask('attach', panel.buffer);
        await worker.ask('declare', 'mortal', policy);
        worker.begin('succeed', 'mortal', 5_000_000);
      }
      const begun = sum();
      await until(() => sum() > begun + 10_000);
      for (const worker of workers) await worker.terminate();
      registry.reclaim(workers[0].threadId);
    }
    expect(sum()).toBeGreaterThan(30_000);
  });
});

describe('the line of a thread that has ended', () => {
  it('is handed to the next one, where the thread that started it hears of its end', async () => {
    circuits.get('handed-on', policy);
    const starter = new Hand('esm-worker.mjs');
    // That worker runs the build, in which nothing stands between the process and the package.
    for (let round = 0; round < 4; round++)
      await starter.ask('haveDone', fixture('cjs-worker.cjs'), 'succeed', 'handed-on', 10);
    expect([totalsOf(circuits, 'handed-on')?.succeeded, linesOf('handed-on')]).toEqual([40, 1]);
  });
});
