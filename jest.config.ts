/** @jest-config-loader esbuild-register */
import { spawnSync } from 'node:child_process';
import vm from 'node:vm';
import type { Config } from 'jest';

// The specs run as ES modules, which Jest can do only under a flag of Node's. Without it we start once more, with it,
// so that a plain `npx jest` works too.
if (!('SourceTextModule' in vm)) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const { status } = spawnSync(process.execPath, [...flags, ...process.argv.slice(1)], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

/** The specs of one mode of decorators: `tsconfig` says which. Types are not checked here, `tsc -b` does it. */
const project = (displayName: string, tsconfig: string, specs: readonly string[]): Config => ({
  displayName,
  testMatch: specs.map((spec) => `<rootDir>/packages/${spec}.spec.ts`),
  // What makes noise in a green run is a fault: a warning of the process that nobody expects, a line on the console.
  setupFilesAfterEnv: ['<rootDir>/packages/core/test/support/quiet.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['ts-jest', { useESM: true, tsconfig }] },
  moduleNameMapper: {
    '^@switchgear/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@switchgear/([^/]+)/([^/]+)$': '<rootDir>/packages/$1/src/$2/index.ts',
    // A relative import names the file that tsc will write.
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
});

const config: Config = {
  // What holds in both modes of decorators is one source, compiled and run twice.
  projects: [
    project('standard', 'tsconfig.base.json', ['*/test/!(legacy|projects)/**/!(*.slow)', '*/test/!(*.slow)']),
    project('legacy', 'packages/decorators/test/legacy/tsconfig.json', ['*/test/{both,legacy}/**/*']),
    // What takes its time: threads and processes that are killed, servers, storms, long walks. `npm run slow` runs them.
    project('slow', 'tsconfig.base.json', ['*/test/**/*.slow']),
    // Slow, and in need of a network: the packed packages in fresh projects. `npm run projects` runs them.
    project('projects', 'tsconfig.base.json', ['*/test/projects/*']),
  ],
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
};

export default config;
