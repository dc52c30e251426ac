/* eslint-disable @typescript-eslint/no-explicit-any -- a method of any kind: inference needs it, and nobody sees it */
export type AnyMethod = (this: any, ...args: any[]) => any;
export type AsyncMethod = (this: any, ...args: any[]) => PromiseLike<any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A decorator of methods in either mode: the number of arguments tells which. */
export interface MethodDecorator<C, P, F extends AnyMethod> {
  (value: AnyMethod, context: ClassMethodDecoratorContext<C, F>): void;
  (target: P, key: string | symbol, descriptor: { value?: F | undefined }): void;
}

/** The `this` of the decorated method: standard mode infers one, legacy mode the other. */
export type Owner<C, P> = unknown extends C ? P : C;
