import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { printed, Workplace } from './workplace.js';

/*
 * What a user gets: the packed packages, installed into projects outside of this repository, each with compilers and
 * frameworks of its own. The sources of the projects are few: what `program` prints, it prints under every compiler.
 * (`program/private.ts` has what only standard decorators can; `program/parallel.ts` starts worker threads.) What is `plain`
 * nobody compiles; `plain:require` runs it as a Node does that cannot require ES modules.
 */
const standard = printed('program/main.txt', 'program/private.txt', 'program/parallel.txt');
const legacy = printed('program/main.txt', 'program/parallel.txt');
const parallel = printed('program/parallel.txt');
const nestBefore = { start: printed('nest/main.txt') };
const nest = {
  ...nestBefore,
  'http-service': printed('nest/http-service.txt'),
  migration: printed('nest/migration/main.txt'),
  parallel: printed('nest/parallel/main.txt'),
};
const starts = printed('starts/starts.txt');

/** By project, its scripts and what they print. */
const matrix: Record<string, { source: string; scripts: Record<string, string | RegExp> }> = {
  esm: { source: 'program', scripts: { standard, legacy, plain: parallel } },
  cjs: { source: 'program', scripts: { standard, legacy, plain: parallel, 'plain:require': parallel } },
  compilers: {
    source: 'program',
    scripts: {
      'tsc-5.4': standard,
      'tsc-5.4:legacy': legacy,
      'tsc-5.9': standard,
      'tsc-5.9:legacy': legacy,
      'tsc-7.0': standard,
      'tsc-7.0:legacy': legacy,
      'misuse-5.4': '',
      'misuse-5.9': '',
      'misuse-7.0': '',
      'types-5.4': '',
      'types-5.9': '',
      'types-7.0': '',
      esbuild: standard,
      'esbuild:bundle': standard,
      'esbuild:minify': standard,
      'esbuild:legacy': legacy,
      swc: standard,
      'swc:legacy': legacy,
      tsx: standard,
      'tsx:legacy': legacy,
      'tsx:import': parallel,
    },
  },
  vite: {
    source: 'program',
    scripts: {
      build: legacy,
      'build:legacy': legacy,
      test: /Tests +1 passed/,
      'test:legacy': /Tests +1 passed/,
    },
  },
  'jest-cjs': {
    source: 'program',
    scripts: { standard: /Tests: +4 passed/, legacy: /Tests: +4 passed/ },
  },
  // Each way to start a program, on each Node that we support.
  starts: {
    source: 'starts/program',
    scripts: { 'node-20': starts, 'node-22': starts, 'node-24': starts, 'node-26': starts },
  },
  'nest-10': { source: 'nest', scripts: { ...nestBefore, entries: 'every entry\n' } },
  'nest-11': { source: 'nest', scripts: nest },
  'nest-12': { source: 'nest', scripts: nest },
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
