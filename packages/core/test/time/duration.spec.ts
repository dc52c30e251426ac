import { describe, expect, it } from '@jest/globals';
import { formatDuration, parseDuration } from '@switchgear/core';
import fc from 'fast-check';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['0s', 0],
  ])('reads %j as %d ms', (written, ms) => {
    expect(parseDuration(written)).toBe(ms);
  });

  it('takes a number as milliseconds', () => {
    expect(parseDuration(1500)).toBe(1500);
  });

  it('reads minus zero as zero', () => {
    expect(parseDuration(-0)).toBe(0);
  });

  it('rounds to whole milliseconds', () => {
    expect([parseDuration(0.4), parseDuration('1.5ms'), parseDuration('0.0001s')]).toEqual([0, 2, 0]);
  });

  it.each([NaN, Infinity, -Infinity, -1, -0.2, 2 ** 53, '9007199254741s'])(
    'knows no duration of %p',
    (value) => {
      expect(parseDuration(value)).toBeUndefined();
    },
  );

  it.each([
    '',
    '30',
    '-30s',
    '30 s',
    ' 30s',
    '30S',
    '1e3s',
    '.5s',
    '1m 30s',
    '30s\n',
    '30w',
    's',
    'Infinitys',
  ])('knows no duration written as %j', (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });

  it('gives whole milliseconds or undefined, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const ms = parseDuration(value);
        expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
      }),
    );
  }, 30_000);
});

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [250, '250ms'],
    [999, '999ms'],
    [999.6, '1s'],
    [1_000, '1s'],
    [1_250, '1.25s'],
    [1_234, '1.23s'],
    [9_996, '10s'],
    [26_432, '26.4s'],
    [59_999, '1m'],
    [60_001, '1m'],
    [90_000, '1m 30s'],
    [3_599_999, '1h'],
    [7_200_000, '2h'],
    [5_430_000, '1h 31m'],
    [86_399_999, '1d'],
    [90_061_001, '1d 1h'],
    [365 * 86_400_000, '365d'],
    [0.6, '1ms'],
  ])('writes %d ms as %j', (ms, written) => {
    expect(formatDuration(ms)).toBe(written);
  });

  it.each([NaN, Infinity, -5])('writes %d, which is no duration, as it is', (ms) => {
    expect(formatDuration(ms)).toBe(String(ms));
  });

  /** Durations of every length, and those around the limits of units. */
  const anyDuration = fc.oneof(
    fc.nat(2 ** 31 - 1).map((n) => n * 1_000),
    fc.nat(90_000_000),
    fc.nat(70_000),
    fc
      .tuple(fc.constantFrom(1_000, 10_000, 60_000, 3_600_000, 86_400_000), fc.nat(40), fc.nat(2_000))
      .map(([unit, count, off]) => Math.max(0, unit * count + off - 1_000)),
  );
  const partsOf = (ms: number) => formatDuration(ms).split(' ');
  const sumOf = (parts: readonly string[]) =>
    parts.reduce((sum, part) => sum + (parseDuration(part) ?? NaN), 0);
  const always = (holds: (ms: number) => void) =>
    fc.assert(fc.property(anyDuration, holds), { numRuns: 2_000 });

  it('writes what is at most 3 in 100 away', () => {
    always((ms) => expect(Math.abs(sumOf(partsOf(ms)) - ms)).toBeLessThanOrEqual(ms * 0.03));
  }, 30_000);

  it('writes one unit, or two that follow each other', () => {
    always((ms) => {
      const units = partsOf(ms).map((part) => part.replace(/[\d.]/g, ''));
      expect(['ms', 's', 'm', 'm s', 'h', 'h m', 'd', 'd h']).toContain(units.join(' '));
    });
  }, 30_000);

  it('writes no more of a unit than its next larger one has', () => {
    const limits: Record<string, number> = { ms: 999, s: 59.9, m: 59, h: 23, d: Infinity };
    always((ms) => {
      for (const part of partsOf(ms)) {
        const [, amount, unit] = /^([\d.]+)(\D+)$/.exec(part) ?? [];
        expect(Number(amount)).toBeLessThanOrEqual(limits[unit]);
      }
    });
  }, 30_000);

  it('writes at most three digits below a minute', () => {
    fc.assert(
      fc.property(fc.nat(59_949), (ms) => {
        expect(formatDuration(ms).replace(/\D/g, '').length).toBeLessThanOrEqual(3);
      }),
    );
  }, 30_000);

  it('writes the same of what it wrote', () => {
    always((ms) => expect(formatDuration(sumOf(partsOf(ms)))).toBe(formatDuration(ms)));
  }, 30_000);

  it('never writes less of more', () => {
    fc.assert(
      fc.property(anyDuration, fc.nat(100_000), (ms, more) => {
        expect(sumOf(partsOf(ms + more))).toBeGreaterThanOrEqual(sumOf(partsOf(ms)));
      }),
    );
  }, 30_000);
});
