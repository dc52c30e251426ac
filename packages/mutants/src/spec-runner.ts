import jestRunner, { type Test, type TestRunnerOptions, type TestWatcher } from 'jest-runner';
import { activeMutant } from './active-mutant.js';
import { hangsOf, promiseOf, recordLuck, recordRunning, specFile } from './spec-log.js';

// To an ES module the package gives the class, and its types say that it gives a CommonJS module.
const TestRunner = jestRunner as unknown as typeof jestRunner.default;

/**
 * Runs the spec files that run the mutant's code and no others, the most promising first, up to the first that fails.
 */
// eslint-disable-next-line import-x/no-default-export -- Jest asks for it.
export default class SpecRunner extends TestRunner {
  override async runTests(tests: Test[], watcher: TestWatcher, options: TestRunnerOptions): Promise<void> {
    const mutant = activeMutant();
    if (mutant === undefined) {
      await super.runTests(tests, watcher, options);
      return;
    }
    const red = new Set<string>();
    this.on('test-file-success', ([{ path }, { numFailingTests }]) => {
      if (numFailingTests > 0) red.add(path);
    });
    this.on('test-file-failure', ([{ path }]) => {
      red.add(path);
    });
    const hangs = hangsOf(mutant);
    const touching = tests.filter(
      ({ path }) => !hangs.includes(path) && (specFile(path)?.mutants.includes(mutant) ?? false),
    );
    touching.sort((a, b) => promiseOf(b.path) - promiseOf(a.path));
    for (const test of touching) {
      recordRunning(test.path);
      await super.runTests([test], watcher, options);
      recordLuck(test.path, red.has(test.path));
      if (red.size > 0) return;
    }
  }
}
