import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as fs from 'node:fs';
import * as vm from 'node:vm';
import { Worker } from 'node:worker_threads';
import { CircuitBreakerError, isCircuitBreakerError } from '../../../src/circuit/errors.js';
import { PanelFullError } from '../../../src/panel/panel-full-error.js';
import { isKeyConflictError, KeyConflictError } from '../../../src/panel/key-conflict-error.js';
import {
  type ErrorRecord,
  fromErrorRecord,
  registerErrorClass,
  toErrorRecord,
} from '../../../src/errors/record/error-record.js';
import { isRefusal, PolicyError } from '../../../src/index.js';

/** What a thread does with a thrown value: record, clone, revive. */
function cross(thrown: unknown): unknown {
  return fromErrorRecord(structuredClone(toErrorRecord(thrown)));
}
function crossError(thrown: unknown): Error & Record<string, unknown> {
  return cross(thrown) as Error & Record<string, unknown>;
}
function crossAsJson(thrown: unknown): unknown {
  return fromErrorRecord(JSON.parse(JSON.stringify(toErrorRecord(thrown))) as ErrorRecord);
}

describe('an error of Switchgear that crosses threads', () => {
  const cause = Object.assign(new TypeError('socket hang up'), { code: 'ECONNRESET' });
  const error = new CircuitBreakerError({ circuit: 'geo', state: 'open', openedAt: 5, retryAfter: 7, cause });

  it.each<[string, Error]>([
    ['CircuitBreakerError', error],
    ['PolicyError', new PolicyError('P', [{ path: 'a', received: -1, allowed: 'more' }])],
    ['KeyConflictError', new KeyConflictError({ key: 'k', here: 'a', there: 'b', differences: ['window'] })],
    ['PanelFullError', new PanelFullError({ what: 'memory', capacity: 8 })],
  ])('comes back as itself: %s', (_, sent) => {
    const back = crossError(sent);
    expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(sent));
    expect({ ...back, message: back.message, stack: back.stack }).toEqual({
      ...sent,
      message: sent.message,
      stack: sent.stack,
    });
  });

  it('is known to its guard, as a refusal, and to instanceof', () => {
    const back = cross(error);
    expect([isCircuitBreakerError(back), isRefusal(back), back instanceof CircuitBreakerError]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('brings its cause, as its class and with its code', () => {
    const back = crossError(error).cause;
    expect(back).toBeInstanceOf(TypeError);
    expect(back).toMatchObject({ message: 'socket hang up', code: 'ECONNRESET' });
  });

  it('crosses as JSON as well', () => {
    expect(isCircuitBreakerError(crossAsJson(error))).toBe(true);
  });

  it('is known to its guard even where its class was never loaded', () => {
    class Elsewhere extends Error {}
    Object.defineProperty(Elsewhere.prototype, Symbol.for('@switchgear/error'), { value: 'ERR_NOT_LOADED' });
    Object.defineProperty(Elsewhere.prototype, Symbol.for('@switchgear/refusal'), { value: true });
    const back = cross(new Elsewhere('x'));
    expect([isRefusal(back), (back as Record<symbol, unknown>)[Symbol.for('@switchgear/error')]]).toEqual([
      true,
      'ERR_NOT_LOADED',
    ]);
  });

  it('is not mistaken for by an error that only has its code', () => {
    expect(isKeyConflictError(cross(Object.assign(new Error('x'), { code: 'ERR_KEY_CONFLICT' })))).toBe(
      false,
    );
  });
});

describe('a built-in error that crosses threads', () => {
  it.each([EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, Error])(
    'comes back as %p',
    (Class) => {
      const back = crossError(new Class('boom'));
      expect([back.constructor, back.name, back.message]).toEqual([Class, Class.name, 'boom']);
    },
  );

  it('brings the errors that it aggregates', () => {
    const back = cross(new AggregateError([new RangeError('a'), 'b'], 'both')) as AggregateError;
    expect(back).toBeInstanceOf(AggregateError);
    expect([(back.errors[0] as Error).constructor, back.errors[1], Object.keys(back)]).toEqual([
      RangeError,
      'b',
      [],
    ]);
  });

  it.each(['AbortError', 'TimeoutError', 'DataCloneError'])('comes back as a DOMException: %s', (name) => {
    const sent = new DOMException('stopped', name);
    const back = cross(sent) as DOMException;
    expect(back).toBeInstanceOf(DOMException);
    expect([back.name, back.message, back.code, back.stack]).toEqual([
      name,
      'stopped',
      sent.code,
      sent.stack,
    ]);
  });

  it('keeps its stack to the letter', () => {
    const sent = new Error('boom');
    expect(crossError(sent).stack).toBe(sent.stack);
  });

  it('comes back with its header where it had no stack', () => {
    const sent = new TypeError('boom');
    Object.defineProperty(sent, 'stack', { value: undefined });
    expect(crossError(sent).stack).toBe('TypeError: boom');
  });

  it('from another realm comes back as one of this realm', () => {
    const foreign: unknown = vm.runInNewContext(`Object.assign(new RangeError('far'), { code: 'E_FAR' })`);
    expect(foreign).not.toBeInstanceOf(RangeError);
    expect(cross(foreign)).toBeInstanceOf(RangeError);
    expect(cross(foreign)).toMatchObject({ message: 'far', code: 'E_FAR' });
  });

  it('thrown by a module of Node, of which Jest has another Error, comes back as an Error', () => {
    let thrown: unknown;
    try {
      fs.readFileSync('/no/such/file');
    } catch (error) {
      thrown = error;
    }
    expect(cross(thrown)).toBeInstanceOf(Error);
    expect(cross(thrown)).toMatchObject({
      code: 'ENOENT',
      errno: -2,
      syscall: 'open',
      path: '/no/such/file',
    });
  });

  it('survives a real thread', async () => {
    const worker = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads'); parentPort.postMessage(workerData)`,
      {
        eval: true,
        workerData: toErrorRecord(
          new AggregateError([new CircuitBreakerError({ circuit: 'c', state: 'open' })], 'all'),
        ),
      },
    );
    const record = await new Promise<ErrorRecord>((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    await worker.terminate();
    expect((fromErrorRecord(record) as AggregateError).errors[0]).toBeInstanceOf(CircuitBreakerError);
  });
});

describe("a user's error that crosses threads", () => {
  class HttpError extends TypeError {
    override readonly name = 'HttpError';
    readonly status: number;
    constructor(status: number) {
      super(`HTTP ${status}`);
      this.status = status;
    }
  }
  let unregister = (): void => undefined;
  afterEach(() => unregister());

  it('comes back as the nearest built-in class, with its own name and fields', () => {
    const back = crossError(new HttpError(503));
    expect([back instanceof TypeError, back.name, back['status'], Object.keys(back)]).toEqual([
      true,
      'HttpError',
      503,
      ['name', 'status'],
    ]);
  });

  it('brings a code that its class inherits', () => {
    class Coded extends Error {
      get code(): string {
        return 'E_CODED';
      }
    }
    expect(crossError(new Coded('x'))['code']).toBe('E_CODED');
  });

  it('brings errors that its fields hold', () => {
    const back = crossError(Object.assign(new Error('outer'), { attempts: [new RangeError('first')] }));
    expect((back['attempts'] as Error[])[0]).toBeInstanceOf(RangeError);
  });

  it('brings dates, maps, sets and bytes', () => {
    const fields = {
      at: new Date(5),
      by: new Map([['a', 1]]),
      of: new Set([2]),
      raw: new Uint8Array([1, 2]),
      re: /a/g,
    };
    expect({ ...crossError(Object.assign(new Error('x'), fields)) }).toEqual(fields);
  });

  it('comes back as its class when that is registered', () => {
    class PaymentError extends Error {
      readonly code = 'E_PAYMENT';
      readonly #amount: number;
      constructor(message: string, amount: number) {
        super(message);
        this.#amount = amount;
        Object.assign(this, { amount });
      }
      get euros(): string {
        return `${this.#amount} €`;
      }
    }
    unregister = registerErrorClass(
      'E_PAYMENT',
      ({ message, fields }) => new PaymentError(message, Number(fields['amount'])),
    );
    const sent = Object.assign(new PaymentError('declined', 30), { order: 7 });
    const back = cross(sent) as PaymentError;
    expect([back instanceof PaymentError, back.euros, back.stack, { ...back }]).toEqual([
      true,
      '30 €',
      sent.stack,
      { code: 'E_PAYMENT', amount: 30, order: 7 },
    ]);
  });

  it('comes back plain when its reviver throws', () => {
    unregister = registerErrorClass('E_BAD', () => {
      throw new Error('cannot');
    });
    expect(cross(Object.assign(new Error('x'), { code: 'E_BAD' }))).toMatchObject({
      message: 'x',
      code: 'E_BAD',
    });
  });

  it('comes back plain once its class is no longer registered', () => {
    registerErrorClass('E_GONE', () => new RangeError('revived'))();
    expect(crossError(Object.assign(new Error('x'), { code: 'E_GONE' })).message).toBe('x');
  });

  it.each([
    ['', () => new Error()],
    ['E_X', undefined],
  ])('cannot be registered with code %j and reviver %p', (code, revive) => {
    expect(() => registerErrorClass(code, revive as never)).toThrow(TypeError);
  });
});

describe('what cannot cross', () => {
  class Socket {
    end(): void {}
  }

  it('is replaced by a short text', () => {
    const fields = {
      onRetry() {},
      tag: Symbol('t'),
      socket: new Socket(),
      pending: Promise.resolve(),
      weak: new WeakMap(),
    };
    expect({ ...crossError(Object.assign(new Error('x'), fields)) }).toEqual({
      onRetry: '[function onRetry]',
      tag: '[Symbol(t)]',
      socket: '[Socket]',
      pending: '[Promise]',
      weak: '[WeakMap]',
    });
  });

  it('does not include instances that are only data', () => {
    class Point {
      readonly x = 1;
    }
    expect(crossError(Object.assign(new Error('x'), { at: new Point() }))['at']).toEqual({ x: 1 });
  });

  it('may be a getter that throws', () => {
    const sent = new Error('x');
    Object.defineProperty(sent, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(crossError(sent)['bad']).toBe('[unreadable: its getter threw]');
  });

  it('may be an error that throws at every touch', () => {
    const fail = (): never => {
      throw new Error('touched');
    };
    const handler = {
      get: fail,
      ownKeys: fail,
      getPrototypeOf: fail,
      getOwnPropertyDescriptor: fail,
      has: fail,
    };
    expect(() => cross(new Proxy(new Error('x'), handler))).not.toThrow();
  });

  it('may be a revoked Proxy', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(cross(proxy)).toBe('[unreadable object]');
  });

  it('is not an error behind a Proxy, which crosses', () => {
    expect(cross(new Proxy(new RangeError('x'), {}))).toBeInstanceOf(RangeError);
  });

  it('may be a prototype chain without an end', () => {
    const endless: object = new Proxy({}, { getPrototypeOf: () => endless });
    expect(() => cross(Object.assign(new Error('x'), { endless }))).not.toThrow();
  });

  it('is never a way to the prototype', () => {
    const sent = new Error('x');
    Object.defineProperty(sent, '__proto__', { value: { polluted: true }, enumerable: true });
    const back = crossError(sent);
    expect([Object.getPrototypeOf(back), Object.hasOwn(back, '__proto__')]).toEqual([Error.prototype, true]);
  });
});

describe('a cycle', () => {
  it('of causes is restored', () => {
    const first: Error = new Error('first');
    const second = new Error('second', { cause: first });
    first.cause = second;
    const back = crossError(first);
    expect((back.cause as Error).cause).toBe(back);
  });

  it('of causes is restored from JSON', () => {
    const self = new TypeError('self');
    Object.defineProperty(self, 'cause', { value: self });
    const back = crossAsJson(self) as Error;
    expect(back.cause).toBe(back);
  });

  it('through own fields is restored', () => {
    const state: Record<string, unknown> = { list: [] as unknown[] };
    state['self'] = state;
    (state['list'] as unknown[]).push(state['list']);
    const back = crossError(Object.assign(new Error('x'), { state }))['state'] as typeof state;
    expect([back['self'] === back, (back['list'] as unknown[])[0] === back['list']]).toEqual([true, true]);
  });

  it('to an error whose class is registered is cut with a mark', () => {
    const unregister = registerErrorClass('E_LOOP', ({ message }) => new RangeError(message));
    const self: Error & { code: string; self?: Error } = Object.assign(new Error('x'), { code: 'E_LOOP' });
    self.self = self;
    const back = crossError(self);
    unregister();
    expect(back['self']).toBe('[circular]');
  });
});

describe('what was thrown but is no error', () => {
  it.each<[unknown]>([
    ['text'],
    [''],
    [undefined],
    [null],
    [0],
    [-0],
    [Number.NaN],
    [10n],
    [false],
    [{ status: 503, nested: { list: [1, undefined] } }],
    [{ '@switchgear': 'ref', id: 1 }],
    [{ name: 'Error', message: 'plain', stack: 'text' }],
    [[1, [2]]],
  ])('comes back equal: %p', (thrown) => {
    expect(cross(thrown)).toEqual(thrown);
  });

  it('comes back equal, whatever data it is', () => {
    fc.assert(
      fc.property(
        fc
          .object({ withBigInt: true, withDate: true, withMap: true, withSet: true, maxDepth: 4 })
          // Jest finds a set of an invalid date unequal to its like.
          .filter((thrown) => !fc.stringify(thrown).includes('Date(NaN)')),
        (thrown) => {
          expect(cross(thrown)).toEqual(thrown);
        },
      ),
    );
  }, 30_000);
});

describe('the bounds of a record', () => {
  it('cut a chain of causes that is too deep, with a mark', () => {
    let error = new Error('0');
    for (let depth = 1; depth <= 500; depth++) error = new Error(String(depth), { cause: error });
    let last: unknown = cross(error);
    while (last instanceof Error) last = last.cause;
    expect(last).toBe('[cut: nested deeper than 64]');
  });

  it('cut a list that is too long, and say how much is missing', () => {
    const back = cross(Array.from({ length: 1_000_000 }, () => 1)) as unknown[];
    expect(back.at(-1)).toMatch(/^\[cut: 99\d{4} more items\]$/);
  });

  it('cut texts that are too long, of the fields before those of the error', () => {
    const back = crossError(Object.assign(new Error('kept'), { body: 'x'.repeat(3_000_000) }));
    expect([back.message, String(back['body']).length < 1_000_100, back['body']]).toEqual([
      'kept',
      true,
      expect.stringMatching(/more characters\]$/),
    ]);
  });

  it('hold for objects that double at every level', () => {
    let doubled: unknown = 1;
    for (let level = 0; level < 60; level++) doubled = [doubled, doubled];
    expect(JSON.stringify(toErrorRecord(doubled)).length).toBeLessThan(1_000_000);
  });

  it('hold for bytes', () => {
    expect(crossError(Object.assign(new Error('x'), { raw: new Uint8Array(2_000_000) }))['raw']).toBe(
      '[cut: 2000000 bytes]',
    );
  });
});

describe('a record', () => {
  it.each([
    [undefined],
    [null],
    ['x'],
    [{}],
    [{ kind: 'other' }],
    [{ kind: 'error', fields: 3, hidden: 'x' }],
  ])('that is none, %p, comes back as an error and does not throw', (record) => {
    expect(fromErrorRecord(record as never)).toBeInstanceOf(Error);
  });

  it('is not changed by reading it', () => {
    const record = toErrorRecord(new Error('x', { cause: { a: [1] } }));
    const before = structuredClone(record);
    fromErrorRecord(record);
    expect(record).toEqual(before);
  });

  it('of any error is clonable and brings name, message, stack, fields and causes back', () => {
    const field = fc.string().filter((key) => !['name', 'message', 'stack', 'cause', 'code'].includes(key));
    const errors = fc.letrec<{ error: Error; cause: unknown }>((tie) => ({
      cause: fc.oneof({ maxDepth: 5, depthIdentifier: 'error' }, fc.jsonValue({ maxDepth: 2 }), tie('error')),
      error: fc
        .record({
          Class: fc.constantFrom(Error, TypeError, RangeError, SyntaxError),
          name: fc.option(fc.string(), { nil: undefined }),
          message: fc.string(),
          fields: fc.dictionary(field, tie('cause'), { maxKeys: 2 }),
          cause: fc.option(tie('cause')),
        })
        .map(({ Class, name, message, fields, cause }) => {
          const error = cause === null ? new Class(message) : new Class(message, { cause });
          if (name !== undefined) error.name = name;
          for (const [key, value] of Object.entries(fields)) {
            Object.defineProperty(error, key, {
              value,
              enumerable: true,
              configurable: true,
              writable: true,
            });
          }
          return error;
        }),
    })).error;
    fc.assert(fc.property(errors, (error) => expectSame(cross(error), error)));
    fc.assert(fc.property(errors, (error) => expectSame(cross(crossAsJson(error)), error)));
  }, 30_000);

  it('can be made of anything, and cloned', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBoxedValues: true, withTypedArray: true, withNullPrototype: true }),
        (value) => {
          cross(Object.assign(new Error('x', { cause: value }), { value }));
        },
      ),
    );
  }, 30_000);
});

function expectSame(back: unknown, sent: unknown): void {
  if (!(sent instanceof Error)) {
    // JSON has no -0.
    expect(JSON.stringify(back)).toBe(JSON.stringify(sent));
    return;
  }
  const error = back as Error;
  expect([error.constructor, error.name, error.message, error.stack]).toEqual([
    sent.constructor,
    sent.name,
    sent.message,
    sent.stack,
  ]);
  expect(Object.keys(error).sort()).toEqual(Object.keys(sent).sort());
  for (const key of Object.keys(sent)) expectSame(Reflect.get(error, key), Reflect.get(sent, key));
  expect(Object.hasOwn(error, 'cause')).toBe(Object.hasOwn(sent, 'cause'));
  if (Object.hasOwn(sent, 'cause')) expectSame(error.cause, sent.cause);
}
