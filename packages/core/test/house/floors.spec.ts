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
  it.each([
    ['circuit/machine/admission.ts', `export { parseDuration } from '../../time/duration.js';`],
    ['circuit/breaker/breaker.ts', `export { admit } from '../machine/admission.js';`],
    ['pipeline/pipeline.ts', `export { withRetry } from '../retry/retry.js';`],
    ['testing/clocks.ts', `export { CircuitBreaker } from '../circuit/breaker/breaker.js';`],
  ])('let %s import from the floors below: %s', async (file, text) => {
    expect(await brokenBy(file, text)).toEqual([]);
  });

  it.each([
    ['the ground', 'time/clock.ts', `export { withRetry } from '../retry/retry.js';`],
    ['a lower room', 'circuit/memory/word.ts', `export { admit } from '../machine/admission.js';`],
    [
      'a lower room',
      'panel/panel.ts',
      `import type { CircuitBreaker } from '../circuit/breaker/breaker.js';`,
    ],
    ['a policy', 'retry/retry.ts', `export { CircuitBreaker } from '../circuit/breaker/breaker.js';`],
    ['a room', 'circuit/breaker/breaker.ts', `import { parseDuration } from '../../index.js';`],
    ['a room', 'retry/retry.ts', `export { seededRandom } from '../testing/index.js';`],
  ])('stop %s from importing upwards or sideways: %s has %s', async (_what, file, text) => {
    expect(await brokenBy(file, text)).toContain('import-x/no-restricted-paths');
  });

  it.each([
    ['a timer', 'setTimeout(() => 1, 1);', 'no-restricted-globals'],
    ['the wall clock', 'export const now = () => Date.now();', 'no-restricted-properties'],
    ['the date of today', 'export const today = () => new Date();', 'no-restricted-syntax'],
    ['I/O', `export { readFile } from 'node:fs/promises';`, 'no-restricted-imports'],
    ['chance', 'export const chance = () => Math.random();', 'no-restricted-properties'],
  ])('keep %s out of the pure floor', async (_what, text, rule) => {
    expect(await brokenBy('circuit/machine/settlement.ts', text)).toEqual([rule]);
    expect(await brokenBy('circuit/breaker/breaker.ts', text)).toEqual([]);
  });
});

describe('the house', () => {
  it('keeps npm packages out of core', async () => {
    expect(await brokenBy('pipeline/pipeline.ts', `export { default as fc } from 'fast-check';`)).toContain(
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
