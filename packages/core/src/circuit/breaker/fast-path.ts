import { rememberPromise } from '../../call/function-kind.js';
import type { AnyFunction } from '../../options/option-fields.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import { settleSuccess } from '../machine/settlement.js';
import type { Admission } from '../machine/transition.js';
import { SharedMemory } from '../../panel/memory.js';
import { GAVE_PROMISES, noteResultKind } from '../memory/result-kinds.js';

/** What calls under one tag are settled with, made once for all of them. */
export interface FastPath {
  readonly memory: SharedMemory;
  /** Where the circuit's word is. */
  readonly at: number;
  /** The tag under which calls need no leave and no start: that of the permit, unless each call is to be timed. */
  readonly freeTag: number;
  readonly admission: Admission;
  readonly onValue: (value: unknown) => unknown;
  readonly onError: (error: unknown) => never;
  /** Settles what is no Promise: another thenable, an Observable, or a plain value. */
  readonly onOther: OnOther;
  /** The kinds of results that this thread has noted in the circuit's record. */
  results: number;
  /** The last function whose kind of result `call` has remembered. */
  lastKnown: object | undefined;
}

type OnOther = (result: unknown, fn: AnyFunction) => unknown;

/** Calls on the fast path have no signals among their arguments, and so need none of them. */
export const NO_ARGUMENTS: readonly unknown[] = [];

/** No word has this tag. */
const NO_TAG = -1;

/** Before the first call: never used, and never found in memory. */
export const NO_CALLS: FastPath = {
  memory: new SharedMemory(new ArrayBuffer(8)),
  at: 0,
  freeTag: NO_TAG,
  admission: {
    status: 'admitted',
    record: { at: 0, incarnation: 0, parts: 0 },
    tag: NO_TAG,
    probe: undefined,
  },
  onValue: (value) => value,
  onError: (error) => {
    throw error;
  },
  onOther: (result) => result,
  results: 0,
  lastKnown: undefined,
};

export function fastPathUnder(circuit: LocalCircuit, admission: Admission, onOther: OnOther): FastPath {
  const isTimed = circuit.settings.slowCallDuration !== undefined;
  return {
    memory: circuit.memory,
    at: admission.record.at,
    freeTag: isTimed ? NO_TAG : admission.tag,
    admission,
    onValue: onValueUnder(circuit, admission),
    onError: (error) => threw(circuit, admission, error, undefined, NO_ARGUMENTS),
    onOther,
    results: 0,
    lastKnown: undefined,
  };
}

/** A reading of the clock where anybody will ask how long the call took. */
export function startTime(circuit: LocalCircuit): number | undefined {
  return circuit.settings.slowCallDuration === undefined ? undefined : circuit.panel.clock.now();
}

/** Settles a call that returned, and passes the value on. */
export function returned(
  circuit: LocalCircuit,
  admission: Admission,
  value: unknown,
  start: number | undefined,
): unknown {
  const { settings, panel } = circuit;
  const isTimed = start !== undefined || settings.window?.kind === 'duration';
  const end = isTimed ? panel.clock.now() : 0;
  const isSlow = start !== undefined && end - start > (settings.slowCallDuration ?? Infinity);
  if (isSlow || admission.probe !== undefined || settings.isFailure !== undefined) {
    circuit.succeeded(admission, value, isSlow);
  } else {
    circuit.totals.succeeded();
    settleSuccess(circuit.memory, admission.record, settings, admission.tag, isTimed ? panel.moment(end) : 0);
  }
  return value;
}

/** Settles a call that threw, and throws the error on. */
export function threw(
  circuit: LocalCircuit,
  admission: Admission,
  error: unknown,
  start: number | undefined,
  args: readonly unknown[],
): never {
  circuit.failed(admission, error, circuit.isSlow(start), args);
  throw error;
}

/** Only as much as the policy asks for: nearly every call comes through here. */
function onValueUnder(circuit: LocalCircuit, admission: Admission): (value: unknown) => unknown {
  const { settings, memory, panel, totals } = circuit;
  const { record, tag } = admission;
  const { at } = record;
  const { window, isFailure } = settings;
  if (isFailure !== undefined) return (value) => returned(circuit, admission, value, undefined);
  if (window !== undefined) {
    return (value) => {
      totals.succeeded();
      settleSuccess(memory, record, settings, tag, window.kind === 'duration' ? panel.now() : 0);
      return value;
    };
  }
  return (value) => {
    totals.succeeded();
    // No failure to forget, whatever the circuit is by now: nothing is written that other threads write.
    if (memory.peek(at + 1) !== 0) settleSuccess(memory, record, settings, tag, 0);
    return value;
  };
}

/** @returns true: from now on the function is known to return promises */
export function noteAsync(fastPath: FastPath, fn: AnyFunction): true {
  noteResult(fastPath, GAVE_PROMISES);
  return rememberPromise(fn);
}

/** Notes the kind of a result, once for each thread and admission. */
export function noteResult(fastPath: FastPath, kind: number): void {
  fastPath.results |= kind;
  noteResultKind(fastPath.memory, fastPath.admission.record, kind);
}
