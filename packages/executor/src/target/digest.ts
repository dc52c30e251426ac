import { originalOf } from '@switchgear/core/kit';
import { createHash } from 'node:crypto';
import type { Owner } from '../protocol/address.js';

const digests = new WeakMap<Owner, string>();

/** A digest of the text of a class or function; of a function that policies guard, the text of the innermost one. */
export function digestOf(owner: Owner): string {
  let digest = digests.get(owner);
  if (digest === undefined) {
    const text = Function.prototype.toString.call(originalOf(owner));
    digest = createHash('sha256').update(text).digest('base64url');
    digests.set(owner, digest);
  }
  return digest;
}
