import type { Address, Class } from '../protocol/address.js';
import type { HostChannel, WorkerHost } from '../protocol/host-channel.js';
import type { ParallelOptions } from './parallel-mark.js';

export interface Registration {
  readonly address: Address;
  readonly options: ParallelOptions;
}

/**
 * The marked classes of this thread. All copies of this package in the thread share them: its ES and CommonJS builds, and a copy in a user's
 * bundle. The bootstrap of a worker finds them by their symbol, and knows nothing else of this package.
 */
interface Registrations {
  readonly byClass: WeakMap<Class, Registration>;
  readonly byAddress: Map<string, Class>;
  readonly counts: Map<string, number>;
  /** Makes the worker's host. The first copy of the package in the thread sets it. */
  host: ((channel: HostChannel, memory: Int32Array) => WorkerHost) | undefined;
}

export const REGISTRATIONS_KEY = '@switchgear/executor/1';

const holder = globalThis as Record<symbol, Registrations | undefined>;

export const registrations: Registrations = (holder[Symbol.for(REGISTRATIONS_KEY)] ??= {
  byClass: new WeakMap(),
  byAddress: new Map(),
  counts: new Map(),
  host: undefined,
});

/** Registers a class under a new address. */
export function register(
  target: Class,
  className: string,
  module: string,
  options: ParallelOptions,
): Address {
  const name = `${module}#${className}`;
  const ordinal = registrations.counts.get(name) ?? 0;
  registrations.counts.set(name, ordinal + 1);
  const address = { module, className, ordinal };
  alias(target, { address, options });
  return address;
}

/** Registers a class under the address of another one, in whose place another decorator has put it. */
export function alias(target: Class, registration: Registration): void {
  registrations.byClass.set(target, registration);
  registrations.byAddress.set(nameOf(registration.address), target);
}

export function registrationOf(target: Class): Registration | undefined {
  return registrations.byClass.get(target);
}

export function classAt(address: Address): Class | undefined {
  return registrations.byAddress.get(nameOf(address));
}

function nameOf({ module, className, ordinal }: Address): string {
  return `${module}#${className}#${ordinal ?? 'exported'}`;
}
