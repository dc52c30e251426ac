import type { Outcome } from '@switchgear/core';
import { withCircuitBreaker, withRetry } from '@switchgear/core';
import {
  type ItemResult,
  Parallel,
  parallel,
  ParallelExecutor,
  type ParallelRun,
  type Remote,
} from '@switchgear/executor';
import { expectTypeOf } from 'expect-type';

interface Point {
  readonly x: number;
}

@Parallel()
class Geocoder {
  readonly host: string = 'example.org';
  #secret = 'secret';

  async lookup(address: string): Promise<Point> {
    return { x: address.length };
  }
  length(address: string): number {
    return address.length + this.#secret.length;
  }
  zoomed(address: string, zoom?: number): number {
    return address.length + (zoom ?? 0);
  }
  between(from: string, to: string): number {
    return from.length + to.length;
  }
  nothing(): void {}
  maybe(address?: string): string | undefined {
    return address;
  }
  generic<T>(value: T): T {
    return value;
  }
  protected inside(address: string): string {
    return address;
  }
  static of(host: string): string {
    return host;
  }
  static withThis(this: typeof Geocoder, host: string): string {
    return `${this.name} ${host}`;
  }
}

@Parallel()
class Repository {
  readonly url: string;
  constructor(url: string, retries?: number) {
    this.url = `${url}?${retries ?? 0}`;
  }
  find(id: number): { readonly id: number } {
    return { id };
  }
}

/** What is injected: it has methods, and cannot be sent to a worker. */
interface Database {
  query(sql: string): Promise<readonly unknown[]>;
}

@Parallel({ create: async () => new Injected({ query: async () => [] }, 'sql:') })
class Injected {
  readonly database: Database;
  readonly url: string;
  constructor(database: Database, url: string) {
    this.database = database;
    this.url = url;
  }
  find(id: number): Promise<readonly unknown[]> {
    return this.database.query(`${this.url} ${id}`);
  }
}

const lookup = parallel(async function lookup(address: string, zoom?: number): Promise<Point> {
  return { x: address.length + (zoom ?? 0) };
});
const distance = parallel((from: string, to: string): number => from.length + to.length, { name: 'd' });

const executor = new ParallelExecutor({ workers: 2, placement: 'auto' });
declare const addresses: readonly string[];
declare const numbers: number[];

// What comes out.
expectTypeOf(executor.map(Geocoder, 'lookup', addresses)).toEqualTypeOf<ParallelRun<Point[]>>();
expectTypeOf(executor.map(Geocoder, 'length', new Set(['a']))).resolves.toEqualTypeOf<number[]>();
expectTypeOf(executor.map(Geocoder, 'zoomed', addresses)).resolves.toEqualTypeOf<number[]>();
expectTypeOf(executor.map(Geocoder, 'maybe', ['a', undefined])).resolves.toEqualTypeOf<
  (string | undefined)[]
>();
expectTypeOf(executor.mapSettled(Geocoder, 'lookup', addresses)).resolves.toEqualTypeOf<Outcome<Point>[]>();
expectTypeOf(executor.stream(Geocoder, 'lookup', addresses)).toEqualTypeOf<
  AsyncGenerator<ItemResult<Point>, void, undefined>
>();
expectTypeOf(executor.run(Geocoder, 'between', ['a', 'b'])).resolves.toEqualTypeOf<number>();
expectTypeOf(executor.run(Geocoder, 'nothing', [])).resolves.toBeVoid();
expectTypeOf(executor.proxy(Geocoder)).toEqualTypeOf<Remote<Geocoder>>();
expectTypeOf(executor.proxy(Geocoder).length).toEqualTypeOf<(address: string) => Promise<number>>();
expectTypeOf(executor.proxy(Geocoder).lookup).toEqualTypeOf<(address: string) => Promise<Point>>();
expectTypeOf(executor.map(Geocoder, 'lookup', addresses).progress.done).toEqualTypeOf<number>();
expectTypeOf(executor.map(Repository, 'find', numbers, { constructorArgs: ['sql:'] })).resolves.toEqualTypeOf<
  { readonly id: number }[]
>();

// Functions, and static methods by reference.
expectTypeOf(parallel(lookup)).toEqualTypeOf(lookup);
expectTypeOf(executor.map(lookup, addresses)).toEqualTypeOf<ParallelRun<Point[]>>();
expectTypeOf(executor.map(withRetry()(lookup), addresses)).resolves.toEqualTypeOf<Point[]>();
expectTypeOf(executor.map(withCircuitBreaker('geo')(lookup), addresses)).resolves.toEqualTypeOf<Point[]>();
expectTypeOf(executor.mapSettled(lookup, addresses)).resolves.toEqualTypeOf<Outcome<Point>[]>();
expectTypeOf(executor.stream(lookup, addresses)).toEqualTypeOf<
  AsyncGenerator<ItemResult<Point>, void, undefined>
>();
expectTypeOf(executor.run(distance, ['a', 'b'])).resolves.toEqualTypeOf<number>();
expectTypeOf(executor.run(lookup, ['a'], { grace: '1s' })).resolves.toEqualTypeOf<Point>();
expectTypeOf(executor.map(Geocoder.of, new Set(['a']))).resolves.toEqualTypeOf<string[]>();
expectTypeOf(executor.map(Geocoder.withThis, addresses)).resolves.toEqualTypeOf<string[]>();
void executor.plan(lookup, addresses);
void executor.map(lookup, addresses, {
  transfer: (item) => {
    expectTypeOf(item).toEqualTypeOf<string>();
    return [];
  },
});
// @ts-expect-error an address is a text
void executor.map(lookup, numbers);
// @ts-expect-error it needs two arguments
void executor.map(distance, addresses);
// @ts-expect-error one is missing
void executor.run(distance, ['a']);
// @ts-expect-error misspelt
void executor.map(lookup, addresses, { chnk: 1 });
// @ts-expect-error a function has no constructor
void executor.map(lookup, addresses, { constructorArgs: [] });
// @ts-expect-error a class without a method
void executor.map(Geocoder, addresses);
// @ts-expect-error no items
void executor.map(lookup);
// @ts-expect-error a text is no function
parallel('lookup');
// @ts-expect-error a function is not made
parallel(lookup, { create: () => lookup });

// What is injected cannot be sent, and is not asked for.
void executor.map(Injected, 'find', numbers);
void executor.run(Injected, 'find', [1]);
executor.proxy(Injected);

// What goes in.
void executor.map(Geocoder, 'length', addresses, {
  transfer: (item) => {
    expectTypeOf(item).toEqualTypeOf<string>();
    return [];
  },
  onProgress: ({ done }) => {
    expectTypeOf(done).toEqualTypeOf<number>();
  },
});
void executor.map(Repository, 'find', numbers, { constructorArgs: ['sql:', 3], chunk: 5 });
void executor.run(Repository, 'find', [1], { constructorArgs: ['sql:'] });
executor.proxy(Repository, { constructorArgs: ['sql:'] });
void executor.run(Geocoder, 'zoomed', ['a']);
void executor.run(Geocoder, 'zoomed', ['a', 3]);

// Items that are wrong.
// @ts-expect-error an address is a text
void executor.map(Geocoder, 'lookup', [1, 2]);
// @ts-expect-error an address is a text
void executor.mapSettled(Geocoder, 'lookup', numbers);
// @ts-expect-error an address is a text
executor.stream(Geocoder, 'lookup', numbers);
// @ts-expect-error no list
void executor.map(Geocoder, 'lookup', 5);
// @ts-expect-error no items
void executor.map(Geocoder, 'lookup');

// Methods that are wrong.
// @ts-expect-error misspelt
void executor.map(Geocoder, 'lokup', addresses);
// @ts-expect-error it needs two arguments
void executor.map(Geocoder, 'between', addresses);
// @ts-expect-error it needs two arguments
executor.stream(Geocoder, 'between', addresses);
// @ts-expect-error a field is no method
void executor.map(Geocoder, 'host', addresses);
// @ts-expect-error it is protected
void executor.map(Geocoder, 'inside', addresses);
// @ts-expect-error it is static
void executor.map(Geocoder, 'of', addresses);
// @ts-expect-error an instance is no class
void executor.map(new Geocoder(), 'lookup', addresses);
// @ts-expect-error a proxy has no fields
void executor.proxy(Geocoder).host;

// Arguments that are wrong.
// @ts-expect-error one is missing
void executor.run(Geocoder, 'between', ['a']);
// @ts-expect-error one too many
void executor.run(Geocoder, 'between', ['a', 'b', 'c']);
// @ts-expect-error they are texts
void executor.run(Geocoder, 'between', ['a', 1]);
// @ts-expect-error a list of arguments
void executor.run(Geocoder, 'length', 'a');
// @ts-expect-error an address is a text
void executor.proxy(Geocoder).length(5);

// Constructors that need to be given something.
// @ts-expect-error the arguments of the constructor
void executor.map(Repository, 'find', numbers);
// @ts-expect-error the arguments of the constructor
void executor.map(Repository, 'find', numbers, { chunk: 5 });
// @ts-expect-error the url is a text
void executor.map(Repository, 'find', numbers, { constructorArgs: [5] });
// @ts-expect-error the url is missing
void executor.map(Repository, 'find', numbers, { constructorArgs: [] });
// @ts-expect-error the arguments of the constructor
void executor.run(Repository, 'find', [1]);
// @ts-expect-error the arguments of the constructor
executor.proxy(Repository);
// @ts-expect-error the arguments of the constructor
executor.stream(Repository, 'find', numbers);
// @ts-expect-error the arguments of the constructor
void executor.plan(Repository, 'find', numbers);
// @ts-expect-error this one takes none
void executor.map(Geocoder, 'lookup', addresses, { constructorArgs: ['a'] });

// Options that are wrong.
// @ts-expect-error misspelt
void executor.map(Geocoder, 'lookup', addresses, { sginal: AbortSignal.timeout(5) });
// @ts-expect-error a map is always in order
void executor.map(Geocoder, 'lookup', addresses, { ordered: false });
// @ts-expect-error one call has no items
void executor.run(Geocoder, 'length', ['a'], { onProgress: () => undefined });
// @ts-expect-error there is no such place
void executor.map(Geocoder, 'lookup', addresses, { placement: 'cloud' });
new ParallelExecutor({ grace: '500ms', startTimeout: '10s' });
void executor.map(Geocoder, 'lookup', addresses, { grace: 20 });
// @ts-expect-error of the executor, not of one job
void executor.map(Geocoder, 'lookup', addresses, { startTimeout: '10s' });
// @ts-expect-error no unit
new ParallelExecutor({ grace: '500' });
// @ts-expect-error a count is a number
new ParallelExecutor({ workers: '2' });
// @ts-expect-error misspelt
new ParallelExecutor({ wrokers: 2 });

// Decorators.
@Parallel({ cpu: true, create: () => new Made('secret') })
export class Made {
  readonly secret: string;
  constructor(secret: string) {
    this.secret = secret;
  }

  @Parallel({ cpu: false })
  tell(): string {
    return this.secret;
  }

  // @ts-expect-error a field cannot be marked
  @Parallel()
  readonly field = 5;
}
// @ts-expect-error misspelt
@Parallel({ modul: import.meta.url })
export class Misspelt {}
// @ts-expect-error not called
@Parallel
export class Uncalled {}
// @ts-expect-error it makes another class
@Parallel({ create: () => 5 })
export class MadeWrongly {
  readonly field = 5;
}
