import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(60_000);

/** A million take half a minute, and have been seen to leave no more. */
const KEYS = 200_000;

interface Left {
  readonly names: number;
  readonly breakers: number;
  /** Bytes of heap for all keys but the first tenth of them. */
  readonly grown: number;
  readonly results: number;
}

// In a process of its own: the collector is asked to run, and Jest keeps hold of too much.
function storm(keys: number): Left {
  const program = `
    const { circuits, withCircuitBreaker } = require('@switchgear/core');
    const policy = { key: (n) => 'tenant ' + n, maxCircuits: 1_000, failureThreshold: 3 };
    const fn = withCircuitBreaker(policy)((n) => n);
    let results = 0;
    const heapAfter = (from, to) => {
      for (let n = from; n < to; n++) if (fn(n) === n) results++;
      gc();
      return process.memoryUsage().heapUsed;
    };
    const before = heapAfter(0, ${keys / 10});
    const grown = heapAfter(${keys / 10}, ${keys}) - before;
    console.log(JSON.stringify({ names: circuits.keys().length, breakers: [...circuits].length, grown, results }));`;
  const told = execFileSync(process.execPath, ['--expose-gc', '--eval', program], { encoding: 'utf8' });
  return JSON.parse(told) as Left;
}

describe('hundreds of thousands of keys', () => {
  let left: Left;

  beforeAll(() => {
    left = storm(KEYS);
  });

  it('have a result each', () => {
    expect(left.results).toBe(KEYS);
  });

  it('leave no more circuits in the panel than there may be', () => {
    expect(left.names).toBeLessThanOrEqual(1_000);
  });

  it('leave no more circuits in the thread than there may be', () => {
    expect(left.breakers).toBeLessThanOrEqual(1_000);
  });

  it('leave next to nothing on the heap', () => {
    // A circuit is hundreds of bytes, so one in twenty that was kept would be too much.
    expect(left.grown).toBeLessThan(2_000_000);
  });
});
