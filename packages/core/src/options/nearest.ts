// The most typing errors between a word and its suggestion. Short words allow fewer: `key` must not suggest `max`.
const MAX_DISTANCE = 2;

/**
 * The candidate that a word was probably meant to be, or undefined if none is near.
 *
 * Case, spaces, hyphens and underscores do not count. Near means at most two typing errors, or one in words of up to
 * five letters. A typing error is a letter too many, missing or wrong, or two letters swapped.
 *
 * @example
 * nearest('failureTreshold', ['failureThreshold', 'resetTimeout']); // 'failureThreshold'
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = wanted.length <= 5 ? 2 : MAX_DISTANCE + 1;
  for (const candidate of candidates) {
    const offered = plain(candidate);
    // Keeps a field name of a million letters cheap as well.
    if (Math.abs(offered.length - wanted.length) >= bestDistance) continue;
    const distance = typingErrors(wanted, offered);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '');
}

/** Optimal string alignment distance: Levenshtein's distance, with a swap of two neighbours as one error. */
function typingErrors(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1]
      ) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[right.length] ?? 0;
}
