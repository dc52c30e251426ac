/**
 * The line of code that called `callee`, as `file:line:column`: that of the file which runs, whatever source maps say, so that
 * all threads say the same.
 *
 * @param callee the function or class whose caller is asked for; it must be on the stack
 * @param isPassed whether a line of the stack is passed over, up to twenty of them; default none. If all are, the first counts
 */
export function callSite(callee: object, isPassed?: (line: string) => boolean): string {
  const lines = stackOf(callee as () => void, isPassed === undefined ? 1 : MAX_LINES);
  const line = lines.find((one) => isPassed?.(one) !== true) ?? lines.at(0) ?? '';
  const place = / \((.*:\d+:\d+)\)$/.exec(line)?.[1] ?? line.trim().replace(/^(at )?(async )?/, '');
  return shared(place === '' ? 'unknown' : place.replace(/^file:\/\//, ''));
}

const MAX_LINES = 20;

/** The lines of the stack, without those of hooks: a test runner's, a source map's. */
function stackOf(callee: () => void, limit: number): readonly string[] {
  const { stackTraceLimit } = Error;
  const prepareStackTrace: unknown = Reflect.get(Error, 'prepareStackTrace');
  // Frozen intrinsics take neither; then the whole stack is taken as it is, with its header.
  const isOurs = Reflect.set(Error, 'prepareStackTrace', (_: unknown, sites: readonly unknown[]) =>
    sites.map(String),
  );
  Reflect.set(Error, 'stackTraceLimit', limit);
  const holder: { stack?: unknown } = {};
  try {
    Error.captureStackTrace(holder, callee);
    const { stack } = holder;
    if (Array.isArray(stack)) return stack as readonly string[];
    return typeof stack === 'string' ? stack.split('\n').slice(1) : [];
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
    if (isOurs) Reflect.set(Error, 'prepareStackTrace', prepareStackTrace);
  }
}

const MAX_SHARED = 1_000;
const sites = new Map<string, string>();

/** Ten thousand circuits that are declared by one line of code keep one copy of where that is. */
function shared(site: string): string {
  const known = sites.get(site);
  if (known !== undefined) return known;
  if (sites.size === MAX_SHARED) sites.clear();
  sites.set(site, site);
  return site;
}
