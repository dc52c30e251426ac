import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import type { Circus } from '@jest/types';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import type { MutantCoverage } from '@stryker-mutator/api/core';
import { TestEnvironment } from 'jest-environment-node';
import { activeMutant } from './active-mutant.js';
import { recordSpecFile, specFile } from './spec-log.js';
import { standDown, watch } from './watchdog.js';

/** With a mutant, a test that waits for longer than this has failed, unless it is slow without one. */
const LONGEST_WAIT_MS = 1500;

/** How many times as long as in the first run a test may take. */
const SLACK = 3;

/** For how long a test may keep the thread busy, beside its time, and how long a file may take to load. */
const LONGEST_LOOP_MS = 10_000;

/**
 * Where a spec file runs. In the first run it notes which mutants' code the file runs, and how long each test takes. With a
 * mutant, tests that hang are given up early, and what follows a failed test in the file is skipped.
 */
// eslint-disable-next-line import-x/no-default-export -- Jest asks for it.
export default class SpecEnvironment extends TestEnvironment {
  readonly #path: string;
  readonly #tests: Record<string, number> = {};
  readonly #mutant = activeMutant();
  #begun = Date.now();
  #hitsBefore = new Map<string, number>();
  #hasFailed = false;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    this.#path = context.testPath;
  }

  override async setup(): Promise<void> {
    await super.setup();
    this.#begun = Date.now();
    this.#hitsBefore = this.#hits();
    this.#expect(LONGEST_LOOP_MS);
  }

  override async teardown(): Promise<void> {
    standDown();
    if (this.#mutant === undefined) {
      const hits = this.#hits();
      const mutants = [...hits.keys()].filter((id) => hits.get(id) !== this.#hitsBefore.get(id));
      recordSpecFile(this.#path, { ms: Date.now() - this.#begun, mutants, tests: this.#tests });
    }
    await super.teardown();
  }

  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'test_start') this.#hasten(event.test);
    if (event.name === 'test_done') {
      this.#expect(LONGEST_LOOP_MS);
      this.#tests[nameOf(event.test)] = event.test.duration ?? 0;
      this.#hasFailed ||= event.test.errors.length > 0;
    }
  }

  #hasten(test: Circus.TestEntry): void {
    if (this.#mutant === undefined) return;
    if (this.#hasFailed) test.mode = 'skip';
    const usual = specFile(this.#path)?.tests[nameOf(test)] ?? 0;
    test.timeout = Math.min(test.timeout ?? Infinity, Math.max(LONGEST_WAIT_MS, usual * SLACK));
    this.#expect(usual * SLACK + LONGEST_LOOP_MS);
  }

  /** The thread is hung if it does not come back within so many milliseconds. */
  #expect(ms: number): void {
    if (this.#mutant !== undefined) watch(this.#mutant, ms);
  }

  /** How often each mutant's code has run, in this spec file and those before. */
  #hits(): Map<string, number> {
    const stryker = this.global[INSTRUMENTER_CONSTANTS.NAMESPACE] as
      { mutantCoverage?: MutantCoverage } | undefined;
    const coverage = stryker?.mutantCoverage;
    const hits = new Map<string, number>();
    if (coverage === undefined) return hits;
    for (const counts of [coverage.static, ...Object.values(coverage.perTest)]) {
      for (const [id, count] of Object.entries(counts)) hits.set(id, (hits.get(id) ?? 0) + count);
    }
    return hits;
  }
}

function nameOf(test: Circus.TestEntry): string {
  const names: string[] = [test.name];
  for (let parent = test.parent; parent.parent !== undefined; parent = parent.parent)
    names.unshift(parent.name);
  return names.join(' ');
}
