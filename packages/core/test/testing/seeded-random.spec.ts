import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@switchgear/core/testing';

const first = (count: number, random: () => number) => Array.from({ length: count }, random);

describe('seededRandom', () => {
  it('gives the same numbers for the same seed', () => {
    expect(first(5, seededRandom(7))).toEqual(first(5, seededRandom(7)));
  });

  it('gives other numbers for another seed', () => {
    expect(first(5, seededRandom(7))).not.toEqual(first(5, seededRandom(8)));
  });

  it('spreads evenly over 0 to 1', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const value of first(100_000, seededRandom(1))) tenths[Math.floor(value * 10)] += 1;
    expect(Math.min(...tenths)).toBeGreaterThan(9_500);
    expect(Math.max(...tenths)).toBeLessThan(10_500);
  });
});
