import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@switchgear/core/testing';
import { faultsOf } from './checker.js';
import { executorFor, runSchedule, type Subject } from './run-schedule.js';
import { type Schedule, scheduleOf } from './schedule.js';

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

/** The faults that are found in the runs of some seeds, with an executor in which one was planted. */
async function found(plant: (subject: Subject, schedule: Schedule) => Subject): Promise<readonly string[]> {
  const all: string[] = [];
  for (const seed of SEEDS) {
    const schedule = scheduleOf(seed, seededRandom(seed), false);
    const subject = plant(executorFor(schedule, 'inline'), schedule);
    all.push(...faultsOf(schedule, await runSchedule(schedule, subject)));
  }
  return all;
}

/** The executor with one method replaced. */
function replaced<K extends keyof Subject>(subject: Subject, name: K, method: Subject[K]): Subject {
  return new Proxy(subject, {
    get: (target, key) => {
      if (key === name) return method;
      const own = target[key as keyof Subject] as (...args: unknown[]) => unknown;
      return own.bind(target);
    },
  });
}

/** Calls a method of the executor with the arguments of another call. */
function called<T>(subject: Subject, name: keyof Subject, args: readonly unknown[]): Promise<T> {
  return Reflect.apply(subject[name], subject, args) as Promise<T>;
}

describe('the checker of random schedules', () => {
  it('finds nothing where nothing was planted', async () => {
    expect(await found((subject) => subject)).toEqual([]);
  });

  it('finds an executor that loses an item', async () => {
    const lossy = (subject: Subject): Subject =>
      replaced(subject, 'mapSettled', (async (...args: unknown[]) =>
        (await called<unknown[]>(subject, 'mapSettled', args)).slice(1)) as never);
    expect(await found(lossy)).toContainEqual(expect.stringMatching(/1 items are lost/));
  });

  it('finds an executor that swaps two results', async () => {
    const swapping = (subject: Subject): Subject =>
      replaced(subject, 'map', (async (...args: unknown[]) =>
        (await called<unknown[]>(subject, 'map', args)).reverse()) as never);
    expect(await found(swapping)).toContainEqual(expect.stringMatching(/came to .*, not to/));
  });

  it('finds an executor that runs items twice', async () => {
    const doubling = (subject: Subject): Subject =>
      replaced(subject, 'run', (async (...args: unknown[]) => {
        await called(subject, 'run', args);
        return called(subject, 'run', args);
      }) as never);
    expect(await found(doubling)).toContainEqual(expect.stringMatching(/ran 2 times, and no worker died/));
  });

  it('finds an executor that takes a failure for a success', async () => {
    const lenient = (subject: Subject): Subject =>
      replaced(subject, 'run', (async (...args: unknown[]) =>
        called(subject, 'run', args).catch(() => undefined)) as never);
    expect(await found(lenient)).toContainEqual(expect.stringMatching(/came to .*, not to \{"error"/));
  });
});
