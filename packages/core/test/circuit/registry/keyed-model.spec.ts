import { beforeEach, expect, it } from '@jest/globals';
import { circuits, isCircuitBreakerError, Panel, withCircuitBreaker } from '@switchgear/core';
import { ManualClock, replaceCircuits } from '@switchgear/core/testing';
import fc from 'fast-check';
import { heardWarnings } from '../../support/heard-warnings.js';
import { KeyedModel } from '../../support/keyed-model.js';

const RESET = 100;
const policy = { failureThreshold: 1, successThreshold: 1, resetTimeout: RESET } as const;
const modes = ['open', 'closed', 'auto'] as const;

type Step =
  | { readonly do: 'call'; readonly key: string; readonly fails: boolean }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'declare' | 'remove'; readonly key: string }
  | { readonly do: 'force'; readonly key: string; readonly mode: (typeof modes)[number] };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const just = <Name extends Step['do']>(name: Name) => fc.constant(name);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: just('call'), key, fails: fc.constant(false) }) },
  { weight: 8, arbitrary: fc.record({ do: just('call'), key, fails: fc.constant(true) }) },
  { weight: 6, arbitrary: fc.record({ do: just('advance'), ms: fc.integer({ min: 1, max: RESET }) }) },
  { weight: 2, arbitrary: fc.record({ do: just('remove'), key }) },
  { weight: 1, arbitrary: fc.record({ do: just('declare'), key }) },
  { weight: 2, arbitrary: fc.record({ do: just('force'), key, mode: fc.constantFrom(...modes) }) },
);

const plans = fc.record({
  max: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { maxLength: 60, size: 'max' }),
});

beforeEach(() => {
  heardWarnings();
});

/** The circuits of one function in a panel of their own, beside the model of them. */
class Both {
  readonly model: KeyedModel;
  readonly #clock = new ManualClock(1_000);
  readonly #panel = new Panel({ circuits: 32, memory: 2 ** 17, clock: this.#clock });
  readonly #restore: () => void = replaceCircuits(this.#panel);
  readonly #fn: (key: string, fails: boolean) => void;
  readonly #declared = new Set<string>();

  constructor(max: number) {
    this.model = new KeyedModel(max, RESET);
    this.#fn = withCircuitBreaker({ ...policy, maxCircuits: max, key: (name: string) => name })(
      (_: string, fails: boolean) => {
        if (fails) throw new Error('down');
      },
    );
  }

  get keys(): readonly string[] {
    return [...this.#panel.keys()].sort();
  }

  /** Circuits that refuse calls now. */
  get refusing(): readonly string[] {
    return this.keys.filter((name) => !circuits.get(name).explain().admits);
  }

  /** Circuits that only arguments have named. */
  get undeclared(): readonly string[] {
    return this.keys.filter((name) => !this.#declared.has(name));
  }

  /** Whether calls were let through, in the circuits and in the model. */
  take(next: Step): readonly (boolean | undefined)[] {
    switch (next.do) {
      case 'call':
        return [this.#call(next.key, next.fails), this.model.call(next.key, next.fails)];
      case 'advance':
        this.#clock.advance(next.ms);
        this.model.now += next.ms;
        break;
      case 'declare':
        circuits.get(next.key, policy, 'keyed-model.spec.ts');
        this.#declared.add(next.key);
        this.model.declare(next.key);
        break;
      case 'remove':
        if (circuits.remove(next.key)) this.#declared.delete(next.key);
        this.model.remove(next.key);
        break;
      case 'force':
        if (circuits.has(next.key)) circuits.force(next.key, next.mode);
        this.model.force(next.key, next.mode);
    }
    return [];
  }

  end(): void {
    for (const name of this.keys) {
      circuits.get(name).reset();
      circuits.remove(name);
    }
    this.#restore();
  }

  #call(name: string, fails: boolean): boolean {
    try {
      this.#fn(name, fails);
      return true;
    } catch (error) {
      return !isCircuitBreakerError(error);
    }
  }
}

function walk(max: number, steps: readonly Step[], check: (both: Both, next: Step) => void): void {
  const both = new Both(max);
  try {
    for (const next of steps) check(both, next);
  } finally {
    both.end();
  }
}

it('lets calls through, refuses them and makes room as the model does', () => {
  fc.assert(
    fc.property(plans, ({ max, steps }) =>
      walk(max, steps, (both, next) => {
        const [real, modelled] = both.take(next);
        expect({ call: real, keys: both.keys }).toEqual({ call: modelled, keys: both.model.keys });
      }),
    ),
    { numRuns: 300 },
  );
}, 30_000);

it('never has more circuits in the panel than there may be, but for those that are declared', () => {
  fc.assert(
    fc.property(plans, ({ max, steps }) =>
      walk(max, steps, (both, next) => {
        both.take(next);
        expect(both.undeclared.length).toBeLessThanOrEqual(max);
      }),
    ),
    { numRuns: 100 },
  );
}, 30_000);

it('never has a circuit make room that refuses', () => {
  fc.assert(
    fc.property(plans, ({ max, steps }) =>
      walk(max, steps, (both, next) => {
        const before = both.refusing;
        both.take(next);
        expect(both.keys).toEqual(expect.arrayContaining([...before]));
      }),
    ),
    { numRuns: 100 },
  );
}, 30_000);
