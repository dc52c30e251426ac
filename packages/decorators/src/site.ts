import { callSite } from '@switchgear/core/kit';

/**
 * The line of code that applies a decorator, as `file:line:column`. It distinguishes methods of the same name, and is the
 * same in all threads that run the same files.
 *
 * @param decorate the decorator, called by this line
 */
export function siteOf(decorate: object): string {
  return callSite(decorate, isHelper);
}

/** The lines that made and applied a decorator, as one text, in which a file is named once. */
export function bothSites(making: string, application: string): string {
  const [file] = /^.*(?=:\d+:\d+$)/.exec(making) ?? [];
  const isSameFile = file !== undefined && application.startsWith(`${file}:`);
  return `${making} at ${isSameFile ? application.slice(file.length) : application}`;
}

/** Whether a line of the stack is a helper of the compiler, which calls the decorator for the class. */
function isHelper(line: string): boolean {
  const [, name = ''] = /^\s*at (?:async )?(.*) \(/.exec(line) ?? [];
  return HELPER_NAMES.test(name) || HELPER_FILES.test(line);
}

const HELPER_NAMES = /decorat|apply_?(member)?_?dec|memberDec/i;
const HELPER_FILES =
  /[\\/]node_modules[\\/](tslib|reflect-metadata|@swc[\\/]helpers|@babel[\\/]runtime)[\\/]/;
