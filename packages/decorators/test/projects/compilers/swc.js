// What `swc src --out-dir dist` of @swc/cli does, without its dependencies.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { transformFileSync } from '@swc/core';

const [mode] = process.argv.slice(2);
mkdirSync(`dist/${mode}`, { recursive: true });
for (const name of readdirSync('src').filter((name) => name.endsWith('.ts'))) {
  const { code } = transformFileSync(`src/${name}`, { configFile: `${mode}.swcrc`, swcrc: false });
  writeFileSync(`dist/${mode}/${name.replace(/ts$/, 'js')}`, code);
}
