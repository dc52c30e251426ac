/** What a decorator was put on, if that is nothing it can decorate. */
type Place = 'a class' | 'a field' | 'a getter' | 'a setter' | 'an accessor' | 'a parameter';

/** A decorator where it cannot work. TypeScript says so too; this is for JavaScript. */
export function misplaced(decorator: string, place: Place, name: unknown): TypeError {
  const who = name === undefined ? place : `${place}, ${describe(name)}`;
  const functionForm = decorator.replace('@', 'with');
  const wrap =
    place === 'a field' ? `, or wrap the function that the field holds: ${functionForm}(policy)(fn)` : '';
  return new TypeError(`${decorator} decorates methods, not ${who}. ${ADVICE[place]}${wrap}.`);
}

const ADVICE: Readonly<Record<Place, string>> = {
  'a class': 'Put it on each of its methods',
  'a field': 'Make it a method',
  'a getter': 'Make it a method',
  'a setter': 'Make it a method',
  'an accessor': 'Make it a method',
  'a parameter': 'Put it on the method',
};

/** Whether a decorator's factory was given what only the decorator itself is: `@Retry` was written for `@Retry()`. */
export function isBare(args: readonly unknown[]): boolean {
  const [first, second] = args;
  return typeof second === 'string' || typeof second === 'symbol' || isContext(second) || isClass(first);
}

/** In legacy mode a class is all that a decorator of classes is given. */
function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** What standard decorators have as their second argument, and legacy ones have not. */
export function isContext(value: unknown): value is DecoratorContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'name' in value;
}

/** A method whose result comes bit by bit, which nothing can be made of again that has been read. */
export function stream(decorator: string, name: unknown): TypeError {
  return new TypeError(
    `${decorator} cannot retry a stream, which ${describe(name)} returns; retry what makes it`,
  );
}

/** By its tag: a method may come from another realm. */
export function isGenerator(fn: object): boolean {
  return /^\[object (Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(fn));
}

export function bare(decorator: string): TypeError {
  return new TypeError(`${decorator} needs parentheses: write ${decorator}()`);
}

/** What came instead of what was expected, in a word or two. */
export function received(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_CHARACTERS));
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null;
  const constructor = prototype?.constructor;
  const name = typeof constructor === 'function' ? constructor.name : '';
  return name === '' || name === 'Object' ? 'an object' : `an instance of ${name}`;
}

/** Of a text that is nothing but wrong. */
const MAX_CHARACTERS = 60;

export function describe(name: unknown): string {
  return typeof name === 'symbol' ? String(name) : `"${String(name)}"`;
}
