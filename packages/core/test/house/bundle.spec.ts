import { expect, it } from '@jest/globals';
import { build } from 'esbuild';

// A main thread that only loads the package still gives its workers the panel; a bundler must not think otherwise.
it.each([
  ["import '@switchgear/core';"],
  ["import { isCircuitBreakerError } from '@switchgear/core'; console.log(isCircuitBreakerError(1));"],
])('the panel is made in a bundle of: %s', async (contents) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  expect(outputFiles[0].text).toContain('setEnvironmentData(');
});
