import { callerFrame } from '@switchgear/core/kit';
import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where a mark stands. */
export interface MarkSite {
  /** The URL of the module of what is marked. */
  readonly module: string;
  /** Whether the module was loaded with `require`. */
  readonly isRequired: boolean;
  /** Line and column of the mark, or its name. Two marks of one module have different places. */
  readonly place: string;
  /** The place for messages, such as `@Parallel at clients.ts:12`. */
  readonly text: string;
  /** The kinds of the policies that wrap the marked function, the innermost first. */
  readonly wrappedBy: readonly string[];
}

/**
 * The site of the mark whose code calls `callee`.
 *
 * @param callee the function whose caller is asked for; it must be on the stack
 * @param subject the mark, for messages
 * @param module the URL of the module, if the mark gives it
 * @param name the name that the mark gives
 * @returns undefined for code that has no file, if the mark does not give the module
 */
export function siteOf(
  callee: (...args: never[]) => unknown,
  subject: string,
  module: string | undefined,
  name: string | undefined,
): MarkSite | undefined {
  const frame = callerFrame(callee);
  const file = frame === undefined ? undefined : urlOf(frame.file);
  const url = module ?? file;
  if (url === undefined) return undefined;
  const position = frame === undefined ? '' : `${frame.line}:${frame.column}`;
  const inFile = file === url ? position : `${file}:${position}`;
  return {
    module: url,
    isRequired: isModuleRequired(url),
    place: name === undefined ? inFile : `name ${name}`,
    text: `${subject} at ${baseName(file ?? url)}${frame === undefined ? '' : `:${frame.line}`}`,
    wrappedBy: [],
  };
}

/** The site of a wrapper that a policy has put around a marked function. */
export function siteInside(site: MarkSite, kind: string): MarkSite {
  return { ...site, place: `${site.place} in ${kind}`, wrappedBy: [...site.wrappedBy, kind] };
}

/** The URL of a module. Node names an ES module by its URL, and a CommonJS module by its path. */
export function urlOf(module: string): string {
  return isAbsolute(module) ? pathToFileURL(module).href : module;
}

/** The last part of a module's URL. */
export function baseName(module: string): string {
  return decodeURI(module)
    .replace(/[?#].*$/, '')
    .replace(/^.*\//, '');
}

/** Whether this thread has loaded a module with `require`. It has it in the cache of `require` then, also while it is loading it. */
export function isModuleRequired(module: string): boolean {
  try {
    const path = fileURLToPath(module);
    return createRequire(path).cache[path] !== undefined;
  } catch {
    // It is no file.
    return false;
  }
}
