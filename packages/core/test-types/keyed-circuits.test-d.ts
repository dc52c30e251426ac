import { type CircuitBreaker, type GuardOptions, withCircuitBreaker } from '@switchgear/core';
import { expectTypeOf } from 'expect-type';

interface Crm {
  readonly region: string;
}
interface Document {
  readonly id: number;
}
declare const breaker: CircuitBreaker;
declare const load: (tenant: string, id: number) => Promise<Document>;
declare function loadFor(this: Crm, tenant: string): Document;
declare function query(tenant: string): PromiseLike<Document>;
declare function stream(tenant: string): AsyncGenerator<Document, number, boolean>;
declare function sum(items: readonly number[]): number;
declare function maybe(tenant?: string): number;
declare function count(id: number): number;
declare function none(): number;

const byTenant = withCircuitBreaker({ key: (tenant: string) => `crm:${tenant}` });
const byRegion = withCircuitBreaker({
  key(this: Crm, tenant: string) {
    return `${this.region}:${tenant}`;
  },
  maxCircuits: 10,
  failureThreshold: 3,
});

// The function as it was.
expectTypeOf(byTenant(load)).toEqualTypeOf<typeof load>();
expectTypeOf(byTenant(stream)).toEqualTypeOf<typeof stream>();
expectTypeOf(byRegion(loadFor)).thisParameter.toEqualTypeOf<Crm>();
expectTypeOf(byRegion(loadFor)).parameters.toEqualTypeOf<[string]>();
// A generic one stays generic.
const first = byTenant(<T>(tenant: string, items: readonly T[]): T | undefined => items.at(tenant.length));
expectTypeOf(first('acme', [1])).toEqualTypeOf<number | undefined>();
// But for a thenable, which is adopted.
expectTypeOf(byTenant(query)).returns.toEqualTypeOf<Promise<Document>>();

// The key function may look at fewer arguments than the function has, or at none, or at wider ones.
expectTypeOf(withCircuitBreaker({ key: () => 'one' })(load)).toEqualTypeOf<typeof load>();
expectTypeOf(withCircuitBreaker({ key: (tenant: string | number) => String(tenant) })(load)).toEqualTypeOf<
  typeof load
>();
expectTypeOf(withCircuitBreaker({ key: (tenant?: string) => tenant ?? 'all' })(maybe)).toEqualTypeOf<
  typeof maybe
>();

// The other forms: a function that finds the breaker, options.
expectTypeOf(withCircuitBreaker(() => breaker)(load)).toEqualTypeOf<typeof load>();
expectTypeOf(withCircuitBreaker((self) => (expectTypeOf(self).toBeUnknown(), breaker))(none)).toEqualTypeOf<
  typeof none
>();
expectTypeOf(withCircuitBreaker<unknown, [string]>)
  .parameter(1)
  .toEqualTypeOf<GuardOptions | undefined>();

// Functions that do not fit the key function.
// @ts-expect-error its first argument is no text
byTenant(count);
// @ts-expect-error it has no argument to name the circuit
byTenant(none);
// @ts-expect-error its argument may be missing
byTenant(maybe);
// @ts-expect-error it is called with any `this`
byRegion(load);
// @ts-expect-error an array is no text
byTenant(sum);
// @ts-expect-error no function
byTenant('load');

// Key functions that are wrong.
// @ts-expect-error a key is a text
withCircuitBreaker({ key: (id: number) => id });
// @ts-expect-error a key is there at once
withCircuitBreaker({ key: async (tenant: string) => tenant });
// @ts-expect-error a key is always there
withCircuitBreaker({ key: (tenant?: string) => tenant });
// @ts-expect-error a misspelt field
withCircuitBreaker({ key: (tenant: string) => tenant, maxCircuit: 10 });
// @ts-expect-error a count is a number
withCircuitBreaker({ key: (tenant: string) => tenant, maxCircuits: '10' });
// @ts-expect-error how many is a question only where arguments name them
withCircuitBreaker({ key: 'crm', maxCircuits: 10 });
// @ts-expect-error the function finds a breaker, not a key
withCircuitBreaker((tenant: string) => tenant);
