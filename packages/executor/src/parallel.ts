import { OptionReader } from '@switchgear/core/kit';
import { isAbsolute } from 'node:path';
import { TargetError } from './errors.js';
import type { Class } from './protocol/address.js';
import { moduleOf, urlOf } from './target/module-site.js';
import { isClass, PARALLEL_MARK, type MarkedMethod, type ParallelOptions } from './target/parallel-mark.js';
import { alias, register } from './target/registrations.js';

export interface ParallelDecorator<T> {
  (target: abstract new (...args: never[]) => T, context?: ClassDecoratorContext): void;
  (method: (...args: never[]) => unknown, context: ClassMethodDecoratorContext): void;
  (target: object, key: string | symbol, descriptor: PropertyDescriptor): void;
}

/**
 * Lets executors run the methods of a class in worker threads. The class need not be exported. `@Parallel` finds out its module.
 *
 * On a method, it gives that method options of its own. If only methods of a class are marked, its module has to export the class.
 *
 * @throws TargetError if the module cannot be found out, or on anything but a class or a method; PolicyError for invalid options
 * @example
 * @Parallel()
 * export class Thumbnails {
 *   async make(path: string): Promise<Uint8Array> { … }
 * }
 */
export function Parallel<T = unknown>(options: ParallelOptions<T> = {}): ParallelDecorator<T> {
  const module = readModule(options) ?? moduleOf(Parallel);
  return function decorate(target: unknown, context?: unknown, descriptor?: PropertyDescriptor): void {
    if (module === undefined) {
      throw new TargetError(
        '@Parallel cannot tell which module this is. Write @Parallel({ module: import.meta.url })',
      );
    }
    const kind =
      typeof context === 'object' && context !== null ? (context as DecoratorContext).kind : undefined;
    const method: unknown = kind === 'method' ? target : descriptor?.value;
    if (kind === 'class' || (kind === undefined && context === undefined && isClass(target))) {
      const { name } = (context ?? target) as { readonly name?: string };
      const address = register(target as Class, name ?? '', module, options);
      if (kind !== 'class') return;
      // Another decorator of the class may replace it.
      (context as ClassDecoratorContext).addInitializer(function (this: unknown) {
        alias(this as Class, { address, options });
      });
    } else if (typeof method === 'function') {
      Object.defineProperty(method, PARALLEL_MARK, {
        value: { module, options } satisfies MarkedMethod,
        configurable: true,
      });
    } else {
      throw new TargetError('@Parallel marks classes and methods. Put it on the class');
    }
  } as ParallelDecorator<T>;
}

/** @throws PolicyError for invalid options */
function readModule(options: ParallelOptions): string | undefined {
  const read = new OptionReader<ParallelOptions>('@Parallel()', options);
  read.boolean('cpu');
  read.callback('create');
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
