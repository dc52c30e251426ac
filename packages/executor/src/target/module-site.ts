import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL of the module whose code calls `callee`.
 *
 * @param callee the function whose caller is asked for; it must be on the stack
 * @returns undefined for code that has no file
 */
export function moduleOf(callee: (...args: never[]) => unknown): string | undefined {
  const { stackTraceLimit } = Error;
  const prepareStackTrace: unknown = Reflect.get(Error, 'prepareStackTrace');
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = 1;
    // Call sites, not text: text may be mapped to sources that do not run.
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(holder, callee);
    const site = (holder.stack as readonly NodeJS.CallSite[]).at(0);
    const name = site?.getFileName();
    return name ? urlOf(name) : undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Reflect.set(Error, 'prepareStackTrace', prepareStackTrace);
  }
}

/** The URL of a module. Node names an ES module by its URL, and a CommonJS module by its path. */
export function urlOf(module: string): string {
  return isAbsolute(module) ? pathToFileURL(module).href : module;
}
