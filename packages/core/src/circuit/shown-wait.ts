import { formatDuration } from '../time/duration.js';

/** A time in ms, rounded up to a unit that a person reads: nobody plans by 26.4317s, and who calls too early is refused again. */
export function shownWait(ms: number): string {
  if (!(ms > 0)) return '0ms';
  if (ms === Infinity) return 'an unknown time';
  // What formatDuration says, without its search: a refusal is hot.
  const seconds = Math.ceil(ms / 1_000);
  if (ms > 1_000 && seconds < 60) return `${seconds}s`;
  if (seconds >= 60 && seconds < 600)
    return `${Math.floor(seconds / 60)}m${seconds % 60 === 0 ? '' : ` ${seconds % 60}s`}`;
  const unit = ms < 1_000 ? 1 : ms < 600_000 ? 1_000 : ms < 36_000_000 ? 60_000 : 3_600_000;
  return formatDuration(Math.ceil(ms / unit) * unit);
}
