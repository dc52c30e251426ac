import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { fixture, folder } from '../support/workplace.js';

const run = promisify(execFile);
const [required, imported, other] = [
  'preload-r-worker.cjs',
  'preload-i-worker.mjs',
  'preload-o-worker.mjs',
].map(fixture);
const importing = `--import=${pathToFileURL(imported).href}`;

interface Found {
  readonly preloads: readonly string[];
  readonly [name: string]: unknown;
}

interface Start {
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly options?: object;
  readonly file?: string;
  readonly cwd?: string;
}

/** What a worker finds, of a process that is started so. */
async function foundBy(start: Start = {}): Promise<Found> {
  const { flags = [], env, options = {}, file = fixture('started-process.mjs'), cwd } = start;
  const environment: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '', ...env };
  delete environment['JEST_WORKER_ID'];
  const args = [...flags, file, JSON.stringify(options)];
  const { stdout } = await run(process.execPath, args, { env: environment, cwd, timeout: 30_000 });
  return JSON.parse(stdout) as Found;
}

describe('a worker loads', () => {
  it.each<[string, Start, readonly string[]]>([
    ['what --require names', { flags: ['-r', required] }, ['r']],
    ['what --import names', { flags: ['--import', imported] }, ['i']],
    [
      'what NODE_OPTIONS names, before the command line',
      { flags: ['--import', other], env: { NODE_OPTIONS: importing } },
      ['i', 'o'],
    ],
    ['what is quoted there', { env: { NODE_OPTIONS: `"${importing}"` } }, ['i']],
    ['what --require names before what --import names', { flags: [importing, '-r', required] }, ['r', 'i']],
    [
      'a name relative to the working directory',
      { flags: ['--import', './preload-i-worker.mjs'], cwd: fixture('.') },
      ['i'],
    ],
    [
      'what the option `preload` names at last',
      { flags: [importing], options: { preload: [other] } },
      ['i', 'o'],
    ],
    [
      'a module once that is named twice',
      { flags: [importing, importing], options: { preload: [imported] } },
      ['i'],
    ],
    [
      'the preloads of this process where it has an environment of its own',
      { flags: ['-r', required], env: { NODE_OPTIONS: importing }, options: { env: { OWN: 'x' } } },
      ['r', 'i'],
    ],
    [
      'the preloads beside options that Node refuses for workers',
      {
        flags: ['--max-old-space-size=300', '--title=x', importing],
        env: { NODE_OPTIONS: `--max-old-space-size=300 --require=${required}` },
        options: { env: { OWN: 'x' } },
      },
      ['r', 'i'],
    ],
    [
      'nothing of this process with `inherit: false`',
      {
        flags: ['-r', required, '--expose-gc', '--max-old-space-size=300', '--title=x'],
        env: { NODE_OPTIONS: importing },
        options: { inherit: false },
      },
      [],
    ],
    [
      'what `preload` names with `inherit: false`',
      { flags: ['-r', required], options: { inherit: false, preload: [other] } },
      ['o'],
    ],
  ])('%s', async (_what, start, preloads) => {
    expect((await foundBy(start)).preloads).toEqual(preloads);
  });
});

describe('a worker has', () => {
  it('the source maps of this process', async () => {
    expect(await foundBy({ flags: ['--enable-source-maps'] })).toMatchObject({ sourceMaps: true });
  });

  it('them with `inherit: false`, too', async () => {
    const start = { flags: ['--enable-source-maps'], options: { inherit: false } };
    expect(await foundBy(start)).toMatchObject({ sourceMaps: true });
  });

  it('the arguments of this process', async () => {
    expect(await foundBy()).toMatchObject({ argument: '{}' });
  });

  it('the environment that it is given, and no NODE_OPTIONS of another', async () => {
    const found = await foundBy({ env: { NODE_OPTIONS: importing }, options: { env: { OWN: 'x' } } });
    expect([found['own'], found['nodeOptions']]).toEqual(['x', undefined]);
  });

  it('its NODE_OPTIONS as they are with `inherit: false`, for the processes that it starts', async () => {
    const found = await foundBy({ env: { NODE_OPTIONS: importing }, options: { inherit: false } });
    expect(found['nodeOptions']).toBe(importing);
  });

  it('no names in its modules that a module of a process has not', async () => {
    expect(await foundBy()).toMatchObject({ leaked: [] });
  });

  it('what code has registered by a module of the name `register`', async () => {
    const hooks = join(folder(), 'node_modules/hooks');
    mkdirSync(hooks, { recursive: true });
    writeFileSync(join(hooks, 'register.cjs'), readFileSync(required));
    const found = await foundBy({ options: { registers: pathToFileURL(join(hooks, 'register.cjs')).href } });
    expect(found.preloads).toEqual(['r']);
  });
});

describe('a worker loads a module', () => {
  it.each(['a path with späces & ümlauts #1', 'plain'])('of a path such as %p', async (name) => {
    const there = join(folder(), name);
    mkdirSync(there);
    symlinkSync(join(import.meta.dirname, '../../../../node_modules'), join(there, 'node_modules'));
    cpSync(fixture('started-process.mjs'), join(there, 'main.mjs'));
    expect(await foundBy({ file: join(there, 'main.mjs') })).toMatchObject({ preloads: [] });
  });

  it('through a link', async () => {
    const there = folder();
    symlinkSync(fixture('started-process.mjs'), join(there, 'link.mjs'));
    expect(await foundBy({ file: join(there, 'link.mjs') })).toMatchObject({ preloads: [] });
  });

  it('under frozen intrinsics', async () => {
    expect(await foundBy({ flags: ['--frozen-intrinsics'] })).toMatchObject({ preloads: [] });
  });

  it('under the permissions of this process', async () => {
    const [major] = process.versions.node.split('.').map(Number);
    const permission = major < 22 ? '--experimental-permission' : '--permission';
    const flags = [permission, '--allow-worker', '--allow-fs-read=*', '--no-warnings'];
    expect(await foundBy({ flags })).toMatchObject({ preloads: [] });
  });
});
