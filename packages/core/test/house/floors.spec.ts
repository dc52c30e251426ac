import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** The rules as they stand, but for those that need types: the files below exist only here. */
const eslint = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { rules: { '@typescript-eslint/no-unused-vars': 'off' } },
  ],
});

/** The rules that a file of core with this text would break. */
async function brokenBy(file: string, text: string): Promise<(string | null)[]> {
  const results = await eslint.lintText(text, { filePath: `packages/core/src/${file}` });
  return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
}

describe('the floors of core', () => {
  it('let a file import from the floors below', async () => {
    expect(await brokenBy('circuit/state.ts', `export { parseDuration } from '../duration.js';`)).toEqual([]);
    expect(await brokenBy('pipeline.ts', `export { parseDuration } from './duration.js';`)).toEqual([]);
  });

  it.each([
    ['clock.ts', `export { seededRandom } from './testing.js';`],
    ['circuit/state.ts', `export { seededRandom } from '../testing.js';`],
    ['circuit/state.ts', `import type { Duration } from '../index.js';`],
    ['circuit/breaker.ts', `import { parseDuration } from '../index.js';`],
    ['index.ts', `export { seededRandom } from './testing.js';`],
  ])('stop %s from importing upwards: %s', async (file, text) => {
    expect(await brokenBy(file, text)).toContain('import-x/no-restricted-paths');
  });

  it.each([
    ['a timer', 'setTimeout(() => 1, 1);', 'no-restricted-globals'],
    ['the wall clock', 'export const now = () => Date.now();', 'no-restricted-globals'],
    ['I/O', `export { readFile } from 'node:fs/promises';`, 'no-restricted-imports'],
    ['chance', 'export const chance = () => Math.random();', 'no-restricted-properties'],
  ])('keep %s out of the pure floor', async (_what, text, rule) => {
    expect(await brokenBy('circuit/state.ts', text)).toEqual([rule]);
    expect(await brokenBy('circuit/breaker.ts', text)).toEqual([]);
  });
});

describe('the house', () => {
  it('keeps npm packages out of core', async () => {
    expect(await brokenBy('pipeline.ts', `export { default as fc } from 'fast-check';`)).toContain(
      'no-restricted-imports',
    );
  });

  it.each(['utils.ts', 'circuit/helpers.ts', 'types.ts', 'common.ts'])(
    'has no file named %s',
    async (file) => {
      expect(await brokenBy(file, 'export const one = 1;')).toEqual(['no-restricted-syntax']);
    },
  );
});
