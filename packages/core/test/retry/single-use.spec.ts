import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { attemptsOf, withRetry } from '@switchgear/core';
import { JumpingClock } from '../support/jumping-clock.js';
import { rejectionOf } from '../support/attempts-to-make.js';

/** How many attempts are made with an argument, of which each does this to it before it fails. */
async function attemptsWith(
  arg: unknown,
  use: (arg: never) => unknown,
): Promise<[number, string | undefined]> {
  let made = 0;
  const error = await rejectionOf(
    withRetry(
      { maxRetries: 2 },
      { clock: new JumpingClock() },
    )(async (one: unknown) => {
      made++;
      await use(one as never);
      throw new Error('down');
    })(arg),
  );
  return [made, attemptsOf(error)?.gaveUp];
}

const nodeStream = () => Readable.from(['a', 'b', 'c']);
const webStream = () => new Blob(['abc']).stream();
const request = () => new Request('http://127.0.0.1/', { method: 'POST', body: 'abc' });
async function* generator() {
  yield 'a';
}
const readOne = (stream: AsyncIterable<unknown>) => stream[Symbol.asyncIterator]().next();
/** Reads a little, and hands the stream back. */
async function touchWeb(stream: ReadableStream) {
  const reader = stream.getReader();
  await reader.read();
  reader.releaseLock();
}
/** A stream of readable-stream 3, as old libraries bring it along: it does not say whether it was read. */
const oldStream = () => Object.defineProperty(nodeStream(), 'readableDidRead', { value: undefined });
/** form-data 4: a stream of its own making. */
const formData = () => ({
  _streams: ['--boundary'],
  _released: false,
  _currentStream: null as unknown,
  readable: true,
  on() {},
  pipe(this: { _released: boolean }) {
    this._released = true;
  },
});
/** What formdata-node takes for a file: its stream may be the same each time. */
const fileLike = { [Symbol.toStringTag]: 'File', name: 'a.png', stream: nodeStream };
const form = (value: unknown) => ({
  append() {},
  getAll: () => [value],
  entries: () => [['file', value]].values(),
});

describe('an input that can be used once, and that an attempt has used, is the last of the retry:', () => {
  it.each<[string, unknown, (arg: never) => unknown]>([
    ['a stream that was read', nodeStream(), readOne],
    ['a stream that flows into something', nodeStream(), (s: Readable) => void s.pipe(new PassThrough())],
    ['a stream that was destroyed', nodeStream(), (s: Readable) => s.destroy()],
    ['a Transform that was read', new PassThrough().end('abc'), readOne],
    ['a web stream that was read', webStream(), touchWeb],
    ['a web stream that somebody still reads', webStream(), (s: ReadableStream) => s.getReader()],
    ['a web stream that was cancelled', webStream(), (s: ReadableStream) => s.cancel()],
    ['a reader of a web stream', webStream().getReader(), () => {}],
    ['a Request whose body was taken', request(), (r: Request) => r.text()],
    ['a Response whose body was taken', new Response('abc'), (r: Response) => r.text()],
    ['a Response of which a part was read', new Response('abc'), (r: Response) => touchWeb(r.body as never)],
    ['an async generator, of which nobody can tell', generator(), () => {}],
    ['an iterator', ['a', 'b'].values(), () => {}],
    ['a stream of an old library, which does not tell', oldStream(), () => {}],
    ['form-data that was sent', formData(), (f: { pipe(): void }) => f.pipe()],
    ['a form with what only looks like a file', form(fileLike), () => {}],
    [
      'a form with a stream that was read',
      form(nodeStream()),
      (f: ReturnType<typeof form>) => readOne(f.getAll()[0] as never),
    ],
  ])('%s', async (_, arg, use) => {
    expect(await attemptsWith(arg, use)).toEqual([1, 'input-used']);
  });

  const read = (get: (arg: never) => unknown) => (arg: never) => readOne(get(arg) as AsyncIterable<unknown>);
  it.each<[string, unknown, (arg: never) => unknown]>([
    ['body', { body: nodeStream() }, read(({ body }: { body: Readable }) => body)],
    ['data', { data: nodeStream() }, read(({ data }: { data: Readable }) => data)],
    [
      'input.Body',
      { input: { Body: nodeStream() } },
      read(({ input }: { input: { Body: Readable } }) => input.Body),
    ],
    ['file', { file: nodeStream() }, read(({ file }: { file: Readable }) => file)],
    [
      'attachments[1].content',
      { attachments: [{ content: 'abc' }, { content: nodeStream() }] },
      read(({ attachments }: { attachments: { content: Readable }[] }) => attachments[1].content),
    ],
  ])('a stream that an argument carries as its %s', async (_, arg, use) => {
    expect(await attemptsWith(arg, use)).toEqual([1, 'input-used']);
  });
});

describe('no end of a retry is', () => {
  const nothing = () => {};
  it.each<[string, unknown, (arg: never) => unknown]>([
    ['a stream that nothing was read of', nodeStream(), nothing],
    ['a web stream that nothing was read of', webStream(), nothing],
    ['a Request whose body is still there', request(), nothing],
    ['a Request that is sent as a clone', request(), (r: Request) => r.clone().text()],
    ['a Request without a body', new Request('http://127.0.0.1/'), (r: Request) => r.text()],
    ['form-data that was not sent', formData(), nothing],
    ['a text', 'abc', nothing],
    ['a Buffer', Buffer.from('abc'), nothing],
    ['an ArrayBuffer', new ArrayBuffer(3), nothing],
    ['a Blob that was read', new Blob(['abc']), (b: Blob) => b.text()],
    ['URLSearchParams', new URLSearchParams('a=1'), nothing],
    [
      'FormData of texts and Blobs',
      formOf('abc', new Blob(['abc'])),
      (f: FormData) => new Response(f).text(),
    ],
    ['a list', ['a', 'b'], nothing],
    ['a Map', new Map([['a', 1]]), nothing],
    ['an async iterable that begins anew', { [Symbol.asyncIterator]: generator }, readOne],
    ['what can only be written to', new Writable({ write() {} }), (w: Writable) => w.destroy()],
    ['an object with a method next', { next: () => 7 }, (one: { next(): number }) => one.next()],
    ['an Observable', { pipe() {}, on() {}, subscribe() {}, readable: true }, nothing],
    ['what holds itself', holdingItself(), nothing],
    ['what throws when it is looked at', hostile(), nothing],
  ])('%s', async (_, arg, use) => {
    expect(await attemptsWith(arg, use)).toEqual([3, 'no-retries-left']);
  });
});

function formOf(...values: (string | Blob)[]): FormData {
  const all = new FormData();
  for (const value of values) all.append('field', value);
  return all;
}

function holdingItself(): object {
  const self: { body?: unknown } = {};
  self.body = self;
  return self;
}

function hostile(): object {
  return new Proxy(
    {},
    {
      get() {
        throw new Error('no');
      },
    },
  );
}

it('a result that is not wanted is returned where the input was used', async () => {
  const stream = nodeStream();
  const guard = withRetry({ retryIf: ({ status }) => status === 'succeeded' }, { clock: new JumpingClock() });
  expect(await guard((one: Readable) => readOne(one).then(() => 'pending'))(stream)).toBe('pending');
});
