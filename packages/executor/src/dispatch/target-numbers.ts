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
  readonly #numbers = new WeakMap<Job, JobNumbers>();

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

  #targetOf(key: string): number {
    const number = this.#targets.get(key) ?? this.#targets.size;
    this.#targets.set(key, number);
    return number;
  }
}
