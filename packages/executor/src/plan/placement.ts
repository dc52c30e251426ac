import type { Placement } from '../options/executor-options.js';
import { fixedPlan, type Plan } from './plan.js';

/** What decides where a job runs before anything is measured. */
export interface PlacementRequest {
  readonly placement: Placement | undefined;
  /** Where it runs if no option says so. */
  readonly defaultPlacement: 'auto' | 'workers';
  /** Whether the method computes for long. */
  readonly cpu: boolean | undefined;
  readonly workers: number;
  /** Whether this thread runs a test of Jest or Vitest. */
  readonly isTest: boolean;
}

/** The plan of a job whose place is given; undefined where items have to be measured first. */
export function givenPlan({
  placement,
  defaultPlacement,
  cpu,
  workers,
  isTest,
}: PlacementRequest): Plan | undefined {
  if (placement === 'inline') return fixedPlan('inline', 0, 'as the options say');
  if (placement === 'workers') return fixedPlan('workers', workers, 'as the options say');
  // In a worker the test runner's transforms and mocks would be missing.
  if (isTest) return fixedPlan('inline', 0, 'this is a test of Jest or Vitest');
  if (placement === undefined && defaultPlacement === 'workers') {
    return fixedPlan('workers', workers, 'a single call runs there');
  }
  return cpu === true
    ? fixedPlan('workers', workers, 'the method says that it computes for long')
    : undefined;
}

/** Whether this code runs in a test. Processes that a test starts inherit the variables, but have no matchers. */
export function runsInTest(): boolean {
  const { JEST_WORKER_ID, VITEST } = process.env;
  return (JEST_WORKER_ID ?? VITEST) !== undefined && Symbol.for('$$jest-matchers-object') in globalThis;
}
