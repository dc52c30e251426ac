/** A place in the code that runs, whatever source maps say, so that all threads name it alike. */
export interface Frame {
  /** A path, or the URL of an ES module. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The place in code that called `callee`.
 *
 * @param callee the function or class whose caller is asked for; it must be on the stack
 * @returns undefined for native code, and for code that was evaluated and so has no file
 */
export function callerFrame(callee: object): Frame | undefined {
  return frameOf(placeOf(callerLine(callee)));
}

/**
 * The place in code that called `callee`, as `file:line:column`; `'unknown'` where the stack does not say.
 *
 * @param callee the function or class whose caller is asked for; it must be on the stack
 * @param isPassed whether to pass over a line of the stack, for up to 20 lines; default none. If `isPassed` accepts all
 * of them, the first line counts
 */
export function callSite(callee: object, isPassed?: (line: string) => boolean): string {
  const place = placeOf(callerLine(callee, isPassed));
  const frame = frameOf(place);
  return shared(frame === undefined ? place || 'unknown' : `${pathOf(frame)}:${frame.line}:${frame.column}`);
}

const MAX_LINES = 20;

function callerLine(callee: object, isPassed?: (line: string) => boolean): string {
  const lines = stackOf(callee as () => void, isPassed === undefined ? 1 : MAX_LINES);
  return lines.find((line) => isPassed?.(line) !== true) ?? lines.at(0) ?? '';
}

/** A line of a stack without the name of its function. */
function placeOf(line: string): string {
  return / \((.*:\d+:\d+)\)$/.exec(line)?.[1] ?? line.trim().replace(/^(at )?(async )?/, '');
}

function frameOf(place: string): Frame | undefined {
  const match = /^(.+):(\d+):(\d+)$/.exec(place);
  if (match === null) return undefined;
  const [, file, line, column] = match;
  // Evaluated code has the line that called eval, and the position within the text.
  if (file === '<anonymous>' || file.startsWith('eval at ')) return undefined;
  return { file, line: Number(line), column: Number(column) };
}

function pathOf({ file }: Frame): string {
  return file.replace(/^file:\/\//, '');
}

/** The lines of the stack as V8 writes them, without the hooks of a test runner or a source map. */
function stackOf(callee: () => void, limit: number): readonly string[] {
  const { stackTraceLimit } = Error;
  const prepareStackTrace: unknown = Reflect.get(Error, 'prepareStackTrace');
  // Frozen intrinsics (`--frozen-intrinsics`) refuse both properties. Then the stack is a text with a header line.
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
const sharedSites = new Map<string, string>();

/** Keeps one copy of each text, so that 10,000 circuits declared by one line of code do not keep 10,000. */
function shared(site: string): string {
  const copy = sharedSites.get(site);
  if (copy !== undefined) return copy;
  if (sharedSites.size === MAX_SHARED) sharedSites.clear();
  sharedSites.set(site, site);
  return site;
}
