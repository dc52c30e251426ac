import { expect, it } from '@jest/globals';
import { build } from 'esbuild';

async function bundleOf(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return outputFiles[0].text;
}

// A main thread that only loads the package still gives its workers the panel; a bundler must not think otherwise.
it.each([
  ["import '@switchgear/core';"],
  ["import { isCircuitBreakerError } from '@switchgear/core'; console.log(isCircuitBreakerError(1));"],
])('the panel is made in a bundle of: %s', async (contents) => {
  expect(await bundleOf(contents)).toContain('setEnvironmentData(');
});

it('a bundle of the entry ./retry has no panel', async () => {
  expect(await bundleOf("import { withRetry } from '@switchgear/core/retry'; withRetry();")).not.toMatch(
    /setEnvironmentData|SharedArrayBuffer/,
  );
});
