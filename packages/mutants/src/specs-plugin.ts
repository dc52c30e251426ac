import type { StrykerOptions } from '@stryker-mutator/api/core';
import { PluginKind, commonTokens, declareFactoryPlugin, tokens } from '@stryker-mutator/api/plugin';
import type { Injector, PluginContext } from '@stryker-mutator/api/plugin';
import { MutantRunStatus } from '@stryker-mutator/api/test-runner';
import type { TestRunner } from '@stryker-mutator/api/test-runner';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';
import { hangs } from './spec-log.js';

interface JestOptions extends StrykerOptions {
  readonly jest: object;
}

/**
 * Stryker's runner for Jest, with two changes. The first run, without a mutant, takes only the spec files that import a
 * mutated file. And a mutant on which the watchdog has ended a process is not run a second time.
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
    mutantRun: async (run) =>
      hangs(run.activeMutant.id) ? { status: MutantRunStatus.Timeout } : others.mutantRun(run),
  };
}
specs.inject = tokens(commonTokens.injector);

function jest(injector: Injector<PluginContext>, options: StrykerOptions): TestRunner {
  const [{ factory }] = jestPlugins;
  return injector.provideValue(commonTokens.options, options).injectFunction(factory);
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'specs', specs)];
