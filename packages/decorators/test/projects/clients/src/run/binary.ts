import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian keeps the programs of PostgreSQL, a folder a version. */
const POSTGRES = '/usr/lib/postgresql';

/**
 * The path of a program, from the system's packages if it is not there: by apt-get, as root.
 *
 * @param debian the package that has it
 */
export function binary(name: string, debian: string): string {
  const found = find(name);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0)
    throw new Error(`${name} is not installed, and only root can install ${debian}`);
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debian], { stdio: 'ignore' });
  const installed = find(name);
  if (installed === undefined) throw new Error(`${debian} has no program ${name}`);
  return installed;
}

function find(name: string): string | undefined {
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES).map((one) => join(POSTGRES, one, 'bin')) : [];
  const folders = [...versions.sort().reverse(), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
