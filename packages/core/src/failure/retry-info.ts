import { fieldOf, isObject } from '../errors/object-shape.js';
import { type Clues, firstFieldOf, itemsOf, rareFieldOf } from './clues.js';
import { waitOf } from './moment.js';
import { bodyErrorOf } from './response-body.js';

/**
 * How long Google's `RetryInfo` asks to wait, in ms. It comes in the details of an error: as JSON, decoded by google-gax,
 * or in the bytes of gRPC's `grpc-status-details-bin`.
 *
 * Source: google/rpc/error_details.proto, google/rpc/status.proto.
 */
export function retryInfoOf(clues: Clues): number | undefined {
  const { details, response, metadata, hasRare } = clues;
  if (!hasRare && !isObject(details) && !isObject(response) && !isObject(metadata)) return undefined;
  const lists = [
    details,
    rareFieldOf(clues, 'statusDetails'),
    rareFieldOf(clues, 'errorDetails'),
    fieldOf(bodyErrorOf(response), 'details'),
  ];
  for (const list of lists) {
    for (const detail of itemsOf(list)) {
      const wait = durationOf(fieldOf(detail, 'retryDelay'));
      if (wait !== undefined) return wait;
    }
  }
  return isObject(metadata) ? fromBytes(metadata) : undefined;
}

/** A Duration as JSON has it ('3.5s'), or as an object of seconds and nanoseconds, either of which may be a Long. */
function durationOf(duration: unknown): number | undefined {
  if (typeof duration === 'string') {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1];
    return seconds === undefined ? undefined : waitOf(Number(seconds) * 1_000);
  }
  if (!isObject(duration)) return undefined;
  const seconds = numberOf(fieldOf(duration, 'seconds')) ?? 0;
  const nanos = numberOf(fieldOf(duration, 'nanos')) ?? 0;
  return waitOf(seconds * 1_000 + nanos / 1e6);
}

function numberOf(value: unknown): number | undefined {
  const plain = isObject(value) ? firstFieldOf(value, ['low']) : value;
  const number = typeof plain === 'string' ? Number(plain) : plain;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function fromBytes(metadata: object): number | undefined {
  const get = fieldOf(metadata, 'get');
  if (typeof get !== 'function') return undefined;
  const [bytes] = itemsOf((get as (name: string) => unknown).call(metadata, 'grpc-status-details-bin'));
  if (!ArrayBuffer.isView(bytes)) return undefined;
  const status = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const detail of fieldsOf(status)) {
    if (detail.number !== STATUS_DETAILS || detail.bytes === undefined) continue;
    const { type, value } = anyOf(detail.bytes);
    if (value === undefined || type?.endsWith('google.rpc.RetryInfo') !== true) continue;
    for (const delay of fieldsOf(value)) {
      if (delay.number === 1 && delay.bytes !== undefined) return protoDurationOf(delay.bytes);
    }
  }
  return undefined;
}

/** `repeated google.protobuf.Any details = 3` of google.rpc.Status. */
const STATUS_DETAILS = 3;

function anyOf(bytes: Uint8Array): { type: string | undefined; value: Uint8Array | undefined } {
  let type: string | undefined;
  let value: Uint8Array | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1 && field.bytes !== undefined)
      type = String.fromCharCode(...field.bytes.slice(0, 200));
    if (field.number === 2) value = field.bytes;
  }
  return { type, value };
}

function protoDurationOf(bytes: Uint8Array): number | undefined {
  let ms = 0;
  for (const { number, value = 0 } of fieldsOf(bytes)) {
    if (number === 1) ms += value * 1_000;
    if (number === 2) ms += value / 1e6;
  }
  return waitOf(ms);
}

interface ProtoField {
  readonly number: number;
  /** Of a field that is a number. */
  readonly value?: number;
  /** Of a field that is a text, bytes or a message. */
  readonly bytes?: Uint8Array;
}

/** The fields of a protobuf message. Stops at the first field that is broken or of a kind that is not known. */
function* fieldsOf(bytes: Uint8Array): Generator<ProtoField> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = tag >>> 3;
    const wire = tag & 7;
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 2) {
      const length = varint();
      yield { number, bytes: bytes.subarray(at, at + length) };
      at += length;
    } else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else return;
  }
}
