import { callerFrame } from '@switchgear/core/kit';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL of the module whose code calls `callee`.
 *
 * @param callee the function whose caller is asked for; it must be on the stack
 * @returns undefined for code that has no file
 */
export function moduleOf(callee: (...args: never[]) => unknown): string | undefined {
  const frame = callerFrame(callee);
  return frame === undefined ? undefined : urlOf(frame.file);
}

/** The URL of a module. Node names an ES module by its URL, and a CommonJS module by its path. */
export function urlOf(module: string): string {
  return isAbsolute(module) ? pathToFileURL(module).href : module;
}
