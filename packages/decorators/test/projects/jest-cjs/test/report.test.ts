import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { report } from '../src/report.js';

it('is the same under every compiler', async () => {
  expect(await report()).toBe(readFileSync('src/main.txt', 'utf8').trim());
});
