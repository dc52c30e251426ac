import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  pipeline,
  withBulkhead,
  withCircuitBreaker,
  withDeadline,
  withRetry,
  withTimeout,
} from '@switchgear/core';
import { Bulkhead, CircuitBreaker, Deadline, policiesOf, Retry, Timeout } from '@switchgear/decorators';
import { historyOf, type Scene } from '../support/scenes.js';

let expected: readonly string[];

beforeAll(async () => {
  expected = await historyOf((scene) => {
    const { clock } = scene;
    return pipeline(
      withDeadline(scene.deadline, { clock }),
      withRetry(scene.retry, { clock }),
      withBulkhead(scene.bulkhead),
      withCircuitBreaker(scene.circuit),
      withTimeout(scene.timeout, { clock }),
    )((what: string) => scene.get(what));
  });
});

function serviceOf(scene: Scene) {
  const { clock } = scene;
  class Service {
    static readonly #home: Scene = scene;
    readonly #scene: Scene = scene;

    @Deadline(scene.deadline, { clock })
    @Retry(scene.retry, { clock })
    @Bulkhead(scene.bulkhead)
    @CircuitBreaker(scene.circuit)
    @Timeout(scene.timeout, { clock })
    async #load(what: string): Promise<string> {
      return this.#scene.get(what);
    }

    @Deadline(scene.deadline, { clock })
    @Retry(scene.retry, { clock })
    @Bulkhead(scene.bulkhead)
    @CircuitBreaker(scene.circuit)
    @Timeout(scene.timeout, { clock })
    static async #loadFor(what: string): Promise<string> {
      return this.#home.get(what);
    }

    load(what: string): Promise<string> {
      return this.#load(what);
    }

    static load(what: string): Promise<string> {
      return this.#loadFor(what);
    }

    kinds(): readonly string[] {
      return policiesOf(this.#load).map(({ kind }) => kind);
    }
  }
  return Service;
}

describe('a stack of all decorators does at the same times what the pipeline of their policies does', () => {
  it('on a #private method', async () => {
    const history = await historyOf((scene) => {
      const service = new (serviceOf(scene))();
      return (what) => service.load(what);
    });
    expect(history).toEqual(expected);
  });

  it('on a static #private method', async () => {
    const history = await historyOf((scene) => {
      const Service = serviceOf(scene);
      return (what) => Service.load(what);
    });
    expect(history).toEqual(expected);
  });
});

it('policiesOf shows the stack of a #private method', async () => {
  await historyOf((scene) => {
    expect(new (serviceOf(scene))().kinds()).toEqual([
      'deadline',
      'retry',
      'bulkhead',
      'circuit-breaker',
      'timeout',
    ]);
    return async (what) => what;
  });
});
