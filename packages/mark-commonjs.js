// The packages are ES modules by their package.json. What tsc writes to dist/cjs is not, and Node and TypeScript
// have to be told so by a package.json beside it.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';

for (const name of readdirSync(import.meta.dirname)) {
  const built = `${import.meta.dirname}/${name}/dist/cjs`;
  if (existsSync(built)) writeFileSync(`${built}/package.json`, '{ "type": "commonjs" }\n');
}
