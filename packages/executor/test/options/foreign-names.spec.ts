import { describe, expect, it } from '@jest/globals';
import { type PolicyError } from '@switchgear/core';
import { ParallelExecutor } from '@switchgear/executor';
import { FOREIGN_NAMES } from '../../src/options/foreign-names.js';
import { readCallOptions, readExecutorOptions } from '../../src/options/settings.js';

// O23, of p-map, piscina and their like.

function linesOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    return (error as PolicyError).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

const { job } = readExecutorOptions(undefined);
const optionsOfJob = (options: object) => linesOf(() => readCallOptions('map', options, job));

describe('an option of another library is answered with ours', () => {
  it('of piscina', () => {
    expect(linesOf(() => new ParallelExecutor({ maxThreads: 4, minThreads: 1 } as never))).toEqual([
      'maxThreads is called workers here; it is an option of the executor',
      'minThreads is no option here: workers start when a job needs them; idleTimeout ends idle ones',
    ]);
  });

  it('of p-map', () => {
    expect(optionsOfJob({ concurrency: 4, stopOnError: false })).toEqual([
      'concurrency is called workers here; it is an option of the executor: how many threads run items at once',
      'stopOnError is no option here: map stops at the first error, mapSettled and stream go on',
    ]);
  });
});

const options = Object.values(FOREIGN_NAMES).flatMap((row) =>
  typeof row === 'string' ? row : (row[0] ?? []),
);

it.each([...new Set(options)])('there is an option %s, which a foreign name is called here', (option) => {
  const policy = { [option]: Symbol('no value') };
  const unknown = [linesOf(() => readExecutorOptions(policy)), optionsOfJob(policy)].map((lines) =>
    lines.some((line) => line.includes('unknown option')),
  );
  expect(unknown).toContain(false);
});
