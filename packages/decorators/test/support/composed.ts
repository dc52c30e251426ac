/** A decorator of methods, of which nothing is known but that either mode may call it. */
export type AnyDecorator = (...args: readonly unknown[]) => unknown;

/** What a user writes to put several decorators on one line; the first is the outermost. Good for either mode. */
export function composed(...decorators: readonly unknown[]): (...args: readonly unknown[]) => void {
  const all = decorators as readonly AnyDecorator[];
  const compose: AnyDecorator = (target, context, descriptor) =>
    descriptor === undefined
      ? all.reduceRight((value, one) => one(value, context) ?? value, target)
      : all.reduceRight((value, one) => one(target, context, value) ?? value, descriptor);
  return compose;
}
