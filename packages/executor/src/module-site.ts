/**
 * The module whose code calls `callee`, as Node names it: a file URL in ES modules, a path in CommonJS.
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
    // The sites as they are: as text, they may have been mapped to sources that do not run.
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(holder, callee);
    const site = (holder.stack as readonly NodeJS.CallSite[]).at(0);
    return site?.getFileName() ?? undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Reflect.set(Error, 'prepareStackTrace', prepareStackTrace);
  }
}
