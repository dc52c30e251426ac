import { expect, it } from '@jest/globals';
import { explore, type Memory } from '@switchgear/core/testing';
import {
  available,
  beginRate,
  giveBackSlot,
  holdUntil,
  reserve,
  slotNow,
} from '../../src/rate-limit/gcra.js';

const rate = { interval: 100, burst: 1 };
const FAR = 1e9;

/** A thread that reserves one slot at a moment, and says when the slot is. */
const reserving = (memory: Memory): number => {
  const reservation = reserve(memory, 0, rate, 1_000, 1, FAR);
  return reservation.kind === 'reserved' ? reservation.slot.at : -1;
};

it('threads that reserve at one moment have slots one after the other, in every schedule with a death', () => {
  const { ends } = explore<number>({
    prepare: (memory) => beginRate(memory, 0),
    threads: [reserving, reserving, reserving],
    deaths: 1,
    check: ({ endings }) => {
      const slots = endings.flatMap((ending) => (ending.kind === 'returned' ? [ending.result] : []));
      const all = [...slots].sort((one, other) => one - other);
      expect(new Set(all).size).toBe(all.length);
      expect(all.every((slot) => slot % 100 === 0 && slot >= 1_000 && slot <= 1_200)).toBe(true);
      if (all.length === 3) expect(all).toEqual([1_000, 1_100, 1_200]);
    },
  });
  expect(ends).toBeGreaterThan(1);
});

it('a slot that is given back serves the next call, and no slot moves earlier', () => {
  const { ends } = explore<number>({
    prepare: (memory) => beginRate(memory, 0),
    threads: [
      (memory) => {
        const reservation = reserve(memory, 0, rate, 1_000, 1, FAR);
        if (reservation.kind === 'reserved') giveBackSlot(memory, 0, rate, reservation.slot);
        return 0;
      },
      reserving,
    ],
    check: ({ memory, endings: [, other] }) => {
      const slot = other.kind === 'returned' ? other.result : 0;
      const next = reserve(memory, 0, rate, 1_000, 1, FAR);
      expect(next.kind === 'reserved' && next.slot.at >= slot + 100).toBe(true);
      expect(available(memory, 0, rate, 1_000)).toBeGreaterThanOrEqual(-2);
    },
  });
  expect(ends).toBeGreaterThan(1);
});

it('no slot lies before the end of a hold, whenever it was reserved', () => {
  const { ends } = explore<number>({
    prepare: (memory) => beginRate(memory, 0),
    threads: [
      (memory) => {
        const reservation = reserve(memory, 0, rate, 1_000, 1, FAR);
        return reservation.kind === 'reserved' ? slotNow(memory, 0, reservation.slot) : -1;
      },
      (memory) => (holdUntil(memory, 0, rate, 1_000, 5_000) ? 1 : 0),
    ],
    deaths: 1,
    check: ({ memory, endings: [, holder] }) => {
      if (holder.kind !== 'returned') return;
      const next = reserve(memory, 0, rate, 1_000, 1, FAR);
      expect(next.kind === 'reserved' && next.slot.at >= 5_000).toBe(true);
    },
  });
  expect(ends).toBeGreaterThan(1);
});
