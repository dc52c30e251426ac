import { stackOf } from '../../call/policy-stack.js';
import { fieldOf } from '../../errors/object-shape.js';
import { parseDuration } from '../../time/duration.js';
import type { MachineSettings } from './transition.js';

/**
 * How long a probe may take, in ms: what the policy says, else the timeout further in in the stack of the function that is called,
 * else the default.
 */
export function probeTime(settings: MachineSettings, fn: object | undefined): number {
  const { permitTimeout, isPermitTimeoutDefault } = settings;
  if (isPermitTimeoutDefault !== true || fn === undefined) return permitTimeout;
  return timeoutWithin(fn) ?? permitTimeout;
}

/** The first timeout or deadline of a stack. Behind a retry it bounds an attempt alone, and says nothing of the whole call. */
function timeoutWithin(fn: object): number | undefined {
  for (const { kind, written } of stackOf(fn)) {
    if (kind === 'timeout' || kind === 'deadline') return parseDuration(fieldOf(written.policy, kind));
    if (kind === 'retry') return undefined;
  }
  return undefined;
}
