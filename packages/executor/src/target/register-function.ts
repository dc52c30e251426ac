import { listenForWrappers } from '@switchgear/core/kit';
import type { Owner } from '../protocol/address.js';
import { type MarkSite, siteInside } from './mark-site.js';
import type { ParallelOptions } from './parallel-mark.js';
import { register, registrationOf } from './registrations.js';

/**
 * Registers a marked function, and each function that a policy makes of it from now on: `withRetry()(lookup)` is another function, which
 * workers find too.
 *
 * @param self `this` of a static method
 */
export function registerFunction(
  fn: Owner,
  name: string,
  site: MarkSite,
  options: ParallelOptions,
  self?: Self,
): void {
  // One policy may tell twice of one wrapper.
  if (registrationOf(fn)?.site.place === site.place) return;
  register({ kind: 'function', site, name, options, written: fn, owner: fn, self });
  listenForWrappers(fn, (wrapper, kind) =>
    registerFunction(wrapper, name, siteInside(site, kind), options, self),
  );
}

/** The class of a static method; known once the class is there. */
export interface Self {
  current: unknown;
}
