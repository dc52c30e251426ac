import type { StrykerOptions } from '@stryker-mutator/api/core';
import { PluginKind, commonTokens, declareFactoryPlugin, tokens } from '@stryker-mutator/api/plugin';
import type { Injector, PluginContext } from '@stryker-mutator/api/plugin';
import { MutantRunStatus } from '@stryker-mutator/api/test-runner';
import type { TestRunner } from '@stryker-mutator/api/test-runner';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';
import { hangsOf } from './spec-log.js';

interface JestOptions extends StrykerOptions {
  readonly jest: object;
}

/**
 * Stryker's runner for Jest, with two changes. The first run, without a mutant, takes only the spec files that import a
 * mutated file. And a mutant that survives because a spec file was left out, with which it hangs, has timed out: Stryker runs
 * it once more after the watchdog has ended the process, and a test of another file may say what is wrong.
 */
function specs(injector: Injector<PluginContext>): TestRunner {
  const options = injector.resolve(commonTokens.options) as JestOptions;
  const first = jest(injector, { ...options, jest: { ...options.jest, enableFindRelatedTests: true } });
  const others = jest(injector, { ...options, jest: { ...options.jest, enableFindRelatedTests: false } });
  return {
    capabilities: () => others.capabilities(),
    init: async () => {
      await first.init?.();
      await others.init?.();
    },
    dryRun: (run) => first.dryRun(run),
    mutantRun: async (run) => {
      const result = await others.mutantRun(run);
      const isHung = result.status === MutantRunStatus.Survived && hangsOf(run.activeMutant.id).length > 0;
      return isHung ? { status: MutantRunStatus.Timeout } : result;
    },
  };
}
specs.inject = tokens(commonTokens.injector);

function jest(injector: Injector<PluginContext>, options: StrykerOptions): TestRunner {
  const [{ factory }] = jestPlugins;
  return injector.provideValue(commonTokens.options, options).injectFunction(factory);
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'specs', specs)];
