import { Readable } from 'node:stream';
import type { Fault } from '../../run/fault.js';
import type { Scene } from '../../run/measure.js';
import { answered, lasting } from '../../run/outcome.js';
import type { HttpClient } from '../client.js';
import { answerWith, type Behaviour, serve } from '../server.js';

/** 400 kB in pieces. */
const stream = () => Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(10_000, 'x')));

const uploading =
  (behave: Behaviour) =>
  async (client: HttpClient): Promise<Scene | undefined> => {
    const server = await serve(behave);
    const { upload, close } = client.connect(server.url);
    const end = async () => {
      await close?.();
      await server.close();
    };
    if (upload !== undefined) return { ask: (body: Readable) => upload(body), args: [stream()], close: end };
    await end();
    return undefined;
  };

const used = { gaveUp: 'input-used' };

/** A stream is gone after the first attempt: a second one would send what is left of it. */
export const uploadFaults: readonly Fault<HttpClient>[] = [
  { name: 'takes the stream', expected: answered('a result'), begin: uploading(answerWith(200)) },
  {
    name: 'resets in the stream',
    expected: { ...lasting('outage'), ...used },
    begin: uploading((request) => void request.once('data', () => request.socket.resetAndDestroy())),
  },
  {
    name: '503 after the stream',
    expected: { ...lasting('outage 503'), ...used },
    begin: uploading(answerWith(503)),
  },
  {
    name: '503 after the stream, `Retry-After`',
    expected: { ...lasting('overload 503'), ...used },
    begin: uploading(answerWith(503, { 'retry-after': '3' })),
  },
];
