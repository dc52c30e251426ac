import { encodeText } from './text.js';

const BYTES_OF_KEY = 500;

/** The part of an `OptionReader` that a key needs. */
interface KeyReader {
  text(name: 'key'): string | undefined;
  fault(path: 'key', allowed: string): void;
}

/** Reads the key of a policy, and reports one that cannot be a name. */
export function readKey(read: KeyReader): string | undefined {
  const key = read.text('key');
  const allowed = key === undefined ? undefined : allowedInsteadOf(key);
  if (allowed !== undefined) read.fault('key', allowed);
  return key;
}

/** The text that is allowed instead of `key`, in words; undefined if `key` can be a name. */
export function allowedInsteadOf(key: string): string | undefined {
  if (key === '') return 'a text that is not empty';
  if (encodeText(key).bytes > BYTES_OF_KEY) return `a text of at most ${BYTES_OF_KEY} bytes of UTF-8`;
  // In UTF-8 all halves of characters become the same character, so that two names would be one.
  return /\p{Surrogate}/u.test(key) ? 'a text of whole characters' : undefined;
}
