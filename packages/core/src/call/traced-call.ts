import { tryRead } from '../errors/try-read.js';
import { type CallMessage, channels } from './channels.js';
import { type Frame, TracedFrame } from './frame.js';
import type { AnyFunction } from './guarded-function.js';
import { type PolicyLayer, stackOf } from './policy-stack.js';
import { enter, lookForSubscribers, outerFrame, running } from './running.js';
import { traced } from './traced.js';

/**
 * Whether a call of a guarded function is to be published: somebody listens, and no policy further out has published it. To be asked
 * where `running.isWatched` is true.
 *
 * @param entered the guarded function, or what stands for it
 */
export function beginsTrace(entered: object): boolean {
  return lookForSubscribers() && outerFrame(entered) === undefined;
}

/** The frame around a call that is published, for the policy that has been entered by {@link tracedDirectCall}. */
export function traceAround(entered: object): Frame | undefined {
  return running.frame?.callee === entered ? running.frame : undefined;
}

/** Calls a guarded function, and publishes the call. */
export function tracedCall(guarded: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
  const message = messageOf(stackOf(guarded), guarded.name, self, args);
  const frame = new TracedFrame(running.idle, guarded, message);
  return traced(channels.call, message, () =>
    enter(frame, args, () => Reflect.apply(guarded, self, args) as unknown),
  );
}

/** A call of a function that a policy object calls itself, without a guarded function. */
export interface DirectCall {
  /** Stands for the guarded function: what `beginsTrace` is asked about. */
  readonly entered: object;
  readonly kind: string;
  readonly key: string;
  readonly fn: AnyFunction;
  readonly args: readonly unknown[];
  /** The frame of the guarded call that this one belongs to. */
  readonly outer: Frame | undefined;
  /** Makes the call. */
  readonly run: () => unknown;
  /** Finds the error in a result that tells of one. */
  readonly errorIn?: ((result: unknown) => { readonly error: unknown } | undefined) | undefined;
}

/** Makes such a call, and publishes it. */
export function tracedDirectCall(call: DirectCall): unknown {
  const { entered, kind, key, fn, args, outer, run, errorIn } = call;
  const layer = { kind, keyFor: () => key };
  const message = messageOf([layer, ...stackOf(fn)], fn.name, undefined, args);
  const frame = new TracedFrame(outer ?? running.idle, entered, message);
  return traced(channels.call, message, () => enter(frame, running.args, run), errorIn);
}

function messageOf(
  layers: readonly Pick<PolicyLayer, 'kind' | 'keyFor'>[],
  name: string,
  self: unknown,
  args: readonly unknown[],
): CallMessage {
  return { policy: layers[0]?.kind ?? '', key: keyOf(layers, self, args), name };
}

/** The name of the innermost circuit, else of the innermost policy that has one. */
function keyOf(
  layers: readonly Pick<PolicyLayer, 'kind' | 'keyFor'>[],
  self: unknown,
  args: readonly unknown[],
): string | undefined {
  let circuit: string | undefined;
  let other: string | undefined;
  for (const layer of layers) {
    // A key function that throws fails the call, and not its message.
    const key = tryRead(() => layer.keyFor(self, args));
    if (layer.kind === 'circuit-breaker') circuit = key ?? circuit;
    else other = key ?? other;
  }
  return circuit ?? other;
}
