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
    [1_250, '1s 250ms'],
    [90_000, '1m 30s'],
    [7_200_000, '2h'],
    [90_061_001, '1d 1h 1m 1s 1ms'],
    [0.6, '1ms'],
  ])('writes %d ms as %j', (ms, written) => {
    expect(formatDuration(ms)).toBe(written);
  });

  it.each([NaN, Infinity, -5])('writes %d, which is no duration, as it is', (ms) => {
    expect(formatDuration(ms)).toBe(String(ms));
  });

  it('leaves nothing out: its parts add up to what it was given', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ms) => {
        const parts = formatDuration(ms).split(' ');
        expect(parts.reduce((sum, part) => sum + (parseDuration(part) ?? NaN), 0)).toBe(ms);
      }),
    );
  }, 30_000);
});
