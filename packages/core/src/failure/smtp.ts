import { fieldOf } from '../errors/object-shape.js';
import { type Clues } from './clues.js';
import { failure, type Failure } from './failure.js';

/** RFC 4954: authentication required, too weak, failed, or to be encrypted. */
const DENIED: ReadonlySet<number> = new Set([530, 534, 535, 538]);

/** Errors of nodemailer: the server's reply code is in `responseCode`, beside its `response` or the `command`. */
export function readSmtp({ error, responseCode, response }: Clues): Failure | undefined {
  if (typeof responseCode !== 'number' || !Number.isInteger(responseCode)) return undefined;
  if (responseCode < 400 || responseCode > 599) return undefined;
  if (typeof response !== 'string' && typeof fieldOf(error, 'command') !== 'string') return undefined;
  const text = `SMTP ${responseCode}`;
  if (DENIED.has(responseCode)) return failure('denied', 'smtp', false, text);
  if (responseCode >= 500) return failure('answer', 'smtp', false, text);
  // A mailbox that is busy, or greylisted, says nothing against the server.
  if (responseCode === 450) return failure('answer', 'smtp', true, text);
  // Insufficient system storage.
  if (responseCode === 452) return failure('overload', 'smtp', true, text);
  return failure('outage', 'smtp', true, text);
}
