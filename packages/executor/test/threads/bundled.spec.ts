import { build, type Format } from 'esbuild';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { folder, printedBy } from '../support/workplace.js';

const service = `
  import { Parallel } from '@switchgear/executor';
  @Parallel()
  class Square {
    of(n: number): number {
      return n * n;
    }
  }
  export const owner = Square;
`;

const main = `
  import { isMainThread } from 'node:worker_threads';
  import { ParallelExecutor } from '@switchgear/executor';
  import { owner } from './service.js';
  if (isMainThread) {
    const executor = new ParallelExecutor({ workers: 2, placement: 'workers' });
    void executor.map(owner, 'of', [1, 2, 3]).then((results) => console.log(JSON.stringify(results)));
  }
`;

describe.each<[Format, string]>([
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
])('a program that esbuild has bundled (%s)', (format, extension) => {
  it.each([false, true])('runs a class that it does not export (minified: %p)', async (minify) => {
    const sources = folder();
    writeFileSync(join(sources, 'service.ts'), service);
    writeFileSync(join(sources, 'main.ts'), main);
    symlinkSync(join(import.meta.dirname, '../../../../node_modules'), join(sources, 'node_modules'));
    // Somewhere without any packages.
    const outfile = join(folder(), `main.${extension}`);
    const target = 'node20';
    const entryPoints = [join(sources, 'main.ts')];
    await build({ entryPoints, outfile, format, minify, target, bundle: true, platform: 'node' });
    expect(await printedBy(outfile)).toBe('[1,4,9]');
  });
});
