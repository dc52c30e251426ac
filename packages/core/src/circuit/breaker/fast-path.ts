import type { Gate } from '../local/local-circuit.js';
import { settleSuccess } from '../machine/settlement.js';
import type { Admitted } from '../machine/transition.js';
import { SharedMemory } from '../memory/memory.js';

/** What calls under one tag are settled with, made once for all of them. */
export interface Bound {
  readonly memory: SharedMemory;
  /** Where the circuit's word is. */
  readonly at: number;
  /** The tag under which calls need no leave and no start: that of the permit, unless each call is to be timed. */
  readonly freeTag: number;
  readonly permit: Admitted;
  readonly onValue: (value: unknown) => unknown;
  readonly onError: (error: unknown) => never;
  /** The last function that returned a promise to `call`. */
  lastAsync: object | undefined;
}

const NO_ARGUMENTS: readonly unknown[] = [];

/** No word has this tag. */
const NO_TAG = -1;

/** Before the first call: never used, and never found in memory. */
export const NO_CALLS: Bound = {
  memory: new SharedMemory(new ArrayBuffer(8)),
  at: 0,
  freeTag: NO_TAG,
  permit: { status: 'admitted', place: { at: 0, birth: 0, permits: 0 }, tag: NO_TAG, probe: undefined },
  onValue: (value) => value,
  onError: (error) => {
    throw error;
  },
  lastAsync: undefined,
};

export function bind(gate: Gate, permit: Admitted): Bound {
  const isTimed = gate.settings.slowCallDuration !== undefined;
  return {
    memory: gate.memory,
    at: permit.place.at,
    freeTag: isTimed ? NO_TAG : permit.tag,
    permit,
    onValue: onValueUnder(gate, permit),
    onError: (error) => threw(gate, permit, error, undefined, NO_ARGUMENTS),
    lastAsync: undefined,
  };
}

/** A reading of the clock where anybody will ask how long the call took. */
export function startTime(gate: Gate): number | undefined {
  return gate.settings.slowCallDuration === undefined ? undefined : gate.panel.clock.now();
}

/** Settles a call that returned, and passes the value on. */
export function returned(gate: Gate, permit: Admitted, value: unknown, start: number | undefined): unknown {
  const { settings, panel } = gate;
  const isTimed = start !== undefined || settings.window?.kind === 'duration';
  const end = isTimed ? panel.clock.now() : 0;
  const isSlow = start !== undefined && end - start > (settings.slowCallDuration ?? Infinity);
  if (isSlow || permit.probe !== undefined || settings.isFailure !== undefined) {
    gate.succeeded(permit, value, isSlow);
  } else {
    settleSuccess(gate.memory, permit.place, settings, permit.tag, isTimed ? panel.moment(end) : 0);
  }
  return value;
}

/** Settles a call that threw, and throws the error on. */
export function threw(
  gate: Gate,
  permit: Admitted,
  error: unknown,
  start: number | undefined,
  args: readonly unknown[],
): never {
  gate.failed(permit, error, gate.isSlow(start), args);
  throw error;
}

/** Only as much as the policy asks for: nearly every call comes through here. */
function onValueUnder(gate: Gate, permit: Admitted): (value: unknown) => unknown {
  const { settings, memory, panel } = gate;
  const { place, tag } = permit;
  const { at } = place;
  const { window, isFailure } = settings;
  if (isFailure !== undefined) return (value) => returned(gate, permit, value, undefined);
  if (window !== undefined) {
    return (value) => {
      settleSuccess(memory, place, settings, tag, window.kind === 'duration' ? panel.now() : 0);
      return value;
    };
  }
  return (value) => {
    // Still closed and no failure to forget: there is nothing to write.
    if (memory.peek(at) !== tag || memory.peek(at + 1) !== 0) settleSuccess(memory, place, settings, tag, 0);
    return value;
  };
}
