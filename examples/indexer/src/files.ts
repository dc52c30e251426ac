import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files to index. */
export interface Files {
  readonly folder: string;
  /** Paths of files within the folder, sorted, with slashes on every system. */
  readonly paths: readonly string[];
}

/** The installed packages: thousands of real files that every machine has. */
const DEFAULT_FOLDER = fileURLToPath(new URL('../../../node_modules', import.meta.url));
/** The folder in which npm was called. npm runs scripts in the folder of their package. */
const HERE = resolve(process.env['INIT_CWD'] ?? '.');
/** With this number of files the program takes less than a minute on a slow machine. */
const DEFAULT_LIMITS = { files: 2_000, bytes: 256 * 1024 };

/** All files of a folder, or by default the first few thousand of the installed packages. */
export async function chooseFiles(folder: string | undefined): Promise<Files> {
  if (folder === undefined) {
    return { folder: DEFAULT_FOLDER, paths: await firstSmall(DEFAULT_FOLDER, await walk(DEFAULT_FOLDER)) };
  }
  const whole = resolve(HERE, folder);
  return { folder: whole, paths: await walk(whole) };
}

/** The shorter form of a path, relative or absolute. */
export function shortPath(path: string): string {
  const short = relative(HERE, path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** Without links, which lead out of the folder, or in a circle. */
async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}

async function firstSmall(folder: string, paths: readonly string[]): Promise<string[]> {
  const chosen: string[] = [];
  for (const path of paths) {
    if (chosen.length === DEFAULT_LIMITS.files) break;
    const { size } = await stat(join(folder, path));
    if (size <= DEFAULT_LIMITS.bytes) chosen.push(path);
  }
  return chosen;
}
