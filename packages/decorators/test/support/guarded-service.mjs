import { CircuitBreaker } from '@switchgear/decorators';

/** Decorated by hand, as a compiler does it: each thread that imports this module has its own copy of the class. */
export class Service {
  async load() {
    throw new Error('down');
  }

  static ping() {
    throw new Error('down');
  }
}

export class Other {
  async load() {
    throw new Error('down');
  }
}

const policy = { failureThreshold: 2, resetTimeout: '1h' };
for (const owner of [Service, Other]) {
  owner.prototype.load = CircuitBreaker(policy)(owner.prototype.load, {
    kind: 'method',
    name: 'load',
    static: false,
  });
}
Service.ping = CircuitBreaker(policy)(Service.ping, { kind: 'method', name: 'ping', static: true });
