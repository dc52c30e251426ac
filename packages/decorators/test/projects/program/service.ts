import { Bulkhead, CircuitBreaker, Circuits, Deadline, Retry, Timeout } from '@switchgear/decorators';

/** An API that can be down. */
export class Api {
  calls = 0;
  /** How many of the next calls fail. */
  failures = 0;

  async get(what: string): Promise<string> {
    this.calls++;
    if (this.failures > 0) {
      this.failures--;
      throw new Error('connect ECONNREFUSED');
    }
    return what;
  }
}

/** Two methods of one API: when one of them opens the circuit, it is open for both. */
@Circuits({ 'geo-api': { failureThreshold: 3, resetTimeout: '30s' } })
export class Geocoder {
  readonly api: Api;

  constructor(api: Api) {
    this.api = api;
  }

  @CircuitBreaker('geo-api')
  async lookup(address: string): Promise<string> {
    return this.api.get(`point of ${address}`);
  }

  @CircuitBreaker('geo-api')
  async reverse(latitude: number, longitude: number): Promise<string> {
    return this.api.get(`address of ${latitude} ${longitude}`);
  }
}

/** Inherits one guarded method and overrides the other. */
export class StreetGeocoder extends Geocoder {
  override async lookup(address: string): Promise<string> {
    return super.lookup(`${address} Street`);
  }
}

export class Payments {
  readonly api: Api;

  constructor(api: Api) {
    this.api = api;
  }

  /** Tries again, under a circuit without a key: it is the method's own. */
  @Retry({ maxRetries: 2, initialDelay: '5ms' })
  @CircuitBreaker({ failureThreshold: 4 })
  async charge(amount: number, currency: string): Promise<string> {
    return this.api.get(`${amount} ${currency}`);
  }
}

export class Crm {
  readonly api: Api;

  constructor(api: Api) {
    this.api = api;
  }

  /** A circuit for each tenant. */
  @CircuitBreaker({ key: (tenant) => `crm:${tenant}`, failureThreshold: 1 })
  async contacts(tenant: string, page = 1): Promise<string> {
    return this.api.get(`page ${page} of ${tenant}`);
  }
}

export class Rates {
  static readonly api = new Api();

  @CircuitBreaker({ key: 'rates', failureThreshold: 1 })
  static async of(currency: string): Promise<string> {
    return this.api.get(`rate of ${currency}`);
  }
}

/** What hangs now and then, and bears one call at a time. */
export class Archive {
  readonly api: Api;
  /** How many of the next calls hang. */
  hangs = 0;

  constructor(api: Api) {
    this.api = api;
  }

  @Deadline('20s')
  @Retry({ delays: [5] })
  @Bulkhead({ maxConcurrent: 1 })
  @CircuitBreaker({ key: 'archive', failureThreshold: 9 })
  @Timeout('50ms')
  async find(title: string): Promise<string> {
    if (this.hangs > 0) {
      this.hangs--;
      await new Promise(() => undefined);
    }
    return this.api.get(`volume of ${title}`);
  }

  @Deadline({ deadline: '50ms' })
  static async close(): Promise<string> {
    return new Promise(() => undefined);
  }

  /** Stays sync: a bulkhead without a queue makes no call wait. */
  @Bulkhead(2)
  depth(levels: number): number {
    return levels === 0 ? 0 : 1 + this.depth(levels - 1);
  }
}
