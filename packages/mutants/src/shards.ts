import { existsSync, readdirSync } from 'node:fs';
import { ROOT } from './root.js';

/** Source files of one package that are mutated in one run. */
export interface Shard {
  readonly name: string;
  /** The folder in packages/ whose sources they are. The specs of that package have to find their mutants. */
  readonly home: string;
  /** Paths from the root of the repository. */
  readonly files: readonly string[];
}

/** What is measured when no name is given. Each folder in these is a shard, and the files beside the folders are another. */
const MEASURED = ['core/circuit', 'core/retry', 'executor/job', 'executor/plan', 'executor/dispatch'];

/** The shards of what is measured, as far as it is there. */
export function allShards(): readonly Shard[] {
  const files = sources();
  const names = new Set(files.flatMap((file) => shardOf(file) ?? []));
  return [...names].map((name) => ({
    name,
    home: name.split('/')[0],
    files: files.filter((file) => shardOf(file) === name),
  }));
}

/**
 * The files that names stand for, a shard for each package. A name is the end of a path without `src`: `machine`,
 * `circuit/machine`, `core/circuit`, `word`. Where a folder and a file have the same name it means the folder, and
 * `policy.ts` means the file. Where several folders or several files have it, it means all of them.
 */
export function shardsNamed(names: readonly string[]): readonly Shard[] {
  const all = sources();
  const files = [...new Set(names.flatMap((name) => filesNamed(name, all)))];
  const homes = new Set(files.map((file) => shortened(file).split('/')[0]));
  return [...homes].map((home) => ({
    name: `${names.join(' ')} (${home})`,
    home,
    files: files.filter((file) => shortened(file).startsWith(`${home}/`)),
  }));
}

function filesNamed(name: string, all: readonly string[]): readonly string[] {
  const ending = `/${shortened(name).replace(/\/$/, '')}`;
  const inFolders = all.filter((file) => `/${folderOf(file)}/`.includes(`${ending}/`));
  if (inFolders.length > 0) return inFolders;
  const named = all.filter((file) =>
    [file, file.slice(0, -'.ts'.length)].some((path) => `/${shortened(path)}`.endsWith(ending)),
  );
  if (named.length > 0) return named;
  const shards = allShards().map((shard) => shard.name);
  throw new Error(
    `nothing is named ${name}. The shards are ${shards.join(', ')}; any folder or file of packages/*/src will do.`,
  );
}

/** `core/circuit/machine` for a file in that folder or deeper, `core/circuit` for one beside it. */
function shardOf(file: string): string | undefined {
  const folder = folderOf(file);
  const measured = MEASURED.find((path) => `${folder}/`.startsWith(`${path}/`));
  if (measured === undefined) return undefined;
  return folder
    .split('/')
    .slice(0, measured.split('/').length + 1)
    .join('/');
}

function folderOf(file: string): string {
  const path = shortened(file);
  return path.slice(0, path.lastIndexOf('/'));
}

/** `core/circuit/word.ts` for `packages/core/src/circuit/word.ts`. */
function shortened(path: string): string {
  return path.replace(/^packages\//, '').replace('/src/', '/');
}

/** The sources of all packages, as paths from the root of the repository. */
function sources(): readonly string[] {
  return readdirSync(`${ROOT}/packages`)
    .map((home) => `packages/${home}/src`)
    .filter((folder) => existsSync(`${ROOT}/${folder}`))
    .flatMap((folder) => pathsIn(folder))
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

function pathsIn(folder: string): readonly string[] {
  return readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: 'utf8' }).map(
    (path) => `${folder}/${path}`,
  );
}
