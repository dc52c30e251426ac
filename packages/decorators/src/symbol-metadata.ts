// Compilers of standard decorators put a class's metadata under this symbol, which no Node has yet. It has to be there
// before the first decorated class is evaluated, so the module that makes the decorators imports this one.
const { metadata } = Symbol as { readonly metadata?: symbol };
if (metadata === undefined) {
  Object.defineProperty(Symbol, 'metadata', {
    value: Symbol.for('Symbol.metadata'),
    // Another polyfill that comes later may want to write here.
    writable: true,
    configurable: true,
  });
}
