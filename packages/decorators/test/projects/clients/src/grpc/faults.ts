import grpc from '@grpc/grpc-js';
import { freePort } from '../http/server.js';
import type { Fault } from '../run/fault.js';
import { answered, contended, ignored, lasting, type Outcome, recovered, retried } from '../run/outcome.js';
import { accept, type Connection } from '../tcp/server.js';
import { type GrpcClient, type GrpcConnection, service, type Wish } from './client.js';

interface Served {
  readonly connection: GrpcConnection;
  readonly requests: () => number;
  readonly close: () => void;
}

async function serve(client: GrpcClient, wishes: (count: number) => Wish | 'hang'): Promise<Served> {
  const server = new grpc.Server();
  let count = 0;
  const ask: grpc.handleUnaryCall<Wish, unknown> = (_, callback) => {
    const wish = wishes(++count);
    if (wish === 'hang') return;
    const { code = 0, pushback, details } = wish;
    if (code === 0) return callback(null, { good: true });
    const metadata = new grpc.Metadata();
    if (pushback !== undefined) metadata.set('grpc-retry-pushback-ms', pushback);
    if (details !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(details, 'base64'));
    callback({ code, details: 'as asked', metadata });
  };
  server.addService(service, { ask });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const connection = client.connect(port);
  const close = () => {
    connection.close();
    server.forceShutdown();
  };
  return { connection, requests: () => count, close };
}

function wishing(name: string, wish: Wish, expected: Outcome): Fault<GrpcClient> {
  return {
    name,
    expected,
    begin: async (client) => {
      const { connection, requests, close } = await serve(client, () => wish);
      return { ask: () => connection.ask(wish), requests, close };
    },
  };
}

function status(code: number, expected: (got: string) => Outcome, kind: string): Fault<GrpcClient> {
  return wishing(`${code} ${grpc.status[code]}`, { code }, expected(kind));
}

/** Speaks TCP, and what is not gRPC. */
function broken(name: string, behave: (connection: Connection) => void): Fault<GrpcClient> {
  return {
    name,
    expected: retried('outage'),
    begin: async (client) => {
      const server = await accept(behave);
      const connection = client.connect(server.port);
      const close = async () => {
        connection.close();
        await server.close();
      };
      return { ask: () => connection.ask({}, { deadline: 3_000 }), close };
    },
  };
}

/** google.rpc.Status of code 8 with a RetryInfo of 3.5 s. */
const RETRY_INFO = 'CAgSAXgaOAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIMCgoIAxCAyrXuAQ==';

function abortSoon(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 150);
  return controller.signal;
}

export const grpcFaults: readonly Fault<GrpcClient>[] = [
  wishing('0 OK', { code: 0 }, answered('a result')),
  status(1, lasting, 'abort'),
  status(2, retried, 'outage'),
  status(3, answered, 'answer'),
  status(4, retried, 'timeout'),
  status(5, answered, 'answer'),
  status(6, answered, 'answer'),
  status(7, ignored, 'denied'),
  status(8, retried, 'overload'),
  status(9, answered, 'answer'),
  status(10, contended, 'answer'),
  status(11, answered, 'answer'),
  status(12, ignored, 'denied'),
  status(13, retried, 'outage'),
  status(14, retried, 'outage'),
  status(15, lasting, 'outage'),
  status(16, ignored, 'denied'),
  wishing('8, pushback of 1500 ms', { code: 8, pushback: '1500' }, retried('overload', 1_500)),
  wishing('14, pushback of 1500 ms', { code: 14, pushback: '1500' }, retried('overload', 1_500)),
  wishing('14, pushback of -1: not again', { code: 14, pushback: '-1' }, lasting('outage')),
  wishing('8, a RetryInfo of 3.5 s', { code: 8, details: RETRY_INFO }, retried('overload', 3_500)),
  {
    name: '14 twice, then 0',
    expected: recovered(),
    begin: async (client) => {
      const { connection, requests, close } = await serve(client, (count) => ({ code: count < 3 ? 14 : 0 }));
      return { ask: () => connection.ask({}), requests, close };
    },
  },
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const connection = client.connect(await freePort());
      return { ask: () => connection.ask({}), close: connection.close };
    },
  },
  broken('resets before an answer', (connection) => connection.resetAndDestroy()),
  broken('sends what is not HTTP/2', (connection) => void connection.end('HTTP/1.1 200 OK\r\n\r\n')),
  {
    name: 'hangs, the deadline of the call',
    expected: retried('timeout'),
    begin: async (client) => {
      const { connection, close } = await serve(client, () => 'hang');
      return { ask: () => connection.ask({}, { deadline: 150 }), close };
    },
  },
  {
    name: 'cancelled, by an argument',
    expected: ignored('abort'),
    begin: async (client) => {
      const { connection, close } = await serve(client, () => 'hang');
      const ask = (signal: AbortSignal) => connection.ask({}, { signal });
      return { ask, args: [abortSoon()], close };
    },
  },
  {
    name: 'cancelled, by closure',
    expected: lasting('abort'),
    begin: async (client) => {
      const { connection, close } = await serve(client, () => 'hang');
      return { ask: () => connection.ask({}, { signal: abortSoon() }), close };
    },
  },
];
