import grpc from '@grpc/grpc-js';
import type { Named } from '../run/fault.js';

/** What the server is asked to answer with. */
export interface Wish {
  readonly code?: number;
  /** `grpc-retry-pushback-ms` of the trailers. */
  readonly pushback?: string;
  /** `google.rpc.Status` in `grpc-status-details-bin`, in base64. */
  readonly details?: string;
}

export interface GrpcConnection {
  /** @param deadline of the call, in ms from now */
  readonly ask: (wish: Wish, options?: { deadline?: number; signal?: AbortSignal }) => Promise<unknown>;
  readonly close: () => void;
}

export interface GrpcClient extends Named {
  readonly connect: (port: number) => GrpcConnection;
}

const toBytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const fromBytes = (bytes: Buffer): unknown => JSON.parse(bytes.toString());

/** A service without protocol buffers: JSON goes over the wire. */
export const service: grpc.ServiceDefinition = {
  ask: {
    path: '/case.Service/Ask',
    requestStream: false,
    responseStream: false,
    requestSerialize: toBytes,
    requestDeserialize: fromBytes,
    responseSerialize: toBytes,
    responseDeserialize: fromBytes,
  },
};

type Callback = (error: grpc.ServiceError | null, value: unknown) => void;
type Ask = (wish: Wish, options: grpc.CallOptions, callback: Callback) => grpc.ClientUnaryCall;

const Client = grpc.makeGenericClientConstructor(service, 'case');

export const grpcJs: GrpcClient = {
  name: 'grpc-js',
  connect: (port) => {
    const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      'grpc.enable_retries': 0,
    });
    return {
      ask: (wish, { deadline, signal } = {}) =>
        new Promise((resolve, reject) => {
          const options = deadline === undefined ? {} : { deadline: Date.now() + deadline };
          const call = (client['ask'] as unknown as Ask).call(client, wish, options, (error, value) => {
            if (error === null) resolve(value);
            else reject(error);
          });
          // It takes no AbortSignal.
          if (signal?.aborted === true) call.cancel();
          signal?.addEventListener('abort', () => call.cancel(), { once: true });
        }),
      close: () => client.close(),
    };
  },
};
