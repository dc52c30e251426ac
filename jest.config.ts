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

const config: Config = {
  testMatch: ['<rootDir>/packages/*/test/**/*.spec.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // Types are not checked here: `tsc -b` does it, for the specs as well.
  transform: { '\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.base.json' }] },
  moduleNameMapper: {
    '^@switchgear/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@switchgear/([^/]+)/([^/]+)$': '<rootDir>/packages/$1/src/$2.ts',
    // A relative import names the file that tsc will write.
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
};

export default config;
