import { runInThisContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker } from '@switchgear/decorators';
import { heardWarnings } from '../support/heard-warnings.js';
import { manualCircuits } from '../support/manual-circuits.js';
import { outcomeOf } from '../support/outcome-of.js';

manualCircuits();

/** The same class by the same line of code, with another policy. */
function clientWith(failureThreshold: number) {
  class Client {
    @CircuitBreaker({ failureThreshold })
    async get(): Promise<never> {
      throw new Error('down');
    }
  }
  return Client;
}

describe('the classes of a factory that differ in their policies', () => {
  it('have circuits of their own', async () => {
    const [brittle, sturdy] = [clientWith(1), clientWith(2)];
    for (const Client of [brittle, sturdy]) await outcomeOf(() => new Client().get());
    expect([circuitOf(brittle, 'get')?.state, circuitOf(sturdy, 'get')?.state]).toEqual(['open', 'closed']);
  });

  it('are shown by class and method', async () => {
    // That they would share a circuit is told once.
    heardWarnings();
    const [, second] = [clientWith(7), clientWith(1)];
    await outcomeOf(() => new second().get());
    await expect(new second().get()).rejects.toThrow('Circuit "Client.get" is open');
  });
});

describe('a policy that is an instance of a class', () => {
  class Brittle {
    readonly #threshold = 1;

    get failureThreshold(): number {
      return this.#threshold;
    }
  }

  it('decides with what its class gives', async () => {
    class Service {
      @CircuitBreaker(new Brittle())
      async own(): Promise<never> {
        throw new Error('down');
      }

      @CircuitBreaker(Object.assign(new Brittle(), { key: 'factories.spec brittle' }))
      async named(): Promise<never> {
        throw new Error('down');
      }
    }
    const service = new Service();
    for (const method of ['own', 'named'] as const) await outcomeOf(() => service[method]());
    expect([circuitOf(service, 'own')?.state, circuitOf(service, 'named')?.state]).toEqual(['open', 'open']);
  });
});

describe('a method that is decorated by code that stands in no file', () => {
  it('shares its circuit with no other thread, which may have other code there', () => {
    const call = runInThisContext('(fn, ...args) => fn(...args)') as (
      fn: unknown,
      ...args: unknown[]
    ) => unknown;
    const decorate = call(CircuitBreaker, { failureThreshold: 1 });
    class Evaluated {
      load(): string {
        return 'loaded';
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Evaluated.prototype, 'load');
    const decorated = call(decorate, Evaluated.prototype, 'load', descriptor) as PropertyDescriptor;
    Object.defineProperty(Evaluated.prototype, 'load', decorated);
    expect(circuitOf(Evaluated, 'load')?.key).toMatch(/^Evaluated\.load \(thread \d+, evalmachine/);
  });
});

describe('circuitOf a method with a circuit for each key', () => {
  class Crm {
    readonly settings = { host: 'factories.spec' };

    @CircuitBreaker({
      key(tenant) {
        return `${this.settings.host} ${tenant}`;
      },
      failureThreshold: 1,
      maxCircuits: 1,
    })
    async load(tenant: string): Promise<never> {
      throw new Error(`${tenant} is down`);
    }
  }

  it('finds one that only this thread knows', async () => {
    const warnings = heardWarnings();
    const crm = new Crm();
    for (const tenant of ['acme', 'initech']) await outcomeOf(() => crm.load(tenant));
    expect(circuitOf(crm, 'load', 'initech')?.state).toBe('open');
    expect(warnings).toEqual([expect.stringContaining('no room for circuit "factories.spec initech"')]);
  });

  it('says that it needs an instance, where the key function does', () => {
    expect(() => circuitOf(Crm, 'load', 'acme')).toThrow(/the key function failed .* Give it an instance/);
  });
});
