import { fieldOf } from '../errors/object-shape.js';
import { type Clues, rareFieldOf } from './clues.js';
import { type Failure, sharedFailure } from './failure.js';

/** Built-in classes of programming errors: the code will be the same at the next attempt. */
const BUGS: ReadonlyMap<string, Failure> = new Map(
  ['EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'].map((name) => [
    name,
    sharedFailure('bug', 'code', false, name),
  ]),
);

/** Codes of Node, undici and axios for programming errors whose class does not tell. */
const CODES: ReadonlyMap<unknown, Failure> = new Map(
  [
    'ERR_ASSERTION',
    'ERR_METHOD_NOT_IMPLEMENTED',
    'ERR_MODULE_NOT_FOUND',
    'MODULE_NOT_FOUND',
    'ERR_INVALID_URL',
    'ERR_BAD_OPTION',
    'ERR_BAD_OPTION_VALUE',
    'ERR_NOT_SUPPORT',
    'UND_ERR_INVALID_ARG',
    'UND_ERR_INVALID_RETURN_VALUE',
    'UND_ERR_NOT_SUPPORTED',
    'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  ].map((code) => [code, sharedFailure('bug', 'code', false, code)]),
);

export const FAILED_FETCH: Failure = sharedFailure('outage', 'system', true, 'failed fetch');
const BROKEN_BODY = sharedFailure('outage', 'http', true, 'broken body');

/**
 * Recognises programming errors. Two kinds of built-in errors are none: the TypeError of a `fetch` whose network failed, and
 * the SyntaxError of a response body that is not complete JSON.
 */
export function readCode(clues: Clues): Failure | undefined {
  const { builtIn, name, code, type } = clues;
  const bug = BUGS.get(builtIn);
  if (bug === undefined) {
    // axios copies the name of what JSON.parse threw onto an AxiosError.
    if (name === 'SyntaxError' && isBrokenBody(clues)) return BROKEN_BODY;
    // Apollo and node-fetch 2.
    if (name === 'ServerParseError' || type === 'invalid-json') return BROKEN_BODY;
    return typeof code === 'string' ? CODES.get(code) : undefined;
  }
  if (builtIn === 'TypeError' && isFailedFetch(clues.message)) return FAILED_FETCH;
  if (builtIn === 'SyntaxError' && isBrokenBody(clues)) return BROKEN_BODY;
  return bug;
}

/** What `fetch` says of a network that failed, in Node, the browsers, Cloudflare and Deno. */
const FETCH_FAILED =
  /^(fetch failed|terminated|network error|Failed to fetch|Load failed|NetworkError when attempting to fetch resource\.|A network error occurred\.|Network request failed|Network connection lost\.?|error sending request for url .*)$/;

function isFailedFetch(message: unknown): boolean {
  return typeof message === 'string' && FETCH_FAILED.test(message);
}

/** What V8 says of JSON that ends too early. Older and newer versions have words of their own. */
const CUT_SHORT =
  /^(Unexpected end of (JSON )?input|Unterminated string in JSON|(Expected|No number|Unterminated|Exponent) .* in JSON at position \d+)/;

/** HTML instead of JSON: the error page of a gateway. */
const HTML_INSTEAD = /^Unexpected token '?<'?,? .*JSON/;

function isBrokenBody(clues: Clues): boolean {
  const { message, response, status } = clues;
  if (typeof message === 'string' && (CUT_SHORT.test(message) || HTML_INSTEAD.test(message))) return true;
  // superagent and axios attach the response that they could not parse.
  return (
    isGood(status) || isGood(fieldOf(response, 'status')) || rareFieldOf(clues, 'rawResponse') !== undefined
  );
}

function isGood(status: unknown): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}
