import { callSite } from '@switchgear/core/kit';

/**
 * The line of code at which a decorator is applied, as `file:line:column`. It tells methods of one name apart, and is the
 * same in all threads that run the same files.
 *
 * @param decorate the decorator, which is being called
 */
export function siteOf(decorate: object): string {
  return callSite(decorate, isHelper);
}

/** Where a decorator was made and where it is applied, as one text; the file but once if both are in it. */
export function bothSites(made: string, applied: string): string {
  const [file] = /^.*(?=:\d+:\d+$)/.exec(made) ?? [];
  const isSameFile = file !== undefined && applied.startsWith(`${file}:`);
  return `${made} at ${isSameFile ? applied.slice(file.length) : applied}`;
}

/** Between a decorator and the class that it decorates stands what the compiler calls it with. */
function isHelper(line: string): boolean {
  const [, name = ''] = /^\s*at (?:async )?(.*) \(/.exec(line) ?? [];
  return HELPER_NAMES.test(name) || HELPER_FILES.test(line);
}

const HELPER_NAMES = /decorat|apply_?(member)?_?dec|memberDec/i;
const HELPER_FILES =
  /[\\/]node_modules[\\/](tslib|reflect-metadata|@swc[\\/]helpers|@babel[\\/]runtime)[\\/]/;
