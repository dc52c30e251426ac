// Defines Symbol.metadata where Node has none. Compilers of standard decorators store the metadata of a class under this
// symbol. It must exist before the first decorated class is evaluated, so the modules of the decorators import this one.
const { metadata } = Symbol as { readonly metadata?: symbol };
if (metadata === undefined) {
  Object.defineProperty(Symbol, 'metadata', {
    value: Symbol.for('Symbol.metadata'),
    // Another polyfill may define it again later.
    writable: true,
    configurable: true,
  });
}
