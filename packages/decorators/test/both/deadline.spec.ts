import { describe, expect, it } from '@jest/globals';
import { attemptsOf, execution } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { Deadline, policiesOf, Retry } from '@switchgear/decorators';
import { errorOf, outcomeOf, thrownBy } from '../support/outcome-of.js';

const clock = new ManualClock();
const clocks = { clock, wallClock: () => 5_000 + clock.now() };

class Service {
  readonly name: string = 'one';
  calls = 0;

  @Deadline('1s', clocks)
  async load(what: string): Promise<string> {
    return what === 'hang' ? new Promise<never>(() => undefined) : `${what} of ${this.name}`;
  }

  @Deadline({ deadline: '1s' }, clocks)
  @Retry({ delays: ['600ms'], maxRetries: 5 }, { clock })
  async again(): Promise<void> {
    this.calls++;
    throw new Error('down');
  }

  @Deadline('2s', clocks)
  async outer(): Promise<number | undefined> {
    return this.inner();
  }

  @Deadline('10s', clocks)
  async inner(): Promise<number | undefined> {
    return execution().deadline;
  }

  @Deadline('1s', clocks)
  async *items(): AsyncGenerator<number> {
    yield 1;
    await clock.sleep(2_000);
    yield 2;
  }
}

class Sub extends Service {
  override readonly name: string = 'sub';
}

async function advance(ms: number): Promise<void> {
  await new Promise(setImmediate);
  clock.advance(ms);
  await new Promise(setImmediate);
}

describe('@Deadline', () => {
  it('lets a call be that ends in time, with its this and its arguments', async () => {
    expect([await new Service().load('a'), await new Sub().load('b')]).toEqual(['a of one', 'b of sub']);
  });

  it('ends a call that takes longer', async () => {
    const outcome = outcomeOf(() => new Service().load('hang'));
    await advance(1_000);
    expect(await outcome).toBe('ERR_DEADLINE');
  });

  it('lets a retry inside of it begin no wait that cannot end in time', async () => {
    const service = new Service();
    const failure = errorOf(() => service.again());
    await advance(600);
    expect(attemptsOf(await failure)?.gaveUp).toBe('no-time-left');
    expect(service.calls).toBe(2);
  });

  it('is inherited by a call that the method makes before its first await', async () => {
    expect(await new Service().outer()).toBe(5_000 + clock.now() + 2_000);
  });

  it('bounds the whole of an async generator', async () => {
    const items = new Service().items();
    expect(await items.next()).toEqual({ done: false, value: 1 });
    const next = outcomeOf(() => items.next());
    await advance(1_000);
    expect(await next).toBe('ERR_DEADLINE');
  });

  it('is read back as a policy, however it was written', () => {
    expect(policiesOf(Sub, 'load')).toEqual([{ kind: 'deadline', policy: { deadline: '1s' } }]);
    expect(policiesOf(Service, 'again')[0]).toEqual({ kind: 'deadline', policy: { deadline: '1s' } });
  });

  it.each([[undefined], [null], [{}], [0], ['soon'], [{ deadline: '1s', deadlin: 1 }], [() => '1s']])(
    'throws where it is written, of %p',
    (deadline) => {
      expect(thrownBy(() => Deadline(deadline as never))).toMatchObject({
        code: 'ERR_POLICY',
        faults: [expect.anything()],
      });
    },
  );
});
