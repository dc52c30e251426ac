import { describe, expect, it } from '@jest/globals';
import { attemptsOf, execution } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { policiesOf, Retry, Timeout } from '@switchgear/decorators';
import { firstValueFrom, NEVER, type Observable, of } from 'rxjs';
import { outcomeOf, thrownBy } from '../support/outcome-of.js';

const clock = new ManualClock();
const timed = Timeout('1s', { clock });

class Service {
  readonly name: string;
  signal: AbortSignal | undefined;

  constructor(name: string) {
    this.name = name;
  }

  @timed
  async load(what: string): Promise<string> {
    this.signal = execution().signal;
    return what === 'hang' ? new Promise<never>(() => undefined) : `${what} of ${this.name}`;
  }

  @timed
  static async load(what: string): Promise<string> {
    return what === 'hang' ? new Promise<never>(() => undefined) : `${what} of ${this.name}`;
  }

  @timed
  async *items(wait: number): AsyncGenerator<string> {
    await clock.sleep(wait);
    yield this.name;
  }

  @timed
  watch(what: string): Observable<string> {
    return what === 'hang' ? NEVER : of(`${what} of ${this.name}`);
  }

  @Retry({ delays: [0] })
  @Timeout({ timeout: '1s' }, { clock })
  async again(): Promise<void> {
    return new Promise<never>(() => undefined);
  }
}

class Sub extends Service {}

async function advance(ms: number): Promise<void> {
  await new Promise(setImmediate);
  clock.advance(ms);
  await new Promise(setImmediate);
}

async function ended(call: () => unknown, ms = 1_000): Promise<unknown> {
  const outcome = outcomeOf(call);
  await advance(ms);
  return outcome;
}

describe('@Timeout', () => {
  it('lets a call be that ends in time, with its this and its arguments', async () => {
    expect(
      await Promise.all([new Service('one').load('a'), Service.load('b'), new Sub('sub').load('c')]),
    ).toEqual(['a of one', 'b of Service', 'c of sub']);
  });

  it('ends a call that takes longer', async () => {
    expect(await ended(() => new Service('one').load('hang'))).toBe('ERR_TIMEOUT');
  });

  it('ends a call of a static method, and of an inherited one', async () => {
    expect(await ended(() => Service.load('hang'))).toBe('ERR_TIMEOUT');
    expect(await ended(() => new Sub('sub').load('hang'))).toBe('ERR_TIMEOUT');
  });

  it('aborts the signal of the execution', async () => {
    const service = new Service('one');
    await ended(() => service.load('hang'));
    expect(service.signal?.reason).toMatchObject({ code: 'ERR_TIMEOUT' });
  });

  it('bounds the wait for the first item of an async generator', async () => {
    const service = new Service('one');
    expect(await ended(() => service.items(900).next())).toEqual({ done: false, value: 'one' });
    expect(await ended(() => service.items(1_100).next())).toBe('ERR_TIMEOUT');
  });

  it('bounds the wait for the first value of an Observable', async () => {
    const service = new Service('one');
    expect(await firstValueFrom(service.watch('a'))).toBe('a of one');
    expect(await ended(() => firstValueFrom(service.watch('hang')))).toBe('ERR_TIMEOUT');
  });

  it('is a failure that a retry around it tries again', async () => {
    let error: unknown;
    const call = new Service('one').again().catch((thrown: unknown) => (error = thrown));
    for (let i = 0; i < 2; i++) await advance(1_000);
    await call;
    expect(attemptsOf(error)).toMatchObject({ count: 2, gaveUp: 'no-retries-left' });
  });

  it('is read back as a policy, however it was written', () => {
    expect(policiesOf(Sub, 'load')).toEqual([{ kind: 'timeout', policy: { timeout: '1s' } }]);
    expect(policiesOf(Service, 'again')).toEqual([
      { kind: 'retry', policy: { delays: [0] } },
      { kind: 'timeout', policy: { timeout: '1s' } },
    ]);
  });

  it.each([[undefined], [null], [{}], [0], ['soon'], [{ timeout: '1s', timeot: 1 }], [() => '1s']])(
    'throws where it is written, of %p',
    (timeout) => {
      expect(thrownBy(() => Timeout(timeout as never))).toMatchObject({
        code: 'ERR_POLICY',
        faults: [expect.anything()],
      });
    },
  );
});
