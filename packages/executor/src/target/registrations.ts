import type { Address, Class } from '../protocol/address.js';
import type { HostChannel, WorkerHost } from '../protocol/host-channel.js';
import type { ParallelOptions } from './parallel-mark.js';

export interface Registration {
  readonly address: Address;
  readonly options: ParallelOptions;
}

/**
 * What copies of this package in one thread share: its ES and CommonJS builds, or that in a user's bundle. What a worker is started
 * with knows nothing but this symbol.
 */
interface Registrations {
  readonly byClass: WeakMap<Class, Registration>;
  readonly byAddress: Map<string, Class>;
  readonly counts: Map<string, number>;
  /** Makes the worker's end, in the copy that the user's module has brought. */
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

/** Makes a class known by its address. */
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

/** Makes a class known by the address of another one, which it stands for. */
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
