import type { BulkheadPolicy, Duration } from '@switchgear/core';
import {
  type AttachedPolicy,
  Bulkhead,
  type BulkheadDecorator,
  Deadline,
  type DeadlineDecorator,
  type DecoratorMisuse,
  policiesOf,
  Timeout,
  type TimeoutDecorator,
} from '@switchgear/decorators';
import { expectTypeOf } from 'expect-type';

/** An Observable of another library. */
interface Observable<T> {
  subscribe(next: (value: T) => void): { unsubscribe(): void };
  forEach(next: (value: T) => void): Promise<void>;
}
declare const policy: BulkheadPolicy;
declare const duration: Duration;

// Kept, to be used on several methods; exported ones have a name for their type.
const timed = Timeout('5s');
const bounded = Deadline({ deadline: 5_000 });
const limited = Bulkhead(5);
const queued = Bulkhead({ maxConcurrent: 5, maxQueue: 10, queueTimeout: '5s' });
const referring = Bulkhead('geo');
export const exportedTimeout: TimeoutDecorator = timed;
export const exportedDeadline: DeadlineDecorator = bounded;
export const exportedBulkhead: BulkheadDecorator<0> = limited;
export const exportedQueue: BulkheadDecorator = Bulkhead(policy);
expectTypeOf(limited).toEqualTypeOf<BulkheadDecorator<0>>();
expectTypeOf(queued).toEqualTypeOf<BulkheadDecorator<10>>();

export class Right<T extends object> {
  @Timeout('5s')
  @Deadline('10s')
  @Bulkhead({ key: 'geo', maxConcurrent: 5, maxQueue: 10 })
  async lookup(address: string, zoom?: number): Promise<string> {
    return `${address} ${zoom ?? 0}`;
  }
  @Timeout({ timeout: duration })
  @Deadline({ deadline: duration })
  @Bulkhead()
  @timed
  @bounded
  @limited
  @queued
  @referring
  query(table: string): PromiseLike<string> {
    return Promise.resolve(table);
  }
  @timed
  @bounded
  @limited
  async *stream(): AsyncGenerator<number> {
    yield 1;
  }
  @timed
  @bounded
  @limited
  watch(): Observable<number> {
    return { subscribe: () => ({ unsubscribe: () => undefined }), forEach: async () => undefined };
  }
  @limited
  @Bulkhead({ maxConcurrent: 5, maxQueue: 0 })
  @Bulkhead({ key: 'geo' })
  sync(n: number): number {
    return n;
  }
  @limited
  *numbers(): Generator<number> {
    yield 1;
  }
  @timed
  @bounded
  @queued
  static async count(n: number): Promise<number> {
    return n;
  }
  @timed
  @bounded
  @queued
  protected async first<I>(items: readonly I[]): Promise<I | T | undefined> {
    return items[0];
  }
  @timed
  @bounded
  @queued
  private async whatever(...args: any[]): Promise<any> {
    return args;
  }
  @timed
  loose(value: any): any {
    return value;
  }
  itself() {
    void policiesOf(this.whatever);
  }
}
declare const right: Right<object>;
expectTypeOf(right.lookup).toEqualTypeOf<(address: string, zoom?: number) => Promise<string>>();
expectTypeOf(right.sync).toEqualTypeOf<(n: number) => number>();

export class Wrong {
  // @ts-expect-error a sync method
  @Timeout('5s') timedSync(n: number): number {
    return n;
  }
  // @ts-expect-error a sync method
  @timed static timedStatic(): void {}
  // @ts-expect-error sync at times
  @timed timedSometimes(n: number): number | Promise<number> {
    return n;
  }
  // @ts-expect-error a sync generator
  @timed *timedStream() {
    yield 1;
  }
  // @ts-expect-error a field
  @timed timedField = async () => 1;
  // @ts-expect-error an accessor
  @timed accessor timedAccessor = 1;
  // @ts-expect-error a sync method
  @Deadline('5s') boundedSync(n: number): number {
    return n;
  }
  // @ts-expect-error a sync generator
  @bounded *boundedStream() {
    yield 1;
  }
  // @ts-expect-error a field
  @bounded boundedField = async () => 1;
  // @ts-expect-error it may have to wait
  @Bulkhead({ maxQueue: 5 }) queuedSync(n: number): number {
    return n;
  }
  // @ts-expect-error it may have to wait
  @queued queuedHoisted(n: number): number {
    return n;
  }
  // @ts-expect-error it may have a queue
  @Bulkhead(policy) queuedPerhaps(n: number): number {
    return n;
  }
  // @ts-expect-error it may have a queue
  @Bulkhead('geo') referring(n: number): number {
    return n;
  }
  // @ts-expect-error no stream waits
  @queued async *queuedStream() {
    yield 1;
  }
  // @ts-expect-error a field
  @limited limitedField = () => 1;

  // @ts-expect-error how long?
  @Timeout()
  async noTime() {}
  // @ts-expect-error weeks are no unit
  @Timeout('5w')
  async weeks() {}
  // @ts-expect-error a misspelt field
  @Timeout({ timeot: '5s' })
  async misspelt() {}
  // @ts-expect-error not called
  @Timeout
  async uncalled() {}
  // @ts-expect-error how long?
  @Deadline()
  async noDeadline() {}
  // @ts-expect-error a misspelt field
  @Deadline({ deadlin: '5s' })
  async misspeltDeadline() {}
  // @ts-expect-error not called
  @Deadline
  async uncalledDeadline() {}
  // @ts-expect-error not called
  @Bulkhead
  uncalledBulkhead() {}
  // @ts-expect-error a misspelt field
  @Bulkhead({ maxConcurent: 5 })
  misspeltBulkhead() {}
  // @ts-expect-error nothing waits
  @Bulkhead({ queueTimeout: '5s' })
  async impatient() {}
  // @ts-expect-error a count is a number
  @Bulkhead({ maxQueue: '5' })
  async textQueue() {}
  // @ts-expect-error a key is a text
  @Bulkhead({ key: () => 'geo' })
  async keys() {}
}
// @ts-expect-error a class
@timed
export class WrongClass {}
// @ts-expect-error a class
@limited
export class WrongLimitedClass {}

// What the compiler says of a member.
type Later = PromiseLike<unknown> | AsyncIterable<unknown>;
expectTypeOf<
  DecoratorMisuse<'Timeout', (n: number) => number, Later>
>().toEqualTypeOf<'@Timeout needs a method that returns a promise or a stream; make a sync method async'>();
expectTypeOf<
  DecoratorMisuse<'Deadline', () => Generator<number>, Later>
>().toEqualTypeOf<'@Deadline cannot bound a sync generator; make it async'>();
expectTypeOf<
  DecoratorMisuse<'Bulkhead with maxQueue', () => void>
>().toEqualTypeOf<'@Bulkhead with maxQueue needs a method that returns a promise; make a sync method async'>();
expectTypeOf<
  DecoratorMisuse<'Bulkhead with maxQueue', () => AsyncIterable<number>>
>().toEqualTypeOf<'@Bulkhead with maxQueue lets no stream wait; leave maxQueue out'>();

// What is read back.
declare const attached: AttachedPolicy;
if (attached.kind === 'timeout') expectTypeOf(attached.policy.timeout).toEqualTypeOf<Duration>();
if (attached.kind === 'deadline') expectTypeOf(attached.policy.deadline).toEqualTypeOf<Duration>();
if (attached.kind === 'bulkhead') expectTypeOf(attached.key).toEqualTypeOf<string | undefined>();
