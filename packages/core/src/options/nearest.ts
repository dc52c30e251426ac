// How far a misspelt word may be from the one that was meant; short words get less, or `key` would suggest `max`.
const MAX_DISTANCE = 2;

/**
 * The candidate that a word was probably meant to be, or undefined when none is near. Case, spaces, hyphens and
 * underscores do not count; otherwise at most two typing errors do (one in words of up to five letters): a letter too
 * many, missing, wrong, or two of them swapped.
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
    // Also keeps a field name of a million letters from costing anything.
    if (Math.abs(offered.length - wanted.length) >= bestDistance) continue;
    const distance = typingErrors(wanted, offered);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '');
}

/** Optimal string alignment distance: Levenshtein's, with swapped neighbours as one error. */
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
