import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker as Breaker, circuits } from '@switchgear/core';
import { circuitOf, CircuitBreaker } from '@switchgear/decorators';
import { Api } from '../support/api.js';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { Router } from '../support/other-module.js';
import { errorOf, outcomeOf, thrownBy } from '../support/outcome-of.js';

const { advance } = manualCircuits();

const KEY = 'keys.spec shared';
const REFUSED = 'ERR_CIRCUIT_OPEN';

class Geocoder {
  readonly api: Api = new Api();

  @CircuitBreaker({ ...BRITTLE, key: KEY })
  async lookup(address = 'Vienna'): Promise<string> {
    return this.api.get(`point of ${address}`);
  }

  @CircuitBreaker(KEY)
  async reverse(): Promise<string> {
    return this.api.get('address');
  }

  @CircuitBreaker({ ...BRITTLE, key: 'keys.spec another' })
  async suggest(): Promise<string> {
    return this.api.get('Vie');
  }

  @CircuitBreaker(KEY)
  static async about(): Promise<string> {
    return 'static';
  }
}

class Maps {
  @CircuitBreaker({ key: KEY })
  async tile(): Promise<string> {
    return 'tile';
  }

  /** Declares it once more, with the same policy. */
  @CircuitBreaker({ ...BRITTLE, key: KEY })
  draw(): string {
    return 'drawn';
  }
}

class StreetMaps extends Maps {
  @CircuitBreaker(KEY)
  async street(): Promise<string> {
    return 'street';
  }
}

/** A call through the circuit fails, and opens it. */
async function outage(): Promise<Geocoder> {
  const geocoder = new Geocoder();
  geocoder.api.isDown = true;
  await outcomeOf(() => geocoder.lookup());
  return geocoder;
}

describe('a key is one circuit', () => {
  it('for the method that failed', async () => {
    const geocoder = await outage();
    expect(await outcomeOf(() => geocoder.lookup())).toBe(REFUSED);
  });

  it('for two methods', async () => {
    const geocoder = await outage();
    expect(await outcomeOf(() => geocoder.reverse())).toBe(REFUSED);
  });

  it('for all instances', async () => {
    await outage();
    expect(await outcomeOf(() => new Geocoder().lookup())).toBe(REFUSED);
  });

  it('for an instance method and a static one', async () => {
    await outage();
    expect(await outcomeOf(() => Geocoder.about())).toBe(REFUSED);
  });

  it('for two classes', async () => {
    await outage();
    expect(await outcomeOf(() => new Maps().tile())).toBe(REFUSED);
  });

  it('for a class that declares it again with the same policy', async () => {
    await outage();
    expect(await outcomeOf(() => new Maps().draw())).toBe(REFUSED);
  });

  it('for two modules', async () => {
    await outage();
    expect(await outcomeOf(() => new Router().route())).toBe(REFUSED);
  });

  it('for two modules, whichever of them has failed', async () => {
    const router = new Router();
    router.api.isDown = true;
    await outcomeOf(() => router.route());
    expect(await outcomeOf(() => new Geocoder().lookup())).toBe(REFUSED);
  });

  it('for a base class and a method of its subclass', async () => {
    await outage();
    expect(await outcomeOf(() => new StreetMaps().street())).toBe(REFUSED);
  });

  it('for the function forms', async () => {
    await outage();
    expect(circuits.get(KEY).state).toBe('open');
  });

  it('which closes for all of them', async () => {
    const geocoder = await outage();
    geocoder.api.isDown = false;
    advance(100);
    await geocoder.reverse();
    expect(await outcomeOf(() => new Router().route())).toBe('route');
  });

  it('and no other key', async () => {
    const geocoder = await outage();
    geocoder.api.isDown = false;
    expect(await outcomeOf(() => geocoder.suggest())).toBe('Vie');
  });
});

describe('a refusal', () => {
  it('does not call the method', async () => {
    const geocoder = await outage();
    await outcomeOf(() => geocoder.lookup());
    expect(geocoder.api.calls).toBe(1);
  });

  it('names the circuit by its key', async () => {
    const geocoder = await outage();
    expect(await errorOf(() => geocoder.lookup())).toMatchObject({ circuit: KEY, retryAfter: 100 });
  });

  it('rejects where the method is async', async () => {
    await outage();
    await expect(new Maps().tile()).rejects.toMatchObject({ code: REFUSED });
  });

  it('is thrown where the method has returned a plain value', async () => {
    new Maps().draw();
    await outage();
    expect(() => new Maps().draw()).toThrow(expect.objectContaining({ code: REFUSED }));
  });
});

describe('a key that stands for another policy', () => {
  const place: unknown = expect.stringMatching(/keys\.spec\.ts:\d+:\d+$/);

  function declareAgain(): unknown {
    return thrownBy(() => {
      class Other {
        @CircuitBreaker({ key: KEY, failureThreshold: 9 })
        async lookup(): Promise<void> {}
      }
      return new Other();
    });
  }

  it('is told when the class is defined', () => {
    expect(declareAgain()).toMatchObject({ code: 'ERR_KEY_CONFLICT', key: KEY });
  });

  it('is told with both places', () => {
    expect(declareAgain()).toMatchObject({ here: place, there: place });
  });

  it('is told with the place of the decorator, not of another declaration', () => {
    const { here, there } = declareAgain() as { here: string; there: string };
    const lineOf = (site: string) => Number(site.split(':').at(-2));
    expect(lineOf(here)).toBeGreaterThan(lineOf(there));
  });

  it('is told in words with both places', () => {
    expect(declareAgain()).toMatchObject({
      message: expect.stringMatching(/keys\.spec\.ts:\d+:\d+.*keys\.spec\.ts:\d+:\d+/),
    });
  });
});

describe('a policy of the key alone', () => {
  class Joining {
    @CircuitBreaker({ key: 'keys.spec joined' })
    async lookup(): Promise<void> {}

    @CircuitBreaker({ key: 'keys.spec by default' })
    static load(): never {
      throw new Error('down');
    }
  }

  it('joins the circuit that another class declares later', async () => {
    class Declaring {
      @CircuitBreaker({ ...BRITTLE, key: 'keys.spec joined' })
      load(): never {
        throw new Error('down');
      }
    }
    await outcomeOf(() => new Declaring().load());
    expect(await outcomeOf(() => new Joining().lookup())).toBe('ERR_CIRCUIT_OPEN');
  });

  it('declares the circuit with the defaults at the first call, if no place has', async () => {
    for (let i = 0; i < 5; i++) await outcomeOf(() => Joining.load());
    expect([circuitOf(Joining, 'load')?.state, circuitOf(Joining, 'load')?.explain().threshold]).toEqual([
      'open',
      5,
    ]);
  });
});

describe('a key that nobody has declared', () => {
  class Lost {
    @CircuitBreaker('keys.spec sharde')
    async wait(): Promise<void> {}

    @CircuitBreaker('keys.spec sharde')
    now(): void {}
  }

  it('is no error before the first call', () => {
    expect(new Lost()).toBeInstanceOf(Lost);
  });

  it('rejects the first call of an async method', async () => {
    await expect(new Lost().wait()).rejects.toMatchObject({ code: 'ERR_POLICY' });
  });

  it('is thrown at the first call of a sync method', () => {
    expect(() => new Lost().now()).toThrow(expect.objectContaining({ code: 'ERR_POLICY' }));
  });

  it('is told with the keys that are declared', () => {
    expect(() => new Lost().now()).toThrow(/one of .*keys\.spec shared.*keys\.spec another/);
  });

  it('is told with the nearest key', () => {
    expect(() => new Lost().now()).toThrow('did you mean "keys.spec shared"?');
  });

  it('is what circuitOf throws, too', () => {
    expect(() => circuitOf(Lost, 'now')).toThrow(expect.objectContaining({ code: 'ERR_POLICY' }));
  });

  it('may be declared after a call that failed for want of it', () => {
    class Early {
      @CircuitBreaker('keys.spec late')
      now(): string {
        return 'now';
      }
    }
    expect(() => new Early().now()).toThrow();
    circuits.get('keys.spec late', BRITTLE);
    expect(new Early().now()).toBe('now');
  });
});

describe('a breaker instead of a key', () => {
  const breaker = new Breaker({ failureThreshold: 1, resetTimeout: '1h' });

  class Held {
    @CircuitBreaker(breaker)
    now(): string {
      return 'now';
    }
  }

  it('is the circuit of the method', () => {
    expect(circuitOf(Held, 'now')).toBe(breaker);
  });

  it('guards the method', () => {
    breaker.force('open');
    expect(() => new Held().now()).toThrow(expect.objectContaining({ code: REFUSED }));
  });
});
