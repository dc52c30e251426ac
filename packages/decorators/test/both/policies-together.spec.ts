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

/** What the decorators below are to do. */
let expected: readonly string[];

beforeAll(async () => {
  expected = await historyOf((scene) => {
    const { clock } = scene;
    const policy = pipeline(
      withDeadline(scene.deadline, { clock }),
      withRetry(scene.retry, { clock }),
      withBulkhead(scene.bulkhead),
      withCircuitBreaker(scene.circuit),
      withTimeout(scene.timeout, { clock }),
    );
    return policy((what: string) => scene.get(what));
  });
});

function servicesOf(scene: Scene) {
  const { clock } = scene;
  class Service {
    static readonly scene: Scene = scene;
    readonly scene: Scene = scene;

    @Deadline(scene.deadline, { clock })
    @Retry(scene.retry, { clock })
    @Bulkhead(scene.bulkhead)
    @CircuitBreaker(scene.circuit)
    @Timeout(scene.timeout, { clock })
    async load(what: string): Promise<string> {
      return this.scene.get(what);
    }

    @Deadline(scene.deadline, { clock })
    @Retry(scene.retry, { clock })
    @Bulkhead(scene.bulkhead)
    @CircuitBreaker(scene.circuit)
    @Timeout(scene.timeout, { clock })
    static async load(what: string): Promise<string> {
      return this.scene.get(what);
    }
  }

  class Inheriting extends Service {}

  class Overriding extends Service {
    override load(what: string): Promise<string> {
      return super.load(what);
    }

    static override load(what: string): Promise<string> {
      return super.load(what);
    }
  }
  return { Service, Inheriting, Overriding };
}

describe('a stack of all decorators does at the same times what the pipeline of their policies does', () => {
  it.each([
    [
      'on a method',
      (scene: Scene) => {
        const service = new (servicesOf(scene).Service)();
        return (what: string) => service.load(what);
      },
    ],
    [
      'on a static method',
      (scene: Scene) => {
        const { Service } = servicesOf(scene);
        return (what: string) => Service.load(what);
      },
    ],
    [
      'on an inherited method',
      (scene: Scene) => {
        const service = new (servicesOf(scene).Inheriting)();
        return (what: string) => service.load(what);
      },
    ],
    [
      'on an inherited static method',
      (scene: Scene) => {
        const { Inheriting } = servicesOf(scene);
        return (what: string) => Inheriting.load(what);
      },
    ],
    [
      'on a method that an override calls',
      (scene: Scene) => {
        const service = new (servicesOf(scene).Overriding)();
        return (what: string) => service.load(what);
      },
    ],
    [
      'on a static method that an override calls',
      (scene: Scene) => {
        const { Overriding } = servicesOf(scene);
        return (what: string) => Overriding.load(what);
      },
    ],
  ])('%s', async (_, make) => {
    expect(await historyOf(make)).toEqual(expected);
  });

  it('while each of them ends a call', () => {
    const codes = expected.flatMap((line) => /ERR_\w+/.exec(line) ?? []);
    expect([...new Set(codes)].sort()).toEqual([
      'ERR_BULKHEAD_FULL',
      'ERR_CIRCUIT_OPEN',
      'ERR_DEADLINE',
      'ERR_TIMEOUT',
    ]);
  });
});

it('policiesOf shows the stack, outermost first, with the keys', async () => {
  await historyOf((scene) => {
    const { Service } = servicesOf(scene);
    expect(
      policiesOf(Service, 'load').map((policy) =>
        'key' in policy ? [policy.kind, policy.key] : policy.kind,
      ),
    ).toEqual(['deadline', 'retry', ['bulkhead', 'scene'], ['circuit-breaker', 'scene'], 'timeout']);
    return async (what) => what;
  });
});
