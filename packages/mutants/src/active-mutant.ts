import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';

/** The mutant that the specs run with now; none in the first run. */
export function activeMutant(): string | undefined {
  return process.env[INSTRUMENTER_CONSTANTS.ACTIVE_MUTANT_ENV_VARIABLE];
}
