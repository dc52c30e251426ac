import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { printed, Workplace } from './workplace.js';

/*
 * What a user gets: the packed packages, installed into projects outside of this repository, each with compilers and
 * frameworks of its own. The sources of the projects are few: what `program` prints, it prints under every compiler.
 * (`program/private.ts` has what only standard decorators can.)
 */
const both = printed('program/main.txt', 'program/private.txt');
const main = printed('program/main.txt');
const nest = printed('nest/main.txt');

/** By project, its scripts and what they print. */
const matrix: Record<string, { source: string; scripts: Record<string, string | RegExp> }> = {
  esm: { source: 'program', scripts: { standard: both, legacy: main } },
  cjs: { source: 'program', scripts: { standard: both, legacy: main } },
  compilers: {
    source: 'program',
    scripts: {
      'tsc-5.4': both,
      'tsc-5.4:legacy': main,
      'tsc-5.9': both,
      'tsc-5.9:legacy': main,
      'tsc-7.0': both,
      'tsc-7.0:legacy': main,
      'types-5.4': '',
      'types-5.9': '',
      'types-7.0': '',
      esbuild: both,
      'esbuild:bundle': both,
      'esbuild:minify': both,
      'esbuild:legacy': main,
      swc: both,
      'swc:legacy': main,
      tsx: both,
      'tsx:legacy': main,
    },
  },
  vite: {
    source: 'program',
    scripts: {
      build: main,
      'build:legacy': main,
      test: /Tests +1 passed/,
      'test:legacy': /Tests +1 passed/,
    },
  },
  'jest-cjs': {
    source: 'program',
    scripts: { standard: /Tests: +1 passed/, legacy: /Tests: +1 passed/ },
  },
  'nest-11': { source: 'nest', scripts: { start: nest } },
  'nest-12': { source: 'nest', scripts: { start: nest } },
};

let workplace: Workplace;

beforeAll(() => {
  workplace = new Workplace();
  // One after the other, while the scripts of the one before run: two processes at a time.
  for (const [project, { source }] of Object.entries(matrix)) workplace.install(project, source);
});

afterAll(() => workplace.close(), 600_000);

describe.each(Object.entries(matrix))('the packed packages in the project "%s"', (project, { scripts }) => {
  beforeAll(() => workplace.installed(project), 600_000);

  it.each(Object.entries(scripts))(
    'do under `npm run %s` what they do everywhere',
    async (script, expected) => {
      const { stdout, stderr } = await workplace.run(project, script);
      // Test runners say how many tests have passed; what these expect is that the program prints the same.
      if (typeof expected === 'string') expect(stdout).toBe(expected);
      else expect(stdout + stderr).toMatch(expected);
    },
    300_000,
  );
});
