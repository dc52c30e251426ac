/**
 * A repeatable source of random numbers, each at least 0 and below 1, as those of `Math.random`: the same seed gives the
 * same numbers. For tests only, because the numbers are easy to predict.
 *
 * The generator is mulberry32 by Tommy Ettinger: 32 bits of state, a period of 2³².
 *
 * @param seed any integer; its low 32 bits are used
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
