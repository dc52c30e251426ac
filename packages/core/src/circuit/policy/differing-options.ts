import { differences, type Identified } from '../../panel/fingerprint.js';

/** The options of settings that have another name. */
const OPTIONS: Readonly<Record<string, string>> = {
  resetTimeouts: 'resetTimeout',
  permits: 'halfOpen.permits',
  permitTimeout: 'halfOpen.permitTimeout',
};

/** The names of the options in which two policies of a circuit differ. */
export function differingOptions(one: Identified, other: Identified): readonly string[] {
  return differences(one, other).map((name) => OPTIONS[name] ?? name);
}
