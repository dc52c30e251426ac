import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

// O28. The file misuse.ts says above each wrong line what the compiler has to say. `npm run projects` asks TypeScript 5.4, 5.9 and 7.

it('the compiler says in one sentence what is wrong, in both modes of decorators', () => {
  const check = join(import.meta.dirname, '../projects/compilers/misuse/check.mjs');
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [check, compiler], { encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
}, 120_000);
