/** A number that was measured many times: the median, and the quartiles to show the noise. */
export interface Figure {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function figureOf(samples: readonly number[]): Figure {
  const sorted = [...samples].sort((one, other) => one - other);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Compares each sample with the other's sample of the same round, which had the same noise. */
export function figureOfPairs(
  samples: readonly number[],
  others: readonly number[],
  compare: (sample: number, other: number) => number,
): Figure {
  return figureOf(samples.map((sample, round) => compare(sample, others[round])));
}

/** Interpolated, as in R's type 7. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at % 1);
}
