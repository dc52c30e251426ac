import { isObject, originalOf } from '@switchgear/core/kit';

/** The kinds of members that the decorators do not decorate. */
type OtherMember = 'a class' | 'a field' | 'a getter' | 'a setter' | 'an accessor' | 'a parameter';

/** The error for a decorator that is not on a method. TypeScript reports it as well; this is for JavaScript. */
export function misplaced(decorator: string, member: OtherMember, name: unknown): TypeError {
  const what = name === undefined ? member : `${member}, ${showMember(name)}`;
  const functionForm = decorator.replace('@', 'with');
  const wrap =
    member === 'a field' ? `, or wrap the function that the field holds: ${functionForm}(policy)(fn)` : '';
  return new TypeError(`${decorator} decorates methods, not ${what}. ${ADVICE[member]}${wrap}.`);
}

const ADVICE: Readonly<Record<OtherMember, string>> = {
  'a class': 'Put it on each of its methods',
  'a field': 'Make it a method',
  'a getter': 'Make it a method',
  'a setter': 'Make it a method',
  'an accessor': 'Make it a method',
  'a parameter': 'Put it on the method',
};

/** Whether a decorator's factory was called as the decorator itself: the user wrote `@Retry` for `@Retry()`. */
export function isBare(args: readonly unknown[]): boolean {
  const [first, second] = args;
  return typeof second === 'string' || typeof second === 'symbol' || isContext(second) || isClass(first);
}

/** A legacy decorator of a class has the class as its only argument. */
function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** Whether a value is a decorator context, the second argument of standard decorators. Legacy decorators have none. */
export function isContext(value: unknown): value is DecoratorContext {
  return isObject(value) && 'kind' in value && 'name' in value;
}

/** Whether a method is a sync generator, whatever policies are around it. Its reader cannot wait. */
export function isSyncStream(method: object): boolean {
  return Object.prototype.toString.call(originalOf(method)) === '[object GeneratorFunction]';
}

/**
 * The error for a generator that a decorator does not take.
 *
 * @param what what the decorator cannot do, such as `retry a stream`
 * @param advice what to do instead
 */
export function stream(decorator: string, what: string, name: unknown, advice: string): TypeError {
  return new TypeError(`${decorator} cannot ${what}, which ${showMember(name)} returns; ${advice}`);
}

/**
 * The error for a decorator that was written without parentheses.
 *
 * @param args the arguments to write, as code
 */
export function bare(decorator: string, args = ''): TypeError {
  return new TypeError(`${decorator} needs parentheses: write ${decorator}(${args})`);
}

/** The name of a member, for messages. */
export function showMember(name: unknown): string {
  return typeof name === 'symbol' ? String(name) : `"${String(name)}"`;
}
