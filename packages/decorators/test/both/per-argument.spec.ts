import { describe, expect, it } from '@jest/globals';
import { circuits } from '@switchgear/core';
import { circuitOf, CircuitBreaker } from '@switchgear/decorators';
import { Api } from '../support/api.js';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { call } from '../support/method-of.js';
import { outcomeOf, thrownBy } from '../support/outcome-of.js';

const { advance } = manualCircuits();

const REFUSED = 'ERR_CIRCUIT_OPEN';

class Crm {
  readonly api: Api = new Api();
  readonly host: string;

  constructor(host = 'crm.example') {
    this.host = host;
  }

  @CircuitBreaker({ ...BRITTLE, key: (tenant: string) => `tenant ${tenant}` })
  async contacts(tenant: string, page = 1): Promise<string> {
    return this.api.get(`page ${page} of ${tenant}`);
  }

  @CircuitBreaker({ ...BRITTLE, key: (tenant: string) => `tenant ${tenant}` })
  async orders(tenant: string): Promise<string> {
    return this.api.get(`orders of ${tenant}`);
  }

  @CircuitBreaker({
    ...BRITTLE,
    key(this: Crm) {
      return `host ${this.host}`;
    },
  })
  ping(): string {
    return this.api.getNow(this.host);
  }

  @CircuitBreaker({ ...BRITTLE, key: (_: string, page: number) => `page ${page}` })
  static page(api: string, page: number): string {
    if (api === 'down') throw new Error(api);
    return `${api} ${page}`;
  }
}

class SubCrm extends Crm {}

async function outage(tenant: string): Promise<Crm> {
  const crm = new Crm();
  crm.api.isDown = true;
  await outcomeOf(() => crm.contacts(tenant));
  crm.api.isDown = false;
  return crm;
}

describe('a circuit for each argument', () => {
  it('opens for the argument whose calls fail', async () => {
    const crm = await outage('a');
    expect(await outcomeOf(() => crm.contacts('a'))).toBe(REFUSED);
  });

  it('stays closed for others', async () => {
    const crm = await outage('a');
    expect(await outcomeOf(() => crm.contacts('b', 2))).toBe('page 2 of b');
  });

  it('is that of another method that names it so', async () => {
    const crm = await outage('a');
    expect(await outcomeOf(() => crm.orders('a'))).toBe(REFUSED);
  });

  it('is that of a subclass', async () => {
    await outage('a');
    expect(await outcomeOf(() => new SubCrm().contacts('a'))).toBe(REFUSED);
  });

  it('lets probes through in time', async () => {
    const crm = await outage('a');
    advance(100);
    expect(await outcomeOf(() => crm.contacts('a'))).toBe('page 1 of a');
  });

  it('is named by any of the arguments, of a static method too', async () => {
    await outcomeOf(() => Crm.page('down', 7));
    expect(await outcomeOf(() => Crm.page('up', 7))).toBe(REFUSED);
  });

  it('is found by its name', async () => {
    await outage('a');
    expect(circuits.get('tenant a').state).toBe('open');
  });
});

describe('a circuit for each `this`', () => {
  it('opens for all instances of one host', () => {
    const crm = new Crm('one.example');
    crm.api.isDown = true;
    expect(() => crm.ping()).toThrow('down');
    expect(() => new Crm('one.example').ping()).toThrow(expect.objectContaining({ code: REFUSED }));
  });

  it('stays closed for another host', () => {
    const crm = new Crm('one.example');
    crm.api.isDown = true;
    expect(() => crm.ping()).toThrow('down');
    expect(new Crm('other.example').ping()).toBe('other.example');
  });
});

describe('circuitOf a method with a circuit for each argument', () => {
  it('is that of the calls with these arguments', async () => {
    const crm = await outage('a');
    expect(circuitOf(crm, 'contacts', 'a')?.state).toBe('open');
  });

  it('is none before the first call with these arguments', async () => {
    await outage('a');
    expect(circuitOf(Crm, 'contacts', 'b')).toBeUndefined();
  });

  it('is none where the arguments are missing', async () => {
    await outage('a');
    expect(circuitOf(Crm, 'contacts')).toBeUndefined();
  });

  it('is that of the `this` it is asked of', () => {
    new Crm('one.example').ping();
    expect(circuitOf(new Crm('one.example'), 'ping')?.key).toBe('host one.example');
  });
});

describe('a function that names the circuit', () => {
  class Careless {
    calls = 0;

    @CircuitBreaker({ key: (text: string) => text.trim() })
    async wait(text: string): Promise<string> {
      this.calls++;
      return text;
    }

    @CircuitBreaker({ key: (text: string) => text.trim() })
    now(text: string): string {
      this.calls++;
      return text;
    }
  }

  it.each([
    ['throws', undefined, 'TypeError'],
    ['returns no text', { trim: () => 7 }, 'PolicyError'],
    ['returns a promise', { trim: async () => 'text' }, 'PolicyError'],
    ['returns nothing', { trim: () => undefined }, 'PolicyError'],
    ['returns a text that cannot be a key', ' ', 'PolicyError'],
    ['returns a text that is too long', 'x'.repeat(501), 'PolicyError'],
  ])('and %s makes the call of an async method reject', async (_, text, name) => {
    const careless = new Careless();
    await expect(call(careless, 'wait', text) as Promise<unknown>).rejects.toMatchObject({ name });
    expect(careless.calls).toBe(0);
  });

  it.each([
    ['throws', undefined, 'TypeError'],
    ['returns no text', { trim: () => 7 }, 'PolicyError'],
  ])('and %s makes the call of a sync method throw', (_, text, name) => {
    expect(thrownBy(() => call(new Careless(), 'now', text))).toMatchObject({ name });
  });

  it('does not harm the next call', () => {
    const careless = new Careless();
    thrownBy(() => call(careless, 'now', undefined));
    expect(careless.now('fine')).toBe('fine');
  });

  it('is told of what it returned', () => {
    expect(() => call(new Careless(), 'now', { trim: () => 7 })).toThrow(
      /key\(\): received 7; allowed: a text/,
    );
  });

  it('is called once a call', async () => {
    let calls = 0;
    class Counted {
      @CircuitBreaker({
        key() {
          calls++;
          return 'per-argument.spec counted';
        },
      })
      async wait(): Promise<void> {}
    }
    await new Counted().wait();
    await new Counted().wait();
    expect(calls).toBe(2);
  });
});

describe('a key function’s circuits', () => {
  it('are no more than maxCircuits', async () => {
    class Bounded {
      @CircuitBreaker({ key: (host: string) => `bounded ${host}`, maxCircuits: 2 })
      async get(host: string): Promise<string> {
        return host;
      }
    }
    const bounded = new Bounded();
    for (let i = 0; i < 10; i++) await bounded.get(`${i}`);
    expect(circuits.keys().filter((key) => key.startsWith('bounded '))).toHaveLength(2);
  });

  it('are not those of a policy that was declared otherwise', async () => {
    circuits.get('per-argument.spec taken', { failureThreshold: 7 });
    class Taking {
      @CircuitBreaker({ ...BRITTLE, key: () => 'per-argument.spec taken' })
      now(): void {}
    }
    expect(() => new Taking().now()).toThrow(
      expect.objectContaining({
        code: 'ERR_KEY_CONFLICT',
        here: expect.stringMatching(/per-argument\.spec\.ts:\d+:\d+$/),
        there: expect.stringMatching(/per-argument\.spec\.ts:\d+:\d+$/),
      }),
    );
  });
});
