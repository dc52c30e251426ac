import { CircuitBreaker } from '@switchgear/decorators';
import { Api } from './api.js';

/** Names the circuit that a class of another module has declared. */
export class Router {
  readonly api: Api = new Api();

  @CircuitBreaker('keys.spec shared')
  async route(): Promise<string> {
    return this.api.get('route');
  }
}

/** There is another class of this name, with a method of this name, in the module that imports this one. */
export class Client {
  readonly api: Api = new Api();

  @CircuitBreaker({ failureThreshold: 1 })
  async load(): Promise<string> {
    return this.api.get();
  }
}
