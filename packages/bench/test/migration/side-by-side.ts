import { CircuitBreaker, type CircuitBreakerPolicy, isCircuitBreakerError } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import fc from 'fast-check';

/** One call: how many ms after the one before, and how it ends if it is let through. */
export interface Step {
  readonly wait: number;
  readonly fails: boolean;
}

/** Runs a function under a circuit. */
export type Guard = (fn: () => Promise<string>) => Promise<string>;

/** The circuit of an old library. */
export interface OldCircuit {
  readonly guard: Guard;
  readonly isRefusal: (error: unknown) => boolean;
  /** Moves the time that the library reads. */
  readonly elapse: (ms: number) => void;
}

/** What both circuits did with a call, one word each. */
export interface Decisions {
  readonly old: string;
  readonly ours: string;
  readonly isClosed: boolean;
}

/** Waits of 500 ms are frequent, so that calls come in the very moment in which a circuit lets its probe through. */
export const anyStep = (longest: number): fc.Arbitrary<Step> =>
  fc.record({ wait: fc.oneof(fc.nat(longest), fc.constantFrom(0, 500)), fails: fc.boolean() });

/** Two circuits that go through the same calls at the same times. */
export class SideBySide {
  readonly #old: OldCircuit;
  readonly #clock = new ManualClock();
  readonly breaker: CircuitBreaker;

  constructor(old: OldCircuit, policy: CircuitBreakerPolicy) {
    this.#old = old;
    this.breaker = new CircuitBreaker(policy, { clock: this.#clock });
  }

  async call({ wait, fails }: Step): Promise<Decisions> {
    this.elapse(wait);
    const fn = async (): Promise<string> => {
      if (fails) throw new Error('down');
      return 'succeeded';
    };
    const old = await decision(this.#old.guard, fn, this.#old.isRefusal);
    const ours = await decision((call) => this.breaker.call(call), fn, isCircuitBreakerError);
    return { old, ours, isClosed: this.breaker.state === 'closed' };
  }

  /** Makes calls in turn, and returns what each side did with them. */
  async calls(steps: readonly Step[]): Promise<{ readonly old: string[]; readonly ours: string[] }> {
    const both = { old: [] as string[], ours: [] as string[] };
    for (const step of steps) {
      const { old, ours } = await this.call(step);
      both.old.push(old);
      both.ours.push(ours);
    }
    return both;
  }

  elapse(ms: number): void {
    this.#old.elapse(ms);
    this.#clock.advance(ms);
  }
}

async function decision(
  guard: Guard,
  fn: () => Promise<string>,
  isRefusal: (error: unknown) => boolean,
): Promise<string> {
  return guard(fn).catch((error: unknown) => (isRefusal(error) ? 'refused' : 'failed'));
}

export const failing = (count: number, wait = 0): Step[] =>
  Array.from({ length: count }, () => ({ wait, fails: true }));

export const succeeding = (count: number, wait = 0): Step[] =>
  Array.from({ length: count }, () => ({ wait, fails: false }));
