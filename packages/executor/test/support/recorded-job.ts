import type { Outcome } from '@switchgear/core';
import { Job, type JobOptions } from '../../src/job/job.js';
import { sourceOf } from '../../src/job/source.js';
import { targetOf } from './target-of.js';

class Anything {
  method(item: unknown): unknown {
    return item;
  }
}

/** A job that records what its listener hears. */
export class RecordedJob {
  readonly job: Job;
  readonly outcomes = new Map<number, Outcome<unknown>>();
  /** What it ended with, each time it did. */
  readonly ends: ({ readonly thrown: unknown } | undefined)[] = [];

  constructor(items: Iterable<unknown>, options?: Partial<JobOptions>, credit?: number) {
    const jobOptions: JobOptions = {
      owner: Anything,
      target: targetOf(Anything, '/anything.mjs', 'method'),
      constructorArgs: [],
      source: sourceOf(items),
      isSpread: false,
      isFailFast: false,
      crashRetries: 1,
      grace: 1_000,
      chunk: undefined,
      transfer: undefined,
      ...options,
    };
    this.job = new Job(
      jobOptions,
      {
        succeeded: (first, values) =>
          values.forEach((value, i) => this.outcomes.set(first + i, { status: 'succeeded', value })),
        failed: (index, outcome) => this.outcomes.set(index, outcome),
        ended: (error) => this.ends.push(error),
      },
      credit,
    );
  }

  get values(): readonly unknown[] {
    return [...this.outcomes.values()].map((outcome) =>
      outcome.status === 'succeeded' ? outcome.value : outcome.status,
    );
  }

  errorOf(index: number): unknown {
    const outcome = this.outcomes.get(index);
    return outcome?.status === 'succeeded' ? undefined : outcome?.error;
  }
}
