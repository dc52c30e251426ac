import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The modules by which code of this thread has registered hooks of `require`, such as `require('ts-node/register')`. A module of this name
 * is there to be loaded before others, and does its work when it is loaded; a worker has to load it as well.
 */
export function registerModules(): readonly string[] {
  const { cache } = createRequire(join(process.cwd(), 'index.js'));
  return Object.keys(cache).filter((path) => IS_REGISTER.test(path));
}

const IS_REGISTER =
  /[\\/]node_modules[\\/](?:.*[\\/])?(?:register|register[\\/](?:index|lib[\\/]index|transpile-only|type-check|files)|tsx[\\/]dist[\\/]cjs[\\/]index)\.c?js$/;
