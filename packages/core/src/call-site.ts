/**
 * The line of code that called `callee`, as `file:line:column`.
 *
 * @param callee the function or class whose caller is asked for; it must be on the stack
 */
export function callSite(callee: object): string {
  const { stackTraceLimit } = Error;
  const site: { stack?: string } = {};
  try {
    Error.stackTraceLimit = 1;
    Error.captureStackTrace(site, callee as () => void);
  } catch {
    // Frozen intrinsics: then the whole stack is taken, and its first line is the one.
    Error.captureStackTrace(site, callee as () => void);
  } finally {
    restore(stackTraceLimit);
  }
  const line = site.stack?.split('\n')[1] ?? '';
  const place = /\(([^()]*)\)$/.exec(line)?.[1] ?? line.trim().replace(/^at (async )?/, '');
  return shared(place === '' ? 'unknown' : place.replace(/^file:\/\//, ''));
}

function restore(limit: number): void {
  try {
    Error.stackTraceLimit = limit;
  } catch {
    // It was never changed.
  }
}

const MOST_SHARED = 1_000;
const sites = new Map<string, string>();

/** Ten thousand circuits that are declared by one line of code keep one copy of where that is. */
function shared(site: string): string {
  const known = sites.get(site);
  if (known !== undefined) return known;
  if (sites.size === MOST_SHARED) sites.clear();
  sites.set(site, site);
  return site;
}
