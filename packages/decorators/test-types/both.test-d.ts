import {
  CircuitBreaker as Breaker,
  type CircuitBreakerPolicy,
  type GaveUp,
  type RefusalError,
  type RetryPolicy,
} from '@switchgear/core';
import {
  type AttachedPolicy,
  CircuitBreaker,
  type CircuitBreakerDecorator,
  circuitOf,
  Circuits,
  policiesOf,
  type DecoratorMisuse,
  Retry,
  type RetryDecorator,
} from '@switchgear/decorators';
import { expectTypeOf } from 'expect-type';

interface Point {
  readonly x: number;
}
const tag = Symbol('tag');
const breaker = new Breaker({ key: 'given' });
declare const policy: CircuitBreakerPolicy;
declare const retryPolicy: RetryPolicy;

// Kept, to be used on several methods; exported ones have a name for their type.
const guarded = CircuitBreaker('geo');
const careful = CircuitBreaker({ failureThreshold: 3, isFailure: (result) => result === null });
const perDay = CircuitBreaker({ key: () => new Date().toDateString(), maxCircuits: 7 });
const retry = Retry({ maxRetries: 2 });
export const exported: CircuitBreakerDecorator = CircuitBreaker({ key: 'geo' });
export const exportedRetry: RetryDecorator = Retry({ retryIf: (outcome) => outcome.status === 'failed' });

// Methods that are right.
@Circuits({ 'geo-api': { failureThreshold: 5, resetTimeout: '30s' } })
export class Geocoder {
  static region = 'eu';
  readonly #secret = 'secret';
  readonly host: string = 'example.org';

  @Retry()
  @CircuitBreaker()
  async lookup(address: string, zoom?: number): Promise<Point> {
    return { x: address.length + (zoom ?? 0) };
  }
  @Retry(retryPolicy)
  @CircuitBreaker(policy)
  async reverse(point: Point) {
    return point.x;
  }
  @CircuitBreaker(breaker)
  area(...points: Point[]): number {
    return points.length;
  }
  @guarded
  @careful
  @perDay
  @exported
  nothing(): void {}
  @retry
  @exportedRetry
  @guarded
  @careful
  query(table: string): PromiseLike<Point> {
    return Promise.resolve({ x: table.length });
  }
  @guarded
  @retry
  static async count(n: number): Promise<number> {
    return n;
  }
  @guarded
  @retry
  async [tag](n: number): Promise<number> {
    return n;
  }
  @guarded
  @retry
  async first<T>(items: readonly T[]): Promise<T | undefined> {
    return items[0];
  }
  @retry
  @guarded
  async bound(this: Geocoder, n: number): Promise<number> {
    return n + this.host.length;
  }
  @careful
  async *stream(n: number): AsyncGenerator<number> {
    yield n;
  }
  @guarded
  *numbers(): Generator<number> {
    yield 1;
  }
  parse(text: string): Promise<number>;
  parse(text: string, radix: number): Promise<bigint>;
  @retry
  @guarded
  @Retry()
  @CircuitBreaker({ key: (text) => text })
  async parse(text: string, radix?: number): Promise<number | bigint> {
    return radix ?? text.length;
  }
  @retry
  @CircuitBreaker({ key: (n) => n.toFixed() })
  private async hidden(n: number): Promise<number> {
    return n;
  }
  @retry
  @guarded
  protected async inherited(n: number): Promise<number> {
    return n;
  }
  @retry
  async whatever(...args: any[]): Promise<any> {
    return args;
  }

  // The key's `this` and parameters.
  @CircuitBreaker({
    key(address, zoom) {
      expectTypeOf(this).toEqualTypeOf<Geocoder>();
      expectTypeOf(address).toEqualTypeOf<string>();
      expectTypeOf(zoom).toEqualTypeOf<number | undefined>();
      return this.host + this.#secret;
    },
    maxCircuits: 100,
  })
  async keyed(address: string, zoom?: number): Promise<string> {
    return `${address} ${zoom ?? 0}`;
  }
  @CircuitBreaker({
    key(n) {
      expectTypeOf(this).toEqualTypeOf<typeof Geocoder>();
      return this.region + n.toFixed();
    },
  })
  static keyedStatic(n: number): number {
    return n;
  }
  @CircuitBreaker({ ...policy, key: (...args) => args.join() })
  keyedByAll(...words: string[]): string {
    return words.join();
  }
  @CircuitBreaker({ key: (id: string) => id, isFailure: (result) => expectTypeOf(result).toBeUnknown() })
  async keyedGeneric<T>(id: string, fallback: T): Promise<T> {
    return id === '' ? fallback : fallback;
  }
  @CircuitBreaker({ key: (id) => id })
  keyedUnannotated(id: string) {
    return this.keyedByAll(id);
  }
  @CircuitBreaker({
    key(this: { readonly host: string }) {
      return this.host;
    },
  })
  async keyedByPart(id: string): Promise<string> {
    return id;
  }

  // The result.
  @CircuitBreaker({ isFailure: (result) => expectTypeOf(result).toEqualTypeOf<Point>() })
  async judged(): Promise<Point> {
    return { x: 1 };
  }
  @CircuitBreaker({ isFailure: (result) => expectTypeOf(result).toEqualTypeOf<number>() })
  judgedAtOnce(n: number): number {
    return n;
  }
  @CircuitBreaker({ isFailure: (result) => expectTypeOf(result).toBeUnknown() })
  async *judgedStream(): AsyncIterable<Point> {
    yield { x: 1 };
  }
  @CircuitBreaker({ key: 'geo', isFailure: (result: unknown) => result === undefined })
  async judgedLoosely(): Promise<Point> {
    return { x: 1 };
  }
  @Retry({
    retryIf(outcome, attempt) {
      expectTypeOf(attempt).toEqualTypeOf<number>();
      if (outcome.status === 'failed') return expectTypeOf(outcome.error).toBeUnknown();
      return expectTypeOf(outcome.value).toEqualTypeOf<Point>();
    },
    onRetry({ outcome, attempt, delay, retriesLeft }) {
      expectTypeOf([attempt, delay, retriesLeft]).toEqualTypeOf<number[]>();
      if (outcome.status === 'succeeded') expectTypeOf(outcome.value).toEqualTypeOf<Point>();
      if (outcome.status === 'refused') expectTypeOf(outcome.error).toEqualTypeOf<RefusalError>();
    },
    onGiveUp({ outcome, gaveUp }) {
      expectTypeOf(gaveUp).toEqualTypeOf<GaveUp>();
      if (outcome.status === 'succeeded') expectTypeOf(outcome.value).toEqualTypeOf<Point>();
    },
    delays(retry, outcome) {
      if (outcome.status === 'succeeded') expectTypeOf(outcome.value).toEqualTypeOf<Point>();
      return retry;
    },
  })
  async judgedRetry(): Promise<Point> {
    return { x: 1 };
  }

  itself() {
    void [policiesOf(this, 'lookup'), circuitOf(this, 'keyed', 'here')];
    void [policiesOf(this.hidden), circuitOf(this.hidden), circuitOf(this, this.hidden, 1)];
    void policiesOf(this.constructor, 'count');
  }
}

// Types that are hard to infer from.
export class Exotic<T extends object> {
  readonly name: string = 'exotic';

  @CircuitBreaker({ key: (item) => item.id, isFailure: (result) => result.length === 0 })
  async parametrized(item: { id: string; value: T }): Promise<T[]> {
    return [item.value];
  }
  @retry
  @Retry()
  @guarded
  @CircuitBreaker({ key: (object, field) => `${typeof object} ${String(field)}` })
  async pick<O, K extends keyof O>(object: O, field: K): Promise<O[K]> {
    return object[field];
  }
  @retry
  @Retry()
  @guarded
  @CircuitBreaker({ key: (...args) => args.length.toFixed() })
  async variadic<A extends unknown[]>(...args: A): Promise<A> {
    return args;
  }
  @guarded
  @CircuitBreaker({
    key() {
      return this.name;
    },
    isFailure: (result) => result.name === '',
  })
  chain(): this {
    return this;
  }
  @guarded
  @CircuitBreaker({ key: (value) => String(value) })
  isText(value: unknown): value is string {
    return typeof value === 'string';
  }
  @guarded
  @CircuitBreaker({ key: (value) => String(value) })
  mustBeText(value: unknown): asserts value is string {
    if (typeof value !== 'string') throw new TypeError();
  }
  @retry
  @Retry()
  @guarded
  @CircuitBreaker({ key: ([first], { second }) => first + second })
  async destructured([first]: readonly [string, T], { second }: { second: string }) {
    return first + second;
  }
  @retry
  @Retry()
  @guarded
  @CircuitBreaker({ key: () => 'never' })
  async fails(): Promise<never> {
    throw new Error();
  }
  @guarded
  @CircuitBreaker({ key: (value) => value.id, isFailure: (result) => result.id === '' })
  loose(value: any): any {
    return value;
  }
  @guarded
  @CircuitBreaker({ key: (id) => id })
  'with a quoted name'(id: string) {
    return id;
  }
  @guarded
  @CircuitBreaker({ key: () => 'seven' })
  7(id: string) {
    return id;
  }
}
export function mixin<B extends abstract new (...args: any[]) => { readonly host: string }>(Base: B) {
  @Circuits({})
  abstract class Mixed extends Base {
    @retry
    @guarded
    @CircuitBreaker({
      key(id) {
        return this.host + id;
      },
    })
    async ask(id: string) {
      return id;
    }
  }
  return Mixed;
}

@Circuits({})
export abstract class Repository<T extends object> {
  abstract readonly name: string;
  @retry
  @CircuitBreaker({
    key(id) {
      expectTypeOf(this).toEqualTypeOf<Repository<T>>();
      return this.name + id;
    },
    isFailure: (result) => {
      const found: Awaited<T> | undefined = result;
      return found === undefined;
    },
  })
  async find(id: string): Promise<T | undefined> {
    return id === '' ? undefined : this.load();
  }
  @guarded
  protected abstracted(): this {
    return this;
  }
  protected abstract load(): Promise<T>;
}

@Circuits({ 'geo-api': {} })
export class Singleton {
  static readonly instance: Singleton = new Singleton();
  private constructor() {}
  @guarded
  @retry
  async ask(): Promise<number> {
    return 1;
  }
}

export class Precise extends Geocoder {
  @Retry()
  @guarded
  override async lookup(address: string): Promise<Point> {
    return super.lookup(address, 20);
  }
}

// The methods are as they were.
declare const geocoder: Geocoder;
expectTypeOf(geocoder.lookup).toEqualTypeOf<(address: string, zoom?: number) => Promise<Point>>();
expectTypeOf(geocoder.reverse).toEqualTypeOf<(point: Point) => Promise<number>>();
expectTypeOf(geocoder.first(['a'])).toEqualTypeOf<Promise<string | undefined>>();
expectTypeOf(geocoder.parse('7')).toEqualTypeOf<Promise<number>>();
expectTypeOf(geocoder.parse('7', 2)).toEqualTypeOf<Promise<bigint>>();
expectTypeOf(geocoder.bound).thisParameter.toEqualTypeOf<Geocoder>();
expectTypeOf(geocoder[tag]).toEqualTypeOf<(n: number) => Promise<number>>();
expectTypeOf(geocoder.stream(1)).toEqualTypeOf<AsyncGenerator<number>>();
expectTypeOf(Geocoder.keyedStatic).toEqualTypeOf<(n: number) => number>();

// Kept decorators.
expectTypeOf(guarded).toEqualTypeOf<CircuitBreakerDecorator>();
expectTypeOf(careful).toEqualTypeOf<CircuitBreakerDecorator>();
expectTypeOf(perDay).toEqualTypeOf<CircuitBreakerDecorator>();
expectTypeOf(retry).toEqualTypeOf<RetryDecorator>();

// What a method carries.
expectTypeOf(policiesOf(Geocoder, 'lookup')).toEqualTypeOf<readonly AttachedPolicy[]>();
expectTypeOf(circuitOf(Geocoder, 'lookup')).toEqualTypeOf<Breaker | undefined>();
policiesOf(Geocoder, 'count');
policiesOf(Geocoder, tag);
policiesOf(Geocoder.prototype, 'lookup');
policiesOf(geocoder, 'lookup');
policiesOf(geocoder, tag);
policiesOf(geocoder.lookup);
policiesOf(geocoder, geocoder.lookup);
policiesOf(Geocoder.count);
policiesOf(Repository, 'find');
policiesOf(Repository.prototype, 'find');
policiesOf(Singleton, 'ask');
policiesOf(Singleton.instance, 'ask');
policiesOf(Geocoder);
policiesOf(Singleton);
circuitOf(geocoder.lookup);
circuitOf(geocoder, 'keyed', 'here', 3);
circuitOf(Geocoder, 'keyedStatic', 3);
circuitOf(geocoder, geocoder.keyed, 'here');

// Members that cannot be decorated.
// @ts-expect-error a class
@Retry()
export class WrongMembers {
  // @ts-expect-error a field
  @Retry() retried = async () => 1;
  // @ts-expect-error a field
  @CircuitBreaker() field = () => 1;
  // @ts-expect-error a field
  @CircuitBreaker({ key: () => 'geo' }) keyed = () => 1;
  // @ts-expect-error a static field
  @guarded static hoisted = () => 1;
  // @ts-expect-error a static field
  @retry static hoistedRetry = async () => 1;
  // @ts-expect-error a field that is declared only
  @guarded declared!: () => Promise<number>;

  // @ts-expect-error a getter
  @Retry() get retriedGetter() {
    return Promise.resolve(1);
  }
  // @ts-expect-error a getter
  @CircuitBreaker('geo') get getter() {
    return 1;
  }
  // @ts-expect-error a static getter
  @guarded static get staticGetter() {
    return 1;
  }
  // @ts-expect-error a setter
  @CircuitBreaker() set setter(value: number) {
    void value;
  }
  // @ts-expect-error a setter
  @retry set hoistedSetter(value: number) {
    void value;
  }
  // @ts-expect-error an accessor
  @CircuitBreaker() accessor accessor = 1;
  // @ts-expect-error an accessor
  @guarded accessor hoistedAccessor = 1;
  // @ts-expect-error an accessor
  @Retry() static accessor staticAccessor = 1;

  // @ts-expect-error a sync method
  @Retry() sync(n: number): number {
    return n;
  }
  // @ts-expect-error a sync method
  @retry hoistedSync(): void {}
  // @ts-expect-error a sync method
  @Retry({ retryIf: () => true }) static staticSync(): string {
    return '';
  }
  // @ts-expect-error sync at times
  @Retry() sometimes(n: number): number | Promise<number> {
    return n;
  }
  // @ts-expect-error a stream
  @Retry() async *stream(): AsyncGenerator<number> {
    yield 1;
  }
  // @ts-expect-error a stream
  @retry *hoistedStream(): Generator<number> {
    yield 1;
  }
  // @ts-expect-error a stream
  @Retry({ retryIf: () => true }) static streamOf(): AsyncIterable<number> {
    return new WrongMembers().stream();
  }

  // @ts-expect-error a method
  @Circuits({}) method() {}
  // @ts-expect-error a static method
  @Circuits({}) static staticMethod() {}
  // @ts-expect-error a field
  @Circuits({}) circuits = 1;
  // @ts-expect-error a static field
  @Circuits({}) static staticCircuits = 1;
  // @ts-expect-error a getter
  @Circuits({}) get circuitsGetter() {
    return 1;
  }
  // @ts-expect-error an accessor
  @Circuits({}) accessor circuitsAccessor = 1;
}
// @ts-expect-error a class
@CircuitBreaker()
export class WrongClass {}
// @ts-expect-error a class
@CircuitBreaker({ key: () => 'geo' })
export class WrongKeyedClass {}
// @ts-expect-error a class
@guarded
export class WrongHoistedClass {}
// @ts-expect-error a class whose constructor is private
@retry
export class WrongSingleton {
  private constructor() {}
}
// @ts-expect-error an abstract class
@retry
export abstract class WrongAbstract {}

// What the compiler says of a member.
type Stream = '@Retry cannot retry a stream; retry what makes it';
type Sync = '@Retry needs a method that returns a promise; make a sync method async';
expectTypeOf<DecoratorMisuse<'Retry', () => AsyncGenerator<number, string, Date>>>().toEqualTypeOf<Stream>();
expectTypeOf<DecoratorMisuse<'Retry', () => AsyncIterable<number>>>().toEqualTypeOf<Stream>();
expectTypeOf<
  DecoratorMisuse<'Retry', (n: number) => AsyncIterableIterator<number>>
>().toEqualTypeOf<Stream>();
expectTypeOf<DecoratorMisuse<'Retry', () => AsyncIterator<number>>>().toEqualTypeOf<Stream>();
expectTypeOf<DecoratorMisuse<'Retry', () => Generator<number, string, Date>>>().toEqualTypeOf<Stream>();
expectTypeOf<DecoratorMisuse<'Retry', (n: number) => IterableIterator<number>>>().toEqualTypeOf<Stream>();
expectTypeOf<DecoratorMisuse<'Retry', () => Iterator<number>>>().toEqualTypeOf<Stream>();
expectTypeOf<DecoratorMisuse<'Retry', () => readonly number[]>>().toEqualTypeOf<Sync>();
expectTypeOf<DecoratorMisuse<'Retry', (text: string) => string>>().toEqualTypeOf<Sync>();
expectTypeOf<DecoratorMisuse<'Retry', () => void>>().toEqualTypeOf<Sync>();
expectTypeOf<DecoratorMisuse<'Retry', () => unknown>>().toEqualTypeOf<Sync>();
expectTypeOf<DecoratorMisuse<'Retry', () => number | Promise<number>>>().toEqualTypeOf<Sync>();
expectTypeOf<DecoratorMisuse<'Retry', number>>().toEqualTypeOf<'@Retry decorates methods only'>();

// Kept decorators know no method.
// @ts-expect-error the parameters are unknown
CircuitBreaker({ key: (tenant: string) => tenant });
// @ts-expect-error the result is unknown
CircuitBreaker({ isFailure: (result) => result.status > 400 });
CircuitBreaker({
  key() {
    // @ts-expect-error `this` is unknown
    return this.host;
  },
});

// Lookups that are wrong.
// @ts-expect-error no such method
policiesOf(geocoder, 'lokup');
// @ts-expect-error no such method
policiesOf(Geocoder, 'lokup');
// @ts-expect-error an instance has no statics
policiesOf(geocoder, 'count');
// @ts-expect-error no such method
policiesOf(Repository, 'fnid');
// @ts-expect-error no such method
policiesOf(Singleton, 'aks');
// @ts-expect-error a private method is given itself
policiesOf(geocoder, 'hidden');
// @ts-expect-error no such symbol
policiesOf(geocoder, Symbol.iterator);
// @ts-expect-error an instance is no method
policiesOf(geocoder);
// @ts-expect-error nothing to look at
policiesOf(undefined, 'lookup');
// @ts-expect-error a method has no methods
policiesOf(geocoder.lookup, 'lookup');
// @ts-expect-error no such method
circuitOf(geocoder, 'lokup');
// @ts-expect-error no such method
circuitOf(Geocoder, 'lokup', 'here');
// @ts-expect-error a class is no method
circuitOf(Geocoder);
