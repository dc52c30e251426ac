'use strict';
const { parentPort } = require('node:worker_threads');

// By their paths: where Node can require ES modules, the package's name stands for one build only.
const cjs = require('../../dist/cjs/index.js');

const policy = { failureThreshold: 1, resetTimeout: '1h' };
const context = { kind: 'method', name: 'load', static: false };

async function main() {
  const esm = await import('../../dist/esm/index.js');

  /** Decorated by both: the retry of one copy over the circuit of the other. */
  class Service {
    async load() {
      throw new Error('down');
    }
  }
  const guarded = cjs.CircuitBreaker(policy)(Service.prototype.load, context);
  Service.prototype.load = esm.Retry({ maxRetries: 0 })(guarded, context);

  cjs.Circuits({ 'two-copies': policy })(class Declaring {});
  class Referring {
    async load() {
      return 'loaded';
    }
  }
  Referring.prototype.load = esm.CircuitBreaker('two-copies')(Referring.prototype.load, context);

  await new Service().load().catch(() => undefined);
  parentPort.postMessage({
    areCopies: cjs.CircuitBreaker !== esm.CircuitBreaker,
    policies: [cjs, esm].map(({ policiesOf }) => policiesOf(Service, 'load').map(({ kind }) => kind)),
    states: [cjs, esm].map(({ circuitOf }) => circuitOf(Service, 'load').state),
    areOneBreaker: cjs.circuitOf(Service, 'load') === esm.circuitOf(Service, 'load'),
    referred: await new Referring().load(),
  });
}

void main();
