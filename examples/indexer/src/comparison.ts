import { isDeepStrictEqual } from 'node:util';
import { count, seconds } from './display.js';
import type { FileRecord } from './file-record.js';
import type { JobResult } from './job.js';

/** The number of expected records that are in the index, with the expected content. */
export function rightRecords({ records }: JobResult, expected: readonly FileRecord[]): number {
  return expected.filter((record) => isDeepStrictEqual(record, records.get(record.path))).length;
}

/** Two jobs side by side, a line for each figure. */
export function compare(guarded: JobResult, bare: JobResult, expected: readonly FileRecord[]): string[] {
  const rows: readonly [string, (result: JobResult) => string][] = [
    ['records in the index', (result) => count(result.records.size)],
    ['  equal to a serial pass', (result) => count(rightRecords(result, expected))],
    ['files lost', (result) => count(result.settled - result.records.size)],
    ['requests that failed', ({ counts }) => count(counts.failures)],
    ['  that hung or got a 503', ({ received }) => count(received.hangs + received.busy)],
    ['  that were sent again', ({ counts }) => count(counts.requests - counts.calls)],
    ['calls the circuit refused', ({ counts }) => count(counts.refusals)],
    ['time', ({ elapsed }) => seconds(elapsed)],
  ];
  return [
    row('', 'with circuit and retry', 'without'),
    ...rows.map(([name, figure]) => row(name, figure(guarded), figure(bare))),
  ];
}

function row(name: string, guarded: string, bare: string): string {
  return `${name.padEnd(28)}${guarded.padStart(22)}${bare.padStart(12)}`;
}
