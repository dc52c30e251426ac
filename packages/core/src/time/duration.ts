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

/**
 * Writes milliseconds for a person to read: `'250ms'`, `'1m 30s'`, `'2h'`. Rounds to whole milliseconds and omits units
 * that are zero. Numbers that are no duration are written as they are: `'NaN'`, `'-5'`, `'Infinity'`.
 */
export function formatDuration(ms: number): string {
  let rest = parseDuration(ms);
  if (rest === undefined) return String(ms);
  if (rest === 0) return '0ms';
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(unitMs)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(' ');
}
