import { OptionReader } from '@switchgear/core/kit';
import { isAbsolute } from 'node:path';
import { TargetError } from './errors.js';
import type { Class } from './protocol/address.js';
import { type MarkSite, siteOf, urlOf } from './target/mark-site.js';
import {
  isClass,
  PARALLEL_MARK,
  type MarkedMethod,
  type ParallelFunctionOptions,
  type ParallelOptions,
} from './target/parallel-mark.js';
import { registerFunction, type Self } from './target/register-function.js';
import { register, registrationOf, replace } from './target/registrations.js';

export interface ParallelDecorator<T> {
  (target: abstract new (...args: never[]) => T, context?: ClassDecoratorContext): void;
  (method: (...args: never[]) => unknown, context: ClassMethodDecoratorContext): void;
  (target: object, key: string | symbol, descriptor: PropertyDescriptor): void;
}

/**
 * Lets executors run the methods of a class in worker threads. The class need not be exported. `@Parallel` finds out its module.
 *
 * On a method, it gives that method options of its own. If only methods of a class are marked, its module has to export the class; a static
 * method with a mark of its own is found without that.
 *
 * @throws TargetError if the module cannot be found out, or on anything but a class or a method; PolicyError for invalid options
 * @example
 * @Parallel()
 * export class Thumbnails {
 *   async make(path: string): Promise<Uint8Array> { … }
 * }
 */
export function Parallel<T = unknown>(options: ParallelOptions<T> = {}): ParallelDecorator<T> {
  const module = readModule('@Parallel()', options);
  const site = siteOf(Parallel, '@Parallel', module, options.name);
  return function decorate(target: unknown, context?: unknown, descriptor?: PropertyDescriptor): void {
    if (site === undefined) throw new TargetError(noModule('@Parallel({ module: import.meta.url })'));
    if (isDecoratorContext(context)) decorateStandard(target, context, site, options);
    else if (typeof descriptor?.value === 'function') {
      const self = typeof target === 'function' ? { current: target } : undefined;
      markMethod(descriptor.value as Method, String(context), site, options, self);
    } else if (context === undefined && isClass(target)) registerClass(target, target.name, site, options);
    else throw new TargetError('@Parallel marks classes and methods. Put it on the class');
  } as ParallelDecorator<T>;
}

/**
 * Lets executors run a function of a module in worker threads: `executor.map(lookup, items)`. Returns the same function.
 *
 * Workers load the module and find the function there, exported or not; so the mark has to run when the module is loaded. Policies may stand
 * inside of the mark or around it.
 *
 * @param fn the function; written as `async function lookup(…) { … }` it has a name for messages
 * @throws TargetError if the module cannot be found out, or for anything but a function; PolicyError for invalid options
 * @example
 * export const lookup = parallel(async function lookup(address: string) { … });
 * const points = await executor.map(lookup, addresses);
 */
export function parallel<F extends (...args: never[]) => unknown>(
  fn: F,
  options: ParallelFunctionOptions = {},
): F {
  const module = readModule('parallel()', options);
  const site = siteOf(parallel, 'parallel', module, options.name);
  if (typeof fn !== 'function') throw new TargetError(`parallel marks functions, and received ${typeof fn}`);
  if (site === undefined) throw new TargetError(noModule('parallel(…, { module: import.meta.url })'));
  registerFunction(fn, fn.name, site, options);
  return fn;
}

type Method = (...args: never[]) => unknown;

function isDecoratorContext(context: unknown): context is DecoratorContext {
  return typeof context === 'object' && context !== null;
}

function decorateStandard(
  target: unknown,
  context: DecoratorContext,
  site: MarkSite,
  options: ParallelOptions,
): void {
  if (context.kind === 'class') {
    registerClass(target as Class, context.name ?? '', site, options);
    // Another decorator of the class may replace it.
    context.addInitializer(function (this: unknown) {
      const registration = registrationOf(target as Class);
      if (this !== target && registration !== undefined) replace(registration, this as Class);
    });
  } else if (context.kind === 'method') {
    const self: Self | undefined = context.static ? { current: undefined } : undefined;
    if (self !== undefined)
      context.addInitializer(function (this: unknown) {
        self.current = this;
      });
    markMethod(target as Method, String(context.name), site, options, self);
  } else throw new TargetError('@Parallel marks classes and methods. Put it on the class');
}

function registerClass(owner: Class, name: string, site: MarkSite, options: ParallelOptions): void {
  register({ kind: 'class', site, name, options, written: owner, owner });
}

/** @param self the class of a static method; undefined for a method of instances */
function markMethod(
  method: Method,
  name: string,
  site: MarkSite,
  options: ParallelOptions,
  self: Self | undefined,
): void {
  Object.defineProperty(method, PARALLEL_MARK, {
    value: { site, options } satisfies MarkedMethod,
    configurable: true,
  });
  if (self !== undefined) registerFunction(method, name, site, options, self);
}

function noModule(cure: string): string {
  return `${cure.split('(')[0]} cannot tell which module this is. Write ${cure}`;
}

/** @throws PolicyError for invalid options */
function readModule(subject: string, options: ParallelOptions): string | undefined {
  const read = new OptionReader<ParallelOptions>(subject, options);
  read.boolean('cpu');
  read.text('name');
  if (subject === '@Parallel()') read.callback('create');
  read.callback('transfer');
  const module: unknown = read.raw('module');
  const text = module instanceof URL ? module.href : module;
  const isPlace = typeof text === 'string' && (URL.canParse(text) || isAbsolute(text));
  if (text !== undefined && !isPlace) {
    read.fault('module', 'a file URL or an absolute path, such as import.meta.url');
  }
  read.finish();
  return text === undefined ? undefined : urlOf(text as string);
}
