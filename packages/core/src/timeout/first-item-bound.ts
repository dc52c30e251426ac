import type { BeginBound } from '../call/bounded-stream.js';
import type { Frame } from '../call/frame.js';
import { SteppedCall } from '../call/stepped-call.js';
import type { TimerList } from '../time/timer-list.js';
import { TimedCall } from './timed-call.js';

/** Gives the first item of a stream its time, from when it is asked for. */
export function firstItemBound(
  frame: Frame,
  list: TimerList,
  timeout: number,
  args: readonly unknown[],
): BeginBound {
  return (expire) => {
    const call = new TimedCall(frame, timeout);
    call.fail = expire;
    list.start(call);
    return { call: new SteppedCall(call, args), until: 'first item', stop: () => list.stop(call) };
  };
}
