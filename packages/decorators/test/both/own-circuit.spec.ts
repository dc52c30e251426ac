import { describe, expect, it } from '@jest/globals';
import { circuits } from '@switchgear/core';
import { circuitOf, CircuitBreaker, policiesOf } from '@switchgear/decorators';
import { Api } from '../support/api.js';
import { composed } from '../support/composed.js';
import { heardWarnings } from '../support/heard-warnings.js';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { Client as OtherClient } from '../support/other-module.js';
import { call, methodOf } from '../support/method-of.js';
import { errorOf, outcomeOf } from '../support/outcome-of.js';

manualCircuits();

const REFUSED = 'ERR_CIRCUIT_OPEN';

class Geocoder {
  readonly api: Api = new Api();

  @CircuitBreaker(BRITTLE)
  async lookup(): Promise<string> {
    return this.api.get('point');
  }

  @CircuitBreaker(BRITTLE)
  async reverse(): Promise<string> {
    return this.api.get('address');
  }

  @CircuitBreaker(BRITTLE)
  static async lookup(): Promise<string> {
    return 'static point';
  }

  @CircuitBreaker()
  parse(): string {
    return 'parsed';
  }
}

class Inheriting extends Geocoder {}

class Overriding extends Geocoder {
  @CircuitBreaker(BRITTLE)
  override async lookup(): Promise<string> {
    return this.api.get('street');
  }
}

class Undecorated extends Geocoder {
  override async lookup(): Promise<string> {
    return this.api.get('alley');
  }
}

class Calling extends Geocoder {
  @CircuitBreaker(BRITTLE)
  override async lookup(): Promise<string> {
    return `the ${await super.lookup()}`;
  }
}

/** Makes a call that fails, and so opens the circuit of `lookup` in its class. */
async function failing<G extends Geocoder>(geocoder: G): Promise<G> {
  geocoder.api.isDown = true;
  await outcomeOf(() => geocoder.lookup());
  geocoder.api.isDown = false;
  return geocoder;
}

describe('a method whose decorator names no circuit has one of its own', () => {
  it('which opens when the method fails', async () => {
    const geocoder = await failing(new Geocoder());
    expect(await outcomeOf(() => geocoder.lookup())).toBe(REFUSED);
  });

  it('which all instances share', async () => {
    await failing(new Geocoder());
    expect(await outcomeOf(() => new Geocoder().lookup())).toBe(REFUSED);
  });

  it('which no other method shares', async () => {
    const geocoder = await failing(new Geocoder());
    expect(await outcomeOf(() => geocoder.reverse())).toBe('address');
  });

  it('which a static method of the same name does not share', async () => {
    await failing(new Geocoder());
    expect(await outcomeOf(() => Geocoder.lookup())).toBe('static point');
  });

  it('which has the default policy where there is none at all', () => {
    expect(circuitOf(Geocoder, 'parse')?.explain().threshold).toBe(5);
  });

  it('which a subclass shares that inherits the method', async () => {
    await failing(new Geocoder());
    expect(await outcomeOf(() => new Inheriting().lookup())).toBe(REFUSED);
  });

  it('which the base class shares when it was the subclass that failed', async () => {
    await failing(new Inheriting());
    expect(await outcomeOf(() => new Geocoder().lookup())).toBe(REFUSED);
  });
});

describe('an override with a decorator', () => {
  it('has a circuit of its own', async () => {
    await failing(new Overriding());
    expect(await outcomeOf(() => new Geocoder().lookup())).toBe('point');
  });

  it('is not refused for the failures of its base', async () => {
    await failing(new Geocoder());
    expect(await outcomeOf(() => new Overriding().lookup())).toBe('street');
  });

  it('meets the circuit of its base where it calls it', async () => {
    await failing(new Geocoder());
    expect(await errorOf(() => new Calling().lookup())).toMatchObject({
      message: expect.stringContaining('"Geocoder.lookup" is open'),
    });
  });

  it('counts for its base where it calls it', async () => {
    await failing(new Calling());
    expect(circuitOf(Geocoder, 'lookup')?.state).toBe('open');
  });

  it('does not count what its base refused', async () => {
    await failing(new Geocoder());
    await outcomeOf(() => new Calling().lookup());
    expect(circuitOf(Calling, 'lookup')?.state).toBe('closed');
  });
});

describe('an override without a decorator', () => {
  it('has no policies', () => {
    expect(policiesOf(Undecorated, 'lookup')).toEqual([]);
  });

  it('has no circuit', () => {
    expect(circuitOf(Undecorated, 'lookup')).toBeUndefined();
  });

  it('is not refused for the failures of its base', async () => {
    await failing(new Geocoder());
    expect(await outcomeOf(() => new Undecorated().lookup())).toBe('alley');
  });

  it('does not count for its base', async () => {
    await failing(new Undecorated());
    expect(circuitOf(Geocoder, 'lookup')?.state).toBe('closed');
  });
});

describe('the name of an own circuit', () => {
  const tag = Symbol('tag');

  class Named {
    @CircuitBreaker()
    [tag](): void {}

    @CircuitBreaker()
    'a method (in words)'(): void {}

    @CircuitBreaker()
    ['long '.repeat(200)](): void {}

    @CircuitBreaker()
    [`x${'🔌'.repeat(200)}`](): void {}

    @CircuitBreaker()
    ['half \ud800'](): void {}
  }

  it('says class, method and where that is', () => {
    const place = /^Geocoder\.lookup \(.*own-circuit\.spec\.ts:\d+:\d+.*:\d+:\d+\)$/;
    expect(circuitOf(Geocoder, 'lookup')?.key).toMatch(place);
  });

  it('is in messages no more than class and method', async () => {
    const geocoder = await failing(new Geocoder());
    expect(await errorOf(() => geocoder.lookup())).toMatchObject({
      message: 'Circuit "Geocoder.lookup" is open: retry after 100ms',
    });
  });

  it('is that of the class that has the method, where a subclass inherits it', () => {
    expect(circuitOf(Inheriting, 'lookup')?.key).toMatch(/^Geocoder\.lookup /);
  });

  it('is that of the subclass, where that has a decorator', () => {
    expect(circuitOf(Overriding, 'lookup')?.key).toMatch(/^Overriding\.lookup /);
  });

  it('shows a symbol in brackets', () => {
    expect(circuitOf(Named, tag)?.key).toMatch(/^Named\[Symbol\(tag\)\] \(/);
  });

  it('may have any characters', () => {
    new Named()['a method (in words)']();
    expect(circuitOf(Named, 'a method (in words)')?.key).toMatch(/^Named\.a method \(in words\) \(/);
  });

  it.each(['long '.repeat(200), `x${'🔌'.repeat(200)}`])('is no longer than a key may be: %.12s…', (name) => {
    const key = circuitOf(Named, name as keyof Named)?.key ?? '';
    expect([key.startsWith('Named.'), Buffer.byteLength(key) <= 500]).toEqual([true, true]);
  });

  it('is one of whole characters where the method’s name is not', () => {
    expect(circuitOf(Named, 'half \ud800')?.key).toMatch(/^Named\.half \ufffd \(/);
  });

  it('says that a class has no name that is a text', () => {
    class Strange {
      static name = 7;

      @CircuitBreaker()
      lookup(): void {}
    }
    expect(circuitOf(Strange, 'lookup')?.key).toMatch(/^\(anonymous\)\.lookup \(/);
  });

  it('is found among all circuits', async () => {
    await new Geocoder().reverse();
    expect(circuits.keys()).toContain(circuitOf(Geocoder, 'reverse')?.key);
  });
});

describe('the circuit that circuitOf finds is that of the calls', () => {
  /** A class that is no Geocoder, and has no API to call. */
  class Inventory {
    readonly items: readonly string[] = [];
  }

  class Parser {
    readonly language: string = 'en';

    @CircuitBreaker(BRITTLE)
    static parse(text: string): never {
      throw new Error(text);
    }
  }

  it.each([
    ['a class', Geocoder],
    ['a prototype', Geocoder.prototype],
    ['an instance', new Geocoder()],
    ['a subclass', Inheriting],
    ['an instance of a subclass', new Inheriting()],
  ])('asked of %s', async (_, target) => {
    await failing(new Geocoder());
    expect(circuitOf(target, 'lookup')?.state).toBe('open');
  });

  it('asked before the first call', async () => {
    const circuit = circuitOf(Geocoder, 'lookup');
    await failing(new Inheriting());
    expect(circuit?.state).toBe('open');
  });

  it('asked of a static method', async () => {
    await outcomeOf(() => Parser.parse('one'));
    expect(circuitOf(Parser, 'parse')?.state).toBe('open');
  });

  it('where the first call is that of a method that was taken off its instance', async () => {
    const lookup = methodOf(new Geocoder(), 'lookup');
    await outcomeOf(() => lookup());
    expect(circuitOf(Geocoder, 'lookup')?.state).toBe('open');
  });

  it('where the first call is that of a static method that was taken off its class', async () => {
    await outcomeOf(() => ['one'].map(Parser.parse));
    expect(circuitOf(Parser, 'parse')?.state).toBe('open');
  });

  it('where the first call is through another object that has borrowed the method', async () => {
    const borrower: object = Object.assign(new Inventory(), {
      lookup: methodOf(Geocoder.prototype, 'lookup'),
    });
    await outcomeOf(() => call(borrower, 'lookup'));
    expect(circuitOf(Geocoder, 'lookup')?.state).toBe('open');
  });

  it('where the first call is through a class to which the method was copied', async () => {
    Object.assign(Inventory.prototype, { lookup: methodOf(Geocoder.prototype, 'lookup') });
    await outcomeOf(() => call(new Inventory(), 'lookup'));
    expect(circuitOf(Geocoder, 'lookup')?.state).toBe('open');
  });
});

describe('the name of an own circuit says the class', () => {
  class Parser {
    readonly language: string = 'en';

    @CircuitBreaker(BRITTLE)
    static parse(): string {
      return 'parsed';
    }

    @CircuitBreaker(BRITTLE)
    print(): string {
      return 'printed';
    }
  }

  it('where the first call is that of a static method that was taken off its class', () => {
    methodOf(Parser, 'parse')();
    expect(circuits.keys()).toContainEqual(expect.stringMatching(/^Parser\.parse /));
  });

  it('where the first call is that of a method that was taken off its instance', () => {
    methodOf(new Parser(), 'print')();
    expect(circuits.keys()).toContainEqual(expect.stringMatching(/^Parser\.print /));
  });
});

describe('a static method and an instance method of one name that a helper decorates', () => {
  const guarded = composed(CircuitBreaker(BRITTLE));

  class Both {
    @guarded
    load(): string {
      throw new Error('down');
    }

    @guarded
    static load(): string {
      return 'static';
    }
  }

  it('are two circuits, without a warning', async () => {
    const warnings = heardWarnings();
    await outcomeOf(() => new Both().load());
    expect([Both.load(), warnings]).toEqual(['static', []]);
  });
});

describe('two classes of one name', () => {
  class Client {
    readonly api: Api = new Api();

    @CircuitBreaker({ failureThreshold: 1 })
    async load(): Promise<string> {
      return this.api.get();
    }
  }

  it('have two circuits', async () => {
    const client = new OtherClient();
    client.api.isDown = true;
    await outcomeOf(() => client.load());
    expect(await outcomeOf(() => new Client().load())).toBe('answer');
  });

  it('have two circuits of which each shows the same name', async () => {
    const shown = await Promise.all(
      [new Client(), new OtherClient()].map(async (client) => {
        circuitOf(client, 'load')?.force('open');
        return errorOf(() => client.load());
      }),
    );
    const message = 'Circuit "Client.load" is forced open: an operator holds it so';
    expect(shown).toMatchObject([{ message }, { message }]);
  });

  it('are no reason for a warning where they are at two places', () => {
    const warnings = heardWarnings();
    circuitOf(Client, 'load');
    circuitOf(OtherClient, 'load');
    expect(warnings).toEqual([]);
  });
});

describe('two classes of one name that are decorated by one line of code', () => {
  const guarded = composed(CircuitBreaker(BRITTLE));

  /** Each call makes another class. */
  function makeClient(): new () => { load(): string } {
    class Client {
      @guarded
      load(): string {
        return 'loaded';
      }
    }
    return Client;
  }

  it('share a circuit with a warning that tells what to do', () => {
    const warnings = heardWarnings();
    new (makeClient())().load();
    new (makeClient())().load();
    expect(warnings).toEqual([expect.stringMatching(/share the circuit "Client\.load .*Give each a key/)]);
  });

  it('are one warning, however many there are and however often they are asked', () => {
    const warnings = heardWarnings();
    const [one, other, third] = [makeClient(), makeClient(), makeClient()];
    for (const client of [one, other, one, other, third]) circuitOf(client, 'load');
    expect(warnings.length).toBeLessThanOrEqual(1);
  });

  it('are no warning where it is the same class that is asked again', () => {
    const warnings = heardWarnings();
    class Single {
      @guarded
      load(): string {
        return 'loaded';
      }
    }
    new Single().load();
    circuitOf(Single, 'load');
    expect(warnings).toEqual([]);
  });
});

describe('two methods with long names that begin alike, decorated by one line of code', () => {
  const guarded = composed(CircuitBreaker(BRITTLE));
  const beginning = 'long '.repeat(200);

  class Long {
    @guarded
    [`${beginning} one`](): never {
      throw new Error('down');
    }

    @guarded
    [`${beginning} other`](): string {
      return 'fine';
    }
  }

  it('are two circuits', async () => {
    const long = new Long();
    await outcomeOf(() => call(long, `${beginning} one`));
    expect(await outcomeOf(() => call(long, `${beginning} other`))).toBe('fine');
  });
});

describe('two decorators without a key on one method', () => {
  class Twice {
    @CircuitBreaker({ failureThreshold: 9 })
    @CircuitBreaker(BRITTLE)
    load(): string {
      throw new Error('down');
    }
  }

  it('are two circuits', async () => {
    await outcomeOf(() => new Twice().load());
    expect(circuitOf(Twice, 'load')?.snapshot()).toMatchObject({ state: 'closed', failures: 1 });
  });

  it('are no reason for a warning', async () => {
    const warnings = heardWarnings();
    await outcomeOf(() => new Twice().load());
    expect(warnings).toEqual([]);
  });
});
