/** A length of time: a number of milliseconds, or a number with its unit, such as `'250ms'`, `'1.5h'` or `'2d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** Milliseconds in each unit, longest first: {@link formatDuration} writes units in this order. */
const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** The longest duration that policies take, in ms. */
export const YEAR_MS: number = 365 * unitMs.d;

const amountAndUnit = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Reads a duration as whole milliseconds, rounded to the nearest.
 *
 * Returns `undefined` for a value that is no {@link Duration}, for negative and non-finite numbers, and for more
 * milliseconds than a number counts exactly (2⁵³ − 1). Never throws.
 */
export function parseDuration(value: unknown): number | undefined {
  const ms = toMs(value);
  if (!(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER)) return undefined;
  return Math.abs(Math.round(ms)); // minus zero is zero
}

function toMs(value: unknown): number {
  if (typeof value === 'number') return value;
  const [, amount, unit] = amountAndUnit.exec(typeof value === 'string' ? value : '') ?? [];
  return Number(amount) * unitMs[unit as keyof typeof unitMs];
}

/** A duration of at least `from` ms is rounded to a multiple of `unit` ms, the first that fits. */
const ROUNDING = [
  { from: unitMs.d, unit: unitMs.h },
  { from: unitMs.h, unit: unitMs.m },
  { from: unitMs.m, unit: unitMs.s },
  { from: 10 * unitMs.s, unit: 100 },
  { from: unitMs.s, unit: 10 },
  { from: 0, unit: 1 },
];

/**
 * Writes milliseconds as a person would: `'250ms'`, `'1.5s'`, `'1m 30s'`, `'2h'`, `'3d 4h'`. Below a minute it writes up to three digits,
 * from a minute on the two largest units; the rest is rounded to the nearest, so that 59,999 ms are `'1m'`. Numbers that are no
 * duration are written as they are: `'NaN'`, `'-5'`, `'Infinity'`.
 */
export function formatDuration(ms: number): string {
  const exact = parseDuration(ms);
  if (exact === undefined) return String(ms);
  const rounded = round(exact);
  // Rounding may reach the next unit: 59,999 ms are a minute, and 23 h 59 min 59 s a day.
  const whole = round(rounded);
  if (whole < unitMs.s) return `${whole}ms`;
  if (whole < unitMs.m) return `${whole / unitMs.s}s`;
  let rest = whole;
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(unitMs)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(' ');
}

/** Writes a limit, which must not be rounded: as {@link formatDuration} does where that loses nothing, else in milliseconds. */
export function formatLimit(ms: number): string {
  return parseDuration(ms) === undefined || round(ms) === ms ? formatDuration(ms) : `${ms}ms`;
}

function round(ms: number): number {
  const unit = ROUNDING.find(({ from }) => ms >= from)?.unit ?? 1;
  return Math.round(ms / unit) * unit;
}
