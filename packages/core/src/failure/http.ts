import { fieldOf, isObject } from '../errors/object-shape.js';
import { type Clues, rareFieldOf } from './clues.js';
import { type Failure, sharedFailure } from './failure.js';

/**
 * HTTP statuses, in every way in which clients and servers write them on an error.
 *
 * - 408, 425, 429, 449 and 529 are overload
 * - 401, 403, 407, 421, 426 and 511 are denied
 * - all other 3xx and 4xx are answers, all other 5xx outages
 */
export function readHttp(clues: Clues): Failure | undefined {
  const status = httpStatusOf(clues);
  if (status === undefined) return undefined;
  return status === 429 && clues.code === 'insufficient_quota' ? UNPAID : httpFailure(status);
}

/** 529 is what Anthropic and others say while they are overloaded. */
const OVERLOAD: ReadonlySet<number> = new Set([408, 425, 429, 449, 529]);
const DENIED: ReadonlySet<number> = new Set([401, 403, 407, 421, 426, 511]);

/** Not Implemented and HTTP Version Not Supported say something of the server's code, not of the moment. */
const LASTING: ReadonlySet<number> = new Set([501, 505]);

/** OpenAI's 429 for an account without credit: overload, but another attempt does not help. */
const UNPAID = sharedFailure('overload', 'http', false, 'HTTP 429', 429);

/** Readings by status, made as they are needed. */
const readings: (Failure | undefined)[] = [];

/** @param status 300 to 599 */
export function httpFailure(status: number): Failure {
  return (readings[status - 300] ??= readingOf(status));
}

function readingOf(status: number): Failure {
  const text = `HTTP ${status}`;
  if (OVERLOAD.has(status)) return sharedFailure('overload', 'http', true, text, status);
  if (DENIED.has(status)) return sharedFailure('denied', 'http', false, text, status);
  if (status < 500) return sharedFailure('answer', 'http', false, text, status);
  return sharedFailure('outage', 'http', !LASTING.has(status), text, status);
}

/** The status that an error or its response carries; undefined where there is none of 300 to 599. */
export function httpStatusOf(clues: Clues): number | undefined {
  return (
    asStatus(clues.status) ??
    asStatus(clues.statusCode) ??
    statusOfResponse(clues.response) ??
    statusOfResponse(clues.$response) ??
    // AWS SDK 3.
    asStatus(fieldOf(clues.$metadata, 'httpStatusCode')) ??
    // Boom and hapi.
    asStatus(fieldOf(clues.output, 'statusCode')) ??
    statusInCode(clues) ??
    rareStatusOf(clues)
  );
}

function statusOfResponse(response: unknown): number | undefined {
  if (!isObject(response)) return undefined;
  return asStatus(fieldOf(response, 'status')) ?? asStatus(fieldOf(response, 'statusCode'));
}

/** tRPC has it in `data`; some clients call it `httpStatus` or `httpStatusCode`. */
function rareStatusOf(clues: Clues): number | undefined {
  if (!clues.hasRare) return undefined;
  return (
    asStatus(fieldOf(rareFieldOf(clues, 'data'), 'httpStatus')) ??
    asStatus(rareFieldOf(clues, 'httpStatus')) ??
    asStatus(rareFieldOf(clues, 'httpStatusCode'))
  );
}

/** Kubernetes, Google and SendGrid put the status into `code`; each has one of these beside it. */
const BESIDE_CODE = ['errors', 'response', 'body', 'config', 'headers', 'details', 'kind'];

/** Statuses that no other protocol has among its reply codes: FTP and SMTP use many of the rest, with other meanings. */
const HTTP_ONLY: ReadonlySet<number> = new Set([
  400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 422, 428, 429,
]);

function statusInCode({ error, code, name }: Clues): number | undefined {
  const status = typeof code === 'number' ? asStatus(code) : undefined;
  // The codes of MongoDB are numbers of their own.
  if (status === undefined || (typeof name === 'string' && name.startsWith('Mongo'))) return undefined;
  if (HTTP_ONLY.has(status)) return status;
  return BESIDE_CODE.some((field) => isSaid(fieldOf(error, field))) ? status : undefined;
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Also a status that is a text of three digits. */
export function asStatus(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const status = typeof value === 'string' && /^[345]\d\d$/.test(value) ? Number(value) : value;
  return Number.isInteger(status) && (status as number) >= 300 && (status as number) < 600
    ? (status as number)
    : undefined;
}
