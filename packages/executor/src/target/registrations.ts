import type { Address, Owner } from '../protocol/address.js';
import type { HostChannel, WorkerHost } from '../protocol/host-channel.js';
import { digestOf } from './digest.js';
import type { MarkSite } from './mark-site.js';
import type { ParallelOptions } from './parallel-mark.js';

/** One class or function that one mark has registered. */
export interface Registration {
  readonly kind: 'class' | 'function';
  readonly site: MarkSite;
  readonly name: string;
  readonly options: ParallelOptions;
  /** What was marked. Its text is part of the address. */
  readonly written: Owner;
  /** What runs: what was marked, or what another decorator has put in its place. */
  readonly owner: Owner;
  /** `this` of a static method that has a mark of its own; its class, once that is there. */
  readonly self?: { readonly current: unknown } | undefined;
}

/**
 * The marked classes and functions of this thread. All copies of this package in the thread share them: its ES and CommonJS builds, and a
 * copy in a user's bundle. The bootstrap of a worker finds them by their symbol, and knows nothing else of this package.
 */
interface Registrations {
  readonly byOwner: WeakMap<object, Registration>;
  /** By module, name and place. There is more than one where a mark was reached more than once, as in a factory. */
  readonly byPlace: Map<string, Registration[]>;
  /** Counts what was registered. */
  changes: number;
  /** Makes the worker's host. The first copy of the package in the thread sets it. */
  host: ((channel: HostChannel, memory: Int32Array) => WorkerHost) | undefined;
}

export const REGISTRATIONS_KEY = '@switchgear/executor/1';

const holder = globalThis as Record<symbol, Registrations | undefined>;

export const registrations: Registrations = (holder[Symbol.for(REGISTRATIONS_KEY)] ??= {
  byOwner: new WeakMap(),
  byPlace: new Map(),
  changes: 0,
  host: undefined,
});

export function register(registration: Registration): void {
  registrations.changes++;
  registrations.byOwner.set(registration.owner, registration);
  const key = keyOf({ ...registration.site, ownerName: registration.name });
  const there = registrations.byPlace.get(key);
  if (there === undefined) registrations.byPlace.set(key, [registration]);
  else there.push(registration);
}

/** Another decorator has put `owner` in the place of what was registered. */
export function replace(registration: Registration, owner: Owner): Registration {
  registrations.changes++;
  const replaced = { ...registration, owner };
  registrations.byOwner.set(owner, replaced);
  const there = registrations.byPlace.get(keyOf({ ...registration.site, ownerName: registration.name }));
  const index = there?.indexOf(registration) ?? -1;
  if (index >= 0) there?.splice(index, 1, replaced);
  return replaced;
}

export function registrationOf(owner: object): Registration | undefined {
  return registrations.byOwner.get(owner);
}

/** Everything that is registered in this thread. */
export function* allRegistrations(): Generator<Registration> {
  for (const there of registrations.byPlace.values()) yield* there;
}

export function addressOf({ site, name, written }: Registration): Address {
  const { module, isRequired, place } = site;
  return { module, isRequired, ownerName: name, place, digest: digestOf(written) };
}

/** What was registered at an address in this thread: one, unless it is not there, or a mark was reached more than once. */
export function registeredAt(address: Address): readonly Registration[] {
  const there = registrations.byPlace.get(keyOf(address)) ?? [];
  return there.filter(({ written }) => digestOf(written) === address.digest);
}

function keyOf({ module, ownerName, place }: Pick<Address, 'module' | 'ownerName' | 'place'>): string {
  return JSON.stringify([module, ownerName, place]);
}
