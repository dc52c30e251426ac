import type { BeginBound } from '../call/bounded-stream.js';
import type { Frame } from '../call/frame.js';
import { deadlineOfCall } from '../call/running.js';
import { SteppedCall } from '../call/stepped-call.js';
import { DeadlineCall } from './deadline-call.js';
import type { DeadlineSettings } from './policy.js';

/** Gives a stream its time, from when its first item is asked for. */
export function deadlineBound(
  settings: DeadlineSettings,
  frame: Frame,
  args: readonly unknown[],
): BeginBound {
  return (expire) => {
    const call = new DeadlineCall(settings, frame, deadlineOfCall(args));
    call.fail = expire;
    if (!call.start()) expire(call.error());
    return { call: new SteppedCall(frame, args, call), until: 'end', stop: () => call.stop() };
  };
}
