import { fieldOf, isObject } from '../errors/object-shape.js';
import { type Clues } from './clues.js';
import { type Failure, type FailureKind, sharedFailure } from './failure.js';

/** Source: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const STATUSES: readonly (readonly [name: string, kind: FailureKind, transient: boolean] | undefined)[] = [
  undefined, // 0 is OK
  ['CANCELLED', 'abort', false],
  ['UNKNOWN', 'outage', true],
  ['INVALID_ARGUMENT', 'answer', false],
  ['DEADLINE_EXCEEDED', 'timeout', true],
  ['NOT_FOUND', 'answer', false],
  ['ALREADY_EXISTS', 'answer', false],
  ['PERMISSION_DENIED', 'denied', false],
  ['RESOURCE_EXHAUSTED', 'overload', true],
  ['FAILED_PRECONDITION', 'answer', false],
  ['ABORTED', 'answer', true],
  ['OUT_OF_RANGE', 'answer', false],
  ['UNIMPLEMENTED', 'denied', false],
  ['INTERNAL', 'outage', true],
  ['UNAVAILABLE', 'outage', true],
  // "Unrecoverable data loss or corruption".
  ['DATA_LOSS', 'outage', false],
  ['UNAUTHENTICATED', 'denied', false],
];

const READINGS = STATUSES.map((status, code) => {
  if (status === undefined) return undefined;
  const [name, kind, transient] = status;
  return sharedFailure(kind, 'grpc', transient, `gRPC ${code} ${name}`);
});

/** Errors of @grpc/grpc-js and google-gax, nice-grpc, Connect, grpc-web and protobuf-ts. A small number alone is none. */
export function readGrpc(clues: Clues): Failure | undefined {
  const { code } = clues;
  if (typeof code === 'string' && isProtobufTs(clues)) return grpcFailureNamed(code);
  if (typeof code !== 'number') return undefined;
  return isGrpc(clues) ? READINGS[code] : undefined;
}

function isProtobufTs({ name, error }: Clues): boolean {
  return name === 'RpcError' && typeof fieldOf(error, 'methodName') === 'string';
}

function isGrpc({ name, error, code, details, metadata }: Clues): boolean {
  if (typeof code !== 'number' || !(code >= 0 && code <= 16)) return false;
  if (typeof details === 'string') return isObject(metadata) || typeof fieldOf(error, 'path') === 'string';
  return isObject(metadata) && (name === 'RpcError' || typeof fieldOf(error, 'rawMessage') === 'string');
}

/** Google's JSON gives the name of a gRPC status as text, beside an HTTP status. */
export function grpcFailureNamed(name: unknown): Failure | undefined {
  return typeof name === 'string' ? READINGS.find((_, code) => STATUSES[code]?.[0] === name) : undefined;
}
