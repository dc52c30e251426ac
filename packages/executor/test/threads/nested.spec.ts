import { beforeAll, describe, expect, it } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { fixture, printedBy, settled } from '../support/workplace.js';

const file = fixture('nested-process.mjs');

describe('a program that holds the class and starts work with it as it is loaded', () => {
  let lines: readonly Readonly<Record<string, unknown>>[];

  beforeAll(async () => {
    const failed = (await settled(printedBy(file))) as { readonly stdout: string };
    lines = failed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as (typeof lines)[number]);
  });

  it('is told so, with the module', () => {
    expect(lines.at(-1)).toMatchObject({
      code: 'ERR_NESTED_EXECUTOR',
      module: pathToFileURL(file).href,
      message: expect.stringContaining('isMainThread'),
    });
  });

  it('starts no workers in its workers', () => {
    const started = lines.map(({ workers }) => workers);
    expect([started.at(-1), Math.max(0, ...(started.slice(0, -1) as number[]))]).toEqual([2, 0]);
  });

  it('starts no workers over and over, though it does not mind the error', async () => {
    expect(await settled(printedBy(file, 'swallow'))).toEqual(expect.any(String));
  });
});

it('a program that starts work a moment after it was loaded has no workers of workers', async () => {
  const lines = (await printedBy(fixture('late-nested-process.cjs'))).split('\n');
  expect(lines.sort()).toEqual(['0 [2,4,6]', '1 ERR_NESTED_EXECUTOR']);
});
