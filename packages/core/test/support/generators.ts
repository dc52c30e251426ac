export type Stream = AsyncGenerator<unknown, unknown, unknown> | Generator<unknown, unknown, unknown>;
export type Body = (...args: never[]) => Generator<unknown, unknown, unknown>;
export type Kind = (body: Body) => (...args: unknown[]) => Stream;

/** The two kinds of generator functions; what a spec says of one holds for the other. */
export const kinds: readonly (readonly [string, Kind])[] = [
  [
    'an async generator',
    (body) =>
      async function* (...args) {
        return yield* body(...(args as never[]));
      },
  ],
  [
    'a generator',
    (body) =>
      function* (...args) {
        return yield* body(...(args as never[]));
      },
  ],
];

/** Three items and a value. */
export function* three(): Generator<unknown, unknown, unknown> {
  yield 1;
  yield 2;
  yield 3;
  return 'done';
}

/** One item and an error. */
export function* failsAfterOne(): Generator<unknown, unknown, unknown> {
  yield 1;
  throw new Error('down');
}

/** One step; what a generator throws is a rejection here, whichever kind it is. */
export const step = async (stream: Stream, ...sent: [] | [unknown]): Promise<IteratorResult<unknown>> =>
  stream.next(...sent);

export async function itemsOf(stream: Stream): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** A stream that fails with an error of the spec's choice. */
export function* failing(error: unknown): Generator<unknown, void> {
  if (error !== undefined) throw error;
  yield 'nothing';
}
