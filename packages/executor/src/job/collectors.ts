import type { Outcome } from '@switchgear/core';
import { isExecutorClosedError } from '../errors.js';
import type { JobListener } from './job.js';
import { rememberFailure } from './map-failure.js';
import type { ProgressMeter } from './progress.js';

/** Collects the outcomes of a job into one result. */
export interface Collector extends JobListener {
  readonly result: Promise<unknown>;
}

type Settle = (error: { readonly thrown: unknown } | undefined) => void;

/**
 * All results in order, or the first failure.
 *
 * @param total how many results there will be; undefined if unknown. An array that grows out of order is slow
 */
export function resultsOf(total: number | undefined, meter: ProgressMeter): Collector {
  const values = arrayOf<unknown>(total);
  const { result, settle } = deferred(() => values);
  return {
    result,
    succeeded(first, some) {
      for (let i = 0; i < some.length; i++) values[first + i] = some[i];
      meter.count(some.length, false);
    },
    failed(index, outcome) {
      meter.count(1, true);
      const { error: thrown } = outcome as { readonly error: unknown };
      rememberFailure(thrown, { index, completed: completedOf(values) });
    },
    ended(error) {
      rememberClosing(error, values);
      settle(error);
    },
  };
}

/** All outcomes in order. */
export function outcomesOf(total: number | undefined, meter: ProgressMeter): Collector {
  const outcomes = arrayOf<Outcome<unknown>>(total);
  const { result, settle } = deferred(() => outcomes);
  return {
    result,
    succeeded(first, values) {
      for (let i = 0; i < values.length; i++) outcomes[first + i] = { status: 'succeeded', value: values[i] };
      meter.count(values.length, false);
    },
    failed(index, outcome) {
      outcomes[index] = outcome;
      meter.count(1, true);
    },
    ended(error) {
      rememberClosing(error, outcomes);
      settle(error);
    },
  };
}

/** Keeps what a job had by then that ends since the executor is closed. */
function rememberClosing(error: { readonly thrown: unknown } | undefined, values: readonly unknown[]): void {
  const thrown = error?.thrown;
  if (!isExecutorClosedError(thrown)) return;
  rememberFailure(thrown, { index: undefined, completed: completedOf(values) });
}

function completedOf(values: readonly unknown[]): ReadonlyMap<number, unknown> {
  const completed = new Map<number, unknown>();
  // `forEach` leaves out the holes: items without a result.
  values.forEach((value, at) => completed.set(at, value));
  return completed;
}

function arrayOf<T>(total: number | undefined): T[] {
  return total === undefined ? [] : new Array<T>(total);
}

function deferred(value: () => unknown): { readonly result: Promise<unknown>; readonly settle: Settle } {
  let settle: Settle = () => undefined;
  const result = new Promise<unknown>((resolve, reject) => {
    settle = (error) => {
      if (error === undefined) resolve(value());
      else reject(error.thrown);
    };
  });
  return { result, settle };
}
