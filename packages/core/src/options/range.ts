/** A range in words; empty where there are no limits. */
export function describeRange(min?: number, max?: number, show: (limit: number) => string = String): string {
  if (min !== undefined && max !== undefined) return `from ${show(min)} to ${show(max)}`;
  if (min !== undefined) return `of at least ${show(min)}`;
  return max === undefined ? '' : `of at most ${show(max)}`;
}
