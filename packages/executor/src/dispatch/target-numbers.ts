import type { Job } from '../job/job.js';
import { Instances } from '../target/instances.js';

/** The numbers under which workers know the instance and the target of a job. */
export interface JobNumbers {
  readonly instance: number;
  readonly target: number;
}

/** Numbers the targets of jobs: jobs with the same instance and method share one. */
export class TargetNumbers {
  readonly #instances = new Instances();
  readonly #targets = new Map<string, number>();
  // Not a WeakMap, whose entries cost the garbage collector much where there are many jobs.
  readonly #numbers = new Map<Job, JobNumbers>();

  of(job: Job): JobNumbers {
    let numbers = this.#numbers.get(job);
    if (numbers === undefined) {
      const { owner, constructorArgs, target } = job.options;
      const instance = this.#instances.numberOf(owner, constructorArgs);
      numbers = { instance, target: this.#targetOf(`${instance} ${target.kind} ${target.method}`) };
      this.#numbers.set(job, numbers);
    }
    return numbers;
  }

  /** A job has ended. */
  forget(job: Job): void {
    this.#numbers.delete(job);
  }

  #targetOf(key: string): number {
    const number = this.#targets.get(key) ?? this.#targets.size;
    this.#targets.set(key, number);
    return number;
  }
}
