import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LogLevel, MutantResult, PartialStrykerOptions } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { readInitialOptions } from 'jest-config';
import { ROOT } from './root.js';
import type { Shard } from './shards.js';

/** Specs that start processes or threads run the build, which no mutant changes. Those of the house read files. */
const BLIND = ['threads', 'docs', 'house', 'projects'];

/** Tries all mutants of the shard. */
export async function mutantsOf(shard: Shard, concurrency: number): Promise<readonly MutantResult[]> {
  const folder = mkdtempSync(`${tmpdir()}/switchgear-mutants-`);
  try {
    process.env['SWITCHGEAR_MUTANTS'] = folder;
    return await new Stryker(await optionsFor(shard, concurrency, folder)).runMutationTest();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function optionsFor(
  { files, home }: Shard,
  concurrency: number,
  folder: string,
): Promise<PartialStrykerOptions> {
  return {
    mutate: [...files],
    // A copy of what the specs need, outside the repository, where no other tool finds it.
    tempDirName: `${folder}/copies`,
    ignorePatterns: ['/*', '!/packages', '!/*.json', '!/jest.config.ts'],
    disableTypeChecks: false,
    testRunner: 'specs',
    plugins: [import.meta.resolve('@stryker-mutator/jest-runner'), beside('specs-plugin.js')],
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    jest: { config: await jestConfig(home, folder) },
    coverageAnalysis: 'perTest',
    concurrency,
    // Contexts of ES modules are never freed, and after a hundred runs they fill 4 GB.
    maxTestRunnerReuse: 30,
    // The watchdog is faster.
    timeoutMS: 60_000,
    // One, where nothing else runs.
    dryRunTimeoutMinutes: 30,
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
    // A warning is written for every process that the watchdog ends.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- An ambient const enum, which isolated modules cannot read.
    logLevel: 'error' as LogLevel,
    warnings: false,
  };
}

/** The specs of a package as `npm run specs` runs them, without those that see no mutants. */
async function jestConfig(home: string, folder: string): Promise<object> {
  const { config } = await readInitialOptions(`${ROOT}/jest.config.ts`);
  const standard = config.projects?.find(
    (project) => typeof project === 'object' && project['displayName'] === 'standard',
  );
  if (typeof standard !== 'object') throw new Error('jest.config.ts has no project named standard');
  return {
    ...standard,
    projects: [],
    testPathIgnorePatterns: ['/node_modules/', `/packages/(?!${home}/)`, `/test/(${BLIND.join('|')})/`],
    runner: beside('spec-runner.js'),
    testEnvironment: beside('spec-environment.js'),
    cacheDirectory: `${folder}/jest`,
  };
}

function beside(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
