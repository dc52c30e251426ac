/**
 * The line of code that called `callee`, as `file:line:column`.
 *
 * @param callee the function or class whose caller is asked for; it must be on the stack
 * @param isPassed whether a line of the stack is passed over, up to twenty of them; default none. If all are, the first counts
 */
export function callSite(callee: object, isPassed?: (line: string) => boolean): string {
  const { stackTraceLimit } = Error;
  const site: { stack?: string } = {};
  try {
    Error.stackTraceLimit = isPassed === undefined ? 1 : MOST_LINES;
    Error.captureStackTrace(site, callee as () => void);
  } catch {
    // Frozen intrinsics: then the whole stack is taken, and its first line is the one.
    Error.captureStackTrace(site, callee as () => void);
  } finally {
    restore(stackTraceLimit);
  }
  const lines = site.stack?.split('\n').slice(1) ?? [];
  const line = lines.find((one) => isPassed?.(one) !== true) ?? lines.at(0) ?? '';
  const place = / \((.*:\d+:\d+)\)$/.exec(line)?.[1] ?? line.trim().replace(/^at (async )?/, '');
  return shared(place === '' ? 'unknown' : place.replace(/^file:\/\//, ''));
}

const MOST_LINES = 20;

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
